"""Logging in and out with a browser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from reference_impl.domain.refusals import RefusalError
from reference_impl.views.binding import operation

if TYPE_CHECKING:
    from flask import Response

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.entities import User
    from reference_impl.gateway.call import Call
    from reference_impl.gateway.sessions import SessionAuthentication
    from reference_impl.oauth.passwords import Logins
    from reference_impl.storage.sessions import BrowserSession
    from reference_impl.views.representations import Answers


class SessionViews:
    """What a person's browser does with its session."""

    def __init__(self, logins: Logins, authentication: SessionAuthentication, answers: Answers, clock: Clock) -> None:
        self.logins = logins
        self.authentication = authentication
        self.sessions = authentication.sessions
        self.answers = answers
        self.clock = clock

    @operation("logIn")
    def log_in(self, call: Call) -> Response:
        user = self.logins.authenticate(call.body["username"], call.body["password"])
        if user is None:
            raise self.wrong(call.body["username"])
        response = self.answers.empty(201)
        identifier, session = self.sessions.log_in(call.request, response, user)
        response.set_data(self.answers.serialise(self.document(user, session, identifier)))
        response.headers["Content-Type"] = "application/json"
        response.headers["Location"] = self.answers.public_url + call.request.path
        response.headers["Cache-Control"] = "no-store"
        return response

    @operation("getSession")
    def show(self, call: Call) -> Response:
        user, session = self.authentication.current(call.request)
        return self.answers.json(self.document(user, session, self.sessions.identifier(call.request)))

    @operation("logOut")
    def log_out(self, call: Call) -> Response:
        response = self.answers.empty()
        self.sessions.log_out(call.request)
        self.sessions.cookie.clear(response)
        return response

    def wrong(self, _username: str) -> RefusalError:
        headers = self.authentication.challenges.headers()
        return RefusalError("unauthenticated", "The name or the password is wrong.", headers=headers)

    def document(self, user: User, session: BrowserSession, identifier: str) -> dict[str, Any]:
        return {
            "user": {"id": user.id, "username": user.username, "name": user.name},
            "scopes": sorted(self.authentication.scopes),
            "csrf_token": self.sessions.proof(identifier),
            "expires_at": self.clock.written(datetime.fromtimestamp(session.expires_at, UTC)),
        }
