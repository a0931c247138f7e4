"""Browsers: the cookie by which one is known, and the proof that a form is one of ours."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

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
        response.set_cookie(self.name, value, secure=True, httponly=True, samesite=self.same_site, path="/")

    def clear(self, response: Response) -> None:
        response.delete_cookie(self.name, secure=True, httponly=True, samesite=self.same_site, path="/")


class Browsers:
    """Who is logged in where; ids are made here at each login, and none is taken from outside."""

    def __init__(self, sessions: BrowserSessions, cookie: SessionCookie, secret: str) -> None:
        self.sessions = sessions
        self.cookie = cookie
        self.secret = secret

    def session(self, request: Request) -> BrowserSession | None:
        return self.sessions.find(digest(self.identifier(request)))

    def identifier(self, request: Request) -> str:
        """The id that the browser has, whether anybody is logged in or not."""
        return self.cookie.read(request)

    def new(self) -> str:
        return random_base62(43)

    def log_in(self, request: Request, response: Response, user: User) -> str:
        """The new id of the browser; the former one is worth nothing."""
        self.log_out(request)
        identifier = self.renewed(request)
        self.sessions.begin(digest(identifier), user.id)
        self.cookie.set(response, identifier)
        return identifier

    def renewed(self, _request: Request) -> str:
        return self.new()

    def log_out(self, request: Request) -> None:
        self.sessions.end(digest(self.identifier(request)))

    def proof(self, identifier: str) -> str:
        """What a form or request must bring to show that a page of ours made it in this very browser."""
        return hmac.new(self.secret.encode(), identifier.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def is_proof(self, identifier: str, given: str) -> bool:
        return bool(identifier) and hmac.compare_digest(
            self.proof(identifier).encode(), given.encode("utf-8", "replace")
        )
