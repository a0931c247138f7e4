"""Who asks from a browser: the session of its cookie, and the proof that no other site made the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_impl.domain.entities import Principal
from reference_impl.domain.refusals import RefusalError

if TYPE_CHECKING:
    from flask import Request

    from reference_impl.contract import Operation
    from reference_impl.domain.entities import User
    from reference_impl.oauth.browsers import WebSessions
    from reference_impl.storage.sessions import BrowserSession
    from reference_impl.storage.users import UserRows


class SessionChallenges:
    """The WWW-Authenticate field for browsers (draft-broyer-http-cookie-auth)."""

    def __init__(self, cookie: str, login: str) -> None:
        self.cookie = cookie
        self.login = login

    def missing(self) -> RefusalError:
        return RefusalError("unauthenticated", "Nobody is logged in.", headers=self.headers())

    def forged(self, reason: str) -> RefusalError:
        return RefusalError("forged-request", reason, headers=self.headers())

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": f'Cookie realm="links", form-action="{self.login}", cookie-name="{self.cookie}"'}


class ForgeryDefence:
    """Refuses what another site may have made a browser send."""

    def __init__(self, sessions: WebSessions, field: str, origin: str, challenges: SessionChallenges) -> None:
        self.sessions = sessions
        self.field = field
        self.origin = origin
        self.challenges = challenges

    def check(self, request: Request, operation: Operation) -> None:
        if not self.guards(request, operation):
            return
        if not self.is_ours(request.headers.get("Origin", self.origin)):
            raise self.challenges.forged("Origin is that of another site.")
        if not self.is_proven(request):
            raise self.challenges.forged(f"{self.field} is not that of the session.")

    def guards(self, _request: Request, operation: Operation) -> bool:
        return operation.asks_for_proof

    def is_ours(self, origin: str) -> bool:
        return origin == self.origin

    def is_proven(self, request: Request) -> bool:
        return self.sessions.is_proof(self.sessions.identifier(request), request.headers.get(self.field, ""))


class SessionAuthentication:
    """Turns the session of a request into the principal it speaks for."""

    def __init__(
        self,
        sessions: WebSessions,
        users: UserRows,
        defence: ForgeryDefence,
        challenges: SessionChallenges,
        issuer: str,
        scopes: frozenset[str],
    ) -> None:
        self.sessions = sessions
        self.users = users
        self.defence = defence
        self.challenges = challenges
        self.issuer = issuer
        self.scopes = scopes

    def applies(self, request: Request, operation: Operation) -> bool:
        """Whether the cookie is to be looked at: where it is taken, and no Authorization field overrules it."""
        return operation.takes_session and not (operation.takes_token and self.brings_other(request))

    def brings_other(self, request: Request) -> bool:
        return "Authorization" in request.headers or not self.sessions.identifier(request)

    def authenticate(self, request: Request, operation: Operation) -> Principal:
        user, _ = self.current(request)
        self.defence.check(request, operation)
        return self.principal(user)

    def current(self, request: Request) -> tuple[User, BrowserSession]:
        """Who is logged in, and since when; raises the refusal if nobody is."""
        session = self.sessions.session(request)
        user = self.users.find(session.user_id) if session else None
        if session is None or user is None:
            raise self.challenges.missing()
        return user, session

    def principal(self, user: User) -> Principal:
        """The same one as that of the access tokens which the user grants."""
        return Principal(issuer=self.issuer, subject=user.id, scopes=self.scopes, roles=user.roles, tenant=user.tenant)
