"""A browser without scripts: keeps cookies, follows redirects within the target, and stops where they leave it."""

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

PROOFS = ("token", "csrf", "xsrf", "nonce")  # in the names of fields that are worth as much as a cookie
REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(kw_only=True)
class Browser:
    """One person's browser; `trail` holds all answers since it was opened."""

    client: Client
    redaction: Redaction
    identity: str
    cookies: dict[tuple[str, str], str] = field(default_factory=dict)  # (name, path) → value
    trail: list[Reply] = field(default_factory=list)

    def open(self, url: str) -> Reply:
        """The answer to a GET of a path or URL of the target."""
        return self._sent(Request(method="GET", path=self._path(url)))

    def submit(self, page: Reply, form: Form, pairs: list[tuple[str, str]]) -> Reply:
        """The answer to a form of the page, with what was filled in."""
        for name, value in pairs:
            if any(word in name.lower() for word in PROOFS):
                self.redaction.learn(value)
        path = self._path(urljoin(page.url, form.action or page.url))
        if form.method == "GET":
            return self._sent(Request(method="GET", path=f"{path.partition('?')[0]}?{urlencode(pairs)}"))
        request = Request(method="POST", path=path).with_header("Origin", self.client.url)
        return self._sent(request.with_body(urlencode(pairs).encode(), FORM))

    def elsewhere(self, reply: Reply) -> str:
        """Where the answer sends the browser, if that is not on the target; empty if it stays."""
        location = self.location(reply)
        return "" if self._is_here(location) else location

    def location(self, reply: Reply) -> str:
        """Where the answer sends the browser; empty if nowhere."""
        raw = reply.header("Location") if reply.status in REDIRECTS else ""
        return urljoin(reply.url, raw) if raw else ""

    def _is_here(self, url: str) -> bool:
        parts = urlsplit(url)
        return not parts.scheme or f"{parts.scheme}://{parts.netloc}" == self.client.url

    def _path(self, url: str) -> str:
        parts = urlsplit(url)
        path = parts.path.removeprefix(self.client.prefix) or "/"
        return f"{path}?{parts.query}" if parts.query else path

    def _sent(self, request: Request) -> Reply:
        path = self.client.prefix + urlsplit(request.path).path
        cookies = [f"{name}={value}" for (name, scope), value in self.cookies.items() if path.startswith(scope)]
        bearing = request.with_header("Cookie", "; ".join(cookies)) if cookies else request
        reply = self.client.send(bearing.with_header("Accept", "text/html"), identity=self.identity, label="browser")
        self._keep(reply)
        self.trail.append(reply)
        return reply

    def _keep(self, reply: Reply) -> None:
        for name, value in reply.headers:
            if name.lower() == "set-cookie":
                self._keep_cookie(value)
        for name, value in parse_qsl(urlsplit(reply.header("Location")).query):
            if name == "code":
                self.redaction.learn(value)

    def _keep_cookie(self, text: str) -> None:
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
