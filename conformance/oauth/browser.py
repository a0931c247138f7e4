"""A browser without scripts: it keeps cookies and sends forms; redirects are followed by whoever uses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from conformance.http.messages import FORM, Request

if TYPE_CHECKING:
    from conformance.http.client import Client
    from conformance.http.messages import Reply
    from conformance.http.redaction import Redaction
    from conformance.oauth.html_forms import Form

TOKEN_FIELDS = ("token", "csrf", "xsrf", "nonce")  # parts of names of form fields whose values are secret
REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(kw_only=True)
class Browser:
    """The browser of one user; `history` holds all replies since it was opened."""

    client: Client
    redaction: Redaction
    identity: str
    cookies: dict[tuple[str, str], str] = field(default_factory=dict)  # (name, path) → value
    history: list[Reply] = field(default_factory=list)

    def open(self, url: str) -> Reply:
        """The reply to a GET of a path or URL of the target."""
        return self._send(Request(method="GET", path=self._path(url)))

    def submit(self, page: Reply, form: Form, pairs: list[tuple[str, str]]) -> Reply:
        """The reply to a form of the page, sent with these names and values."""
        for name, value in pairs:
            if any(word in name.lower() for word in TOKEN_FIELDS):
                self.redaction.learn(value)
        path = self._path(urljoin(page.url, form.action or page.url))
        if form.method == "GET":
            return self._send(Request(method="GET", path=f"{path.partition('?')[0]}?{urlencode(pairs)}"))
        request = Request(method="POST", path=path).with_header("Origin", self.client.url)
        return self._send(request.with_body(urlencode(pairs).encode(), FORM))

    def external_location(self, reply: Reply) -> str:
        """The URL of a redirect to another origin; empty for any other reply."""
        location = self.redirect_location(reply)
        return "" if self._is_same_origin(location) else location

    def redirect_location(self, reply: Reply) -> str:
        """The URL of a redirect; empty for any other reply."""
        raw = reply.header("Location") if reply.status in REDIRECTS else ""
        return urljoin(reply.url, raw) if raw else ""

    def _is_same_origin(self, url: str) -> bool:
        parts = urlsplit(url)
        return not parts.scheme or f"{parts.scheme}://{parts.netloc}" == self.client.url

    def _path(self, url: str) -> str:
        parts = urlsplit(url)
        path = parts.path.removeprefix(self.client.prefix) or "/"
        return f"{path}?{parts.query}" if parts.query else path

    def _send(self, request: Request) -> Reply:
        path = self.client.prefix + urlsplit(request.path).path
        cookies = [f"{name}={value}" for (name, scope), value in self.cookies.items() if path.startswith(scope)]
        request = request.with_header("Cookie", "; ".join(cookies)) if cookies else request
        reply = self.client.send(request.with_header("Accept", "text/html"), identity=self.identity, label="browser")
        self._store(reply)
        self.history.append(reply)
        return reply

    def _store(self, reply: Reply) -> None:
        for name, value in reply.headers:
            if name.lower() == "set-cookie":
                self._store_cookie(value)
        for name, value in parse_qsl(urlsplit(reply.header("Location")).query):
            if name == "code":
                self.redaction.learn(value)

    def _store_cookie(self, text: str) -> None:
        try:
            parsed = SimpleCookie(text)
        except CookieError:
            return
        for name, cookie in parsed.items():
            key = (name, cookie["path"] or "/")
            if cookie["max-age"] == "0" or "1970" in cookie["expires"]:
                self.cookies.pop(key, None)
            else:
                self.cookies[key] = cookie.coded_value
                self.redaction.learn(cookie.coded_value)
