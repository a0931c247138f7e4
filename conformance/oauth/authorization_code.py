"""The authorization code flow as a client runs it, rightly and wrongly (RFC 6749 section 4.1, RFC 7636)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlencode

from conformance.errors import BlockedError, UntestableError
from conformance.http.messages import Request
from conformance.identity.compact_jwt import base64url
from conformance.oauth.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.http.client import Client
    from conformance.http.messages import Reply
    from conformance.http.redaction import Redaction
    from conformance.oauth.authorization_server import AuthorizationServer
    from conformance.oauth.login_pages import Destination, ResourceOwner

REDACTED = ("access_token", "refresh_token", "id_token")


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A client of the authorization server; a public one has no secret."""

    id: str
    secret: str = ""

    def authenticated(self, request: Request, form: Mapping[str, str], *, secret: str | None = None) -> Request:
        """The request with the form, and with the client's own way to say who it is."""
        used = self.secret if secret is None else secret
        if not used:
            return request.with_form({**form, "client_id": self.id})
        return request.with_form(form).with_basic_auth(quote_plus(self.id), quote_plus(used))


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code that nobody has redeemed, and what its redemption needs; no verifier where there was no challenge."""

    value: str
    redirect_uri: str
    verifier: str


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What a code was redeemed for."""

    reply: Reply
    code: Code

    @property
    def access(self) -> str:
        return str(self.reply.member("access_token"))

    @property
    def refresh(self) -> str:
        """Raises UntestableError if there is none."""
        found = self.reply.member("refresh_token")
        if not isinstance(found, str):
            raise UntestableError(
                "needs a refresh token, and the token endpoint gave none. Add the scope that asks for one (often "
                "offline_access) to the scopes of the identity.",
            )
        return found

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(str(self.reply.member("scope") or "").split())

    @property
    def id_token(self) -> str:
        return str(self.reply.member("id_token") or "")


@dataclass(frozen=True, kw_only=True)
class AuthorizationCodeFlow:
    """One client, one person, and the authorization server."""

    name: str
    client: Client
    authorization_server: AuthorizationServer
    redaction: Redaction
    registered: Registered
    redirect_uri: str
    person: ResourceOwner
    scopes: frozenset[str]
    label: str = "attempt"  # of what it sends itself

    def browser(self) -> Browser:
        """A browser in which nobody is logged in."""
        return Browser(client=self.client, redaction=self.redaction, identity=self.name)

    def wish(self, verifier: str = "", *without: str, **changes: str) -> dict[str, str]:
        """The parameters of a sound authorization request with these changes, and without some."""
        parameters = {
            "response_type": "code",
            "client_id": self.registered.id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(sorted(self.scopes)),
            "state": secrets.token_urlsafe(12),
            "prompt": "consent",
            "code_challenge": challenge(verifier or new_verifier()),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in parameters.items() if name not in without}

    def visit(self, wish: Mapping[str, str], *, consents: bool = True, browser: Browser | None = None) -> Destination:
        """Where a browser ends that is sent to the authorization endpoint with this wish."""
        path = f"{self.authorization_server.path('authorization_endpoint')}?{urlencode(wish)}"
        return self.person.visit(browser or self.browser(), path, consents=consents)

    def code(self, *without: str, **changes: str) -> Code:
        """A fresh code. Raises BlockedError if the flow gives none."""
        verifier = new_verifier()
        wish = self.wish(verifier, *without, **changes)
        landing = self.visit(wish)
        value = landing.parameters.get("code")
        if value is None:
            raise BlockedError(
                f"the authorization endpoint gave {self.name} no code: {landing!r}. Check client-id, redirect-uri, "
                f"username, password and scopes of [identities.{self.name}], and approve, if its pages are unusual.",
                blame="configuration",
            )
        return Code(
            value=value, redirect_uri=wish["redirect_uri"], verifier=verifier if "code_challenge" in wish else ""
        )

    def redeem(self, code: Code, *without: str, by: Registered | None = None, **changes: str) -> Reply:
        """The reply of the token endpoint to the code, with these changes."""
        form = {
            "grant_type": "authorization_code",
            "code": code.value,
            "redirect_uri": code.redirect_uri,
            "code_verifier": code.verifier,
            **changes,
        }
        if not code.verifier:
            without = (*without, "code_verifier")
        sent = {name: value for name, value in form.items() if name not in without}
        return self.ask("token_endpoint", sent, by=by)

    def granted(self, *without: str, **changes: str) -> Tokens:
        """The tokens of a fresh grant. Raises BlockedError if there are none."""
        code = self.code(*without, **changes)
        reply = self.redeem(code)
        if not isinstance(reply.member("access_token"), str):
            raise BlockedError(f"the token endpoint gave {self.name} no token for a fresh code: {reply!r}.")
        return Tokens(reply=reply, code=code)

    def refresh(self, token: str, *, by: Registered | None = None, **changes: str) -> Reply:
        return self.ask("token_endpoint", {"grant_type": "refresh_token", "refresh_token": token, **changes}, by=by)

    def revoke(self, token: str, *, by: Registered | None = None, **changes: str) -> Reply:
        return self.ask("revocation_endpoint", {"token": token, **changes}, by=by)

    def introspect(self, token: str, *, by: Registered | None = None) -> Reply:
        return self.ask("introspection_endpoint", {"token": token}, by=by)

    def ask(self, endpoint: str, form: Mapping[str, str], *, by: Registered | None = None) -> Reply:
        """The reply of an endpoint to a form that the client, or another one, sends."""
        return self.sent((by or self.registered).authenticated(self.blank(endpoint), form))

    def blank(self, endpoint: str) -> Request:
        """A form to an endpoint, still empty and without client authentication."""
        headers = (("Accept", "application/json"),)
        return Request(method="POST", path=self.authorization_server.path(endpoint), headers=headers)

    def sent(self, request: Request) -> Reply:
        reply = self.client.send(request, identity=self.name, label=self.label)
        for name in REDACTED:
            self.redaction.learn(str(reply.member(name) or ""))
        return reply

    def userinfo(self, token: str | None) -> Reply:
        """The reply of the userinfo endpoint to an access token, or to none."""
        request = Request(method="GET", path=self.authorization_server.path("userinfo_endpoint"))
        request = request if token is None else request.with_bearer_token(token)
        return self.client.send(request, identity=self.name)


@dataclass(kw_only=True)
class Refreshing:
    """Uses the newest refresh token of a grant, whenever it is called."""

    flow: AuthorizationCodeFlow
    newest: str

    def __call__(self) -> Reply:
        reply = self.flow.refresh(self.newest)
        self.newest = str(reply.member("refresh_token") or self.newest)
        return reply


def new_verifier() -> str:
    return secrets.token_urlsafe(36)


def challenge(verifier: str) -> str:
    """BASE64URL(SHA-256(verifier)), RFC 7636 section 4.2."""
    return base64url(hashlib.sha256(verifier.encode()).digest())
