"""Browsers: the cookie by which one is known, and the proof that a form is one of ours."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from reference_impl.domain.ids import random_base62
from reference_impl.oauth.clients import digest

if TYPE_CHECKING:
    from flask import Request, Response

    from reference_impl.domain.entities import User
    from reference_impl.storage.sessions import BrowserSession, BrowserSessions


class SessionCookie:
    """A cookie that only this host sees and no script (rfc6265bis section 4.1.3.2)."""

    def __init__(self, name: str, same_site: str) -> None:
        self.name = name
        self.same_site = same_site

    def read(self, request: Request) -> str:
        return request.cookies.get(self.name, "")

    def set(self, response: Response, value: str) -> None:
        response.set_cookie(self.name, value, **self.attributes())

    def clear(self, response: Response) -> None:
        response.delete_cookie(self.name, **self.attributes())

    def attributes(self) -> dict[str, Any]:
        return {"secure": True, "httponly": True, "samesite": self.same_site, "path": "/"}


class Browsers:
    """Who is logged in where; ids are made here at each login, and none is taken from outside."""

    def __init__(self, sessions: BrowserSessions, cookie: SessionCookie, secret: str) -> None:
        self.sessions = sessions
        self.cookie = cookie
        self.secret = secret

    def session(self, request: Request) -> BrowserSession | None:
        return self.sessions.find(self.key(self.identifier(request)))

    def identifier(self, request: Request) -> str:
        """The id that the browser has, whether anybody is logged in or not."""
        return self.cookie.read(request)

    def new(self) -> str:
        return random_base62(43)

    def log_in(self, request: Request, response: Response, user: User) -> tuple[str, BrowserSession]:
        """The new id of the browser, and its session; the former one is worth nothing."""
        self.log_out(request)
        identifier = self.renewed(request)
        session = self.sessions.begin(self.key(identifier), user.id)
        self.cookie.set(response, identifier)
        return identifier, session

    def renewed(self, _request: Request) -> str:
        return self.new()

    def log_out(self, request: Request) -> None:
        self.sessions.end(self.key(self.identifier(request)))

    def key(self, identifier: str) -> str:
        """Under which the session is stored."""
        return digest(identifier)

    def proof(self, identifier: str) -> str:
        """What a form or request must bring to show that a page of ours made it in this very browser."""
        return hmac.new(self.secret.encode(), identifier.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def is_proof(self, identifier: str, given: str) -> bool:
        return bool(identifier) and hmac.compare_digest(
            self.proof(identifier).encode(), given.encode("utf-8", "replace")
        )


class WebSessions(Browsers):
    """The sessions of our own web application, whose cookie and proof the contract names."""
