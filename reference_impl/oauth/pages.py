"""The pages that a person sees: login, consent, and what went wrong."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Response
from jinja2 import Environment, PackageLoader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reference_impl.domain.entities import User
    from reference_impl.oauth.browsers import SessionCookie

Proof = tuple[str, str]


class Pages:
    """Renders pages; what is written on them is escaped, and nothing is loaded from elsewhere."""

    def __init__(self, cookie: SessionCookie, scopes: Mapping[str, str]) -> None:
        self.cookie = cookie
        self.scopes = scopes  # with their descriptions
        self._templates = Environment(loader=PackageLoader("reference_impl.oauth"), autoescape=True)
        self._style = self._templates.get_template("style.css").render()

    def login(self, proof: Proof, here: str, client: str, redirect_uri: str, *, wrong: bool = False) -> Response:
        page = self.page(
            "login.html", 400 if wrong else 200, redirect_uri, here=here, client=client, wrong=wrong, proof=proof
        )
        self.cookie.set(page, proof[0])
        return page

    def consent(
        self, proof: Proof, here: str, client: str, redirect_uri: str, user: User | None, scopes: Sequence[str]
    ) -> Response:
        wanted = [self.scopes.get(scope, scope) for scope in scopes]
        return self.page(
            "consent.html", 200, redirect_uri, here=here, client=client, user=user, wanted=wanted, proof=proof
        )

    def error(self, told: str) -> Response:
        return self.page("error.html", 400, told=told)

    def too_many(self, seconds: str) -> Response:
        page = self.page("error.html", 429, told=f"Too many failed attempts. Wait for {seconds} seconds.")
        page.headers["Retry-After"] = seconds
        return page

    def page(self, name: str, status: int, redirect_uri: str = "", **known: Any) -> Response:
        text = self._templates.get_template(name).render(style=self._style, **known)
        page = Response(text, status, mimetype="text/html")
        page.headers["Content-Security-Policy"] = self.policy(redirect_uri)
        page.headers.update(self.framing())
        page.headers["Referrer-Policy"] = "no-referrer"
        page.headers["Cache-Control"] = "no-store"
        return page

    def framing(self) -> Mapping[str, str]:
        """For browsers that do not know frame-ancestors."""
        return {"X-Frame-Options": "DENY"}

    def policy(self, redirect_uri: str) -> str:
        """Browsers hold a redirect after a form to form-action too, so that the client's origin is in it."""
        style = base64.b64encode(hashlib.sha256(self._style.encode()).digest()).decode()
        parts = urlsplit(redirect_uri)
        origin = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
        return (
            f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'{origin}; base-uri 'none'; "
            f"{self.ancestors()}"
        )

    def ancestors(self) -> str:
        return "frame-ancestors 'none'"
