"""A browser without JavaScript: HTML forms, cookies and redirects."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)  # name and value; a nameless one sends nothing
    kinds: dict[str, str] = field(default_factory=dict)  # name -> type of an input


class Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.scripts = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value, kind = given.get("name", ""), given.get("value", ""), given.get("type", "")
        self.scripts += tag == "script"
        if tag == "form":
            assert given.get("method", "").lower() == "post", "a form of this page is not sent by POST"
            self.forms.append(Form(given.get("action", "")))
        elif self.forms and ((tag == "button" and kind in {"", "submit"}) or (tag == "input" and kind == "submit")):
            self.forms[-1].buttons.append((name, value))
        elif self.forms and tag == "input" and name:
            self.forms[-1].fields[name] = value
            self.forms[-1].kinds[name] = kind or "text"


class Browser:
    """The browser of one user; redirects are followed as long as they lead to the provider."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.session = requests.Session()
        self.session.trust_env = False

    def open(self, url: str) -> requests.Response:
        return self._follow(self.session.get(url, allow_redirects=False, timeout=10))

    def send(self, page: requests.Response, form: Form, **answers: str) -> requests.Response:
        url = urljoin(page.url, form.action)
        return self._follow(self.session.post(url, {**form.fields, **answers}, allow_redirects=False, timeout=10))

    def _follow(self, reply: requests.Response) -> requests.Response:
        for _ in range(10):
            target = urljoin(reply.url, reply.headers.get("Location", ""))
            if reply.status_code not in REDIRECTS or not target.startswith(f"{self.origin}/"):
                return reply
            reply = self.session.get(target, allow_redirects=False, timeout=10)
        raise AssertionError(f"more than ten redirects, the last to {reply.url}")


def only_form(page: requests.Response) -> Form:
    """The form of a page. A page without exactly one fails the test with what it says."""
    reader = Reader(page.text)
    assert page.headers.get("Content-Type", "").startswith("text/html"), description(page)
    assert len(reader.forms) == 1, description(page)
    assert reader.scripts == 0, f"the page at {page.url} has scripts"
    return reader.forms[0]


def description(reply: requests.Response) -> str:
    return f"{reply.request.method} {reply.url} → {reply.status_code} {reply.headers.get('Location', '')} {reply.text}"
