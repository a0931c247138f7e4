"""The authorization code flow of a client, with valid and invalid requests (RFC 6749, section 4.1; RFC 7636)."""

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

Names = tuple[str, ...]
CHALLENGE = ("code_challenge", "code_challenge_method")  # the parameters of PKCE (RFC 7636, section 4.3)
REDACTED = ("access_token", "refresh_token", "id_token")


@dataclass(frozen=True, kw_only=True)
class RegisteredClient:
    """A client registered at the authorization server; a public client has no secret (RFC 6749, section 2.1).

    Without an id it does not show itself, as some servers have it where a person's password is sent.
    """

    id: str
    secret: str = ""

    def authenticated(self, request: Request, form: Mapping[str, str], *, secret: str | None = None) -> Request:
        """The request with the form and the client's authentication: Basic, or the client id alone without a secret."""
        secret = self.secret if secret is None else secret
        if not self.id:
            return request.with_form(form)
        if not secret:
            return request.with_form({**form, "client_id": self.id})
        return request.with_form(form).with_basic_auth(quote_plus(self.id), quote_plus(secret))


@dataclass(frozen=True, kw_only=True)
class AuthorizationCode:
    """An authorization code and what its redemption needs; `verifier` is empty where no challenge was sent."""

    value: str
    redirect_uri: str
    verifier: str


@dataclass(frozen=True, kw_only=True)
class TokenResponse:
    """The token response to a redeemed code (RFC 6749, section 5.1)."""

    reply: Reply
    code: AuthorizationCode

    @property
    def access_token(self) -> str:
        return str(self.reply.member("access_token"))

    @property
    def refresh_token(self) -> str:
        """The refresh token. Raises UntestableError if there is none."""
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
    """Authorization code flows of one client and one resource owner at the authorization server.

    `scopes` are requested by default; requests are recorded under `label`.
    """

    name: str
    client: Client
    authorization_server: AuthorizationServer
    redaction: Redaction
    registered_client: RegisteredClient
    redirect_uri: str
    resource_owner: ResourceOwner
    scopes: frozenset[str]
    other_redirect_uri: str = ""  # registered for the client beside the one that is named by default
    label: str = "attempt"

    def browser(self) -> Browser:
        """A new browser, in which nobody is logged in."""
        return Browser(client=self.client, redaction=self.redaction, identity=self.name)

    def parameters(self, *, verifier: str = "", without: Names = (), **changes: str) -> dict[str, str]:
        """The parameters of a valid authorization request, with these changes and without those named.

        The code challenge is that of the verifier, or of a new one.
        """
        parameters = {
            "response_type": "code",
            "client_id": self.registered_client.id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(sorted(self.scopes)),
            "state": secrets.token_urlsafe(12),
            "prompt": "consent",
            "code_challenge": code_challenge(verifier or new_code_verifier()),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in parameters.items() if name not in without}

    def authorize(
        self, parameters: Mapping[str, str], *, approves: bool = True, browser: Browser | None = None
    ) -> Destination:
        """Where a browser ends that the client sends to the authorization endpoint with these parameters."""
        path = f"{self.authorization_server.path('authorization_endpoint')}?{urlencode(parameters)}"
        return self.resource_owner.visit(browser or self.browser(), path, approves=approves)

    def code(self, *, without: Names = (), **changes: str) -> AuthorizationCode:
        """A new code. Raises BlockedError if the flow gives none."""
        verifier = new_code_verifier()
        parameters = self.parameters(verifier=verifier, without=without, **changes)
        destination = self.authorize(parameters)
        value = destination.parameters.get("code")
        if value is None:
            raise BlockedError(
                f"the authorization endpoint gave {self.name} no code: {destination!r}. Check client-id, redirect-uri, "
                f"username, password and scopes of [identities.{self.name}], and approve, if its pages are unusual.",
                blame="configuration",
            )
        return AuthorizationCode(
            value=value,
            redirect_uri=parameters["redirect_uri"],
            verifier=verifier if "code_challenge" in parameters else "",
        )

    def redeem(
        self, code: AuthorizationCode, *, without: Names = (), by: RegisteredClient | None = None, **changes: str
    ) -> Reply:
        """The reply of the token endpoint to the code, with these changes and without the parameters named."""
        form = {
            "grant_type": "authorization_code",
            "code": code.value,
            "redirect_uri": code.redirect_uri,
            "code_verifier": code.verifier,
            **changes,
        }
        left_out = without if code.verifier else (*without, "code_verifier")
        sent = {name: value for name, value in form.items() if name not in left_out}
        return self.post("token_endpoint", sent, by=by)

    def obtain_tokens(self, *, without: Names = (), **changes: str) -> TokenResponse:
        """The token response of a new flow. Raises BlockedError if it holds no access token."""
        code = self.code(without=without, **changes)
        reply = self.redeem(code)
        if not isinstance(reply.member("access_token"), str):
            raise BlockedError(f"the token endpoint gave {self.name} no token for a fresh code: {reply!r}.")
        return TokenResponse(reply=reply, code=code)

    def refresh(self, token: str, *, by: RegisteredClient | None = None, **changes: str) -> Reply:
        return self.post("token_endpoint", {"grant_type": "refresh_token", "refresh_token": token, **changes}, by=by)

    def revoke(self, token: str, *, by: RegisteredClient | None = None, **changes: str) -> Reply:
        return self.post("revocation_endpoint", {"token": token, **changes}, by=by)

    def introspect(self, token: str, *, by: RegisteredClient | None = None) -> Reply:
        return self.post("introspection_endpoint", {"token": token}, by=by)

    def post(self, endpoint: str, form: Mapping[str, str], *, by: RegisteredClient | None = None) -> Reply:
        """The reply of an endpoint to a form of the client, or of another one."""
        return self.send((by or self.registered_client).authenticated(self.empty_form(endpoint), form))

    def empty_form(self, endpoint: str) -> Request:
        """A request to an endpoint, without a form and without client authentication."""
        headers = (("Accept", "application/json"),)
        return Request(method="POST", path=self.authorization_server.path(endpoint), headers=headers)

    def send(self, request: Request) -> Reply:
        """The reply to a request; tokens in it are masked in reports."""
        reply = self.client.send(request, identity=self.name, label=self.label)
        for name in REDACTED:
            self.redaction.learn(str(reply.member(name) or ""))
        return reply

    def userinfo(self, token: str | None) -> Reply:
        """The reply of the userinfo endpoint, with this access token or without one."""
        request = Request(method="GET", path=self.authorization_server.path("userinfo_endpoint"))
        request = request if token is None else request.with_bearer_token(token)
        return self.client.send(request, identity=self.name)


@dataclass(kw_only=True)
class RefreshTokenRotation:
    """Refreshes with the newest refresh token of a grant at each call (RFC 9700, section 4.14.2)."""

    flow: AuthorizationCodeFlow
    newest: str

    def __call__(self) -> Reply:
        reply = self.flow.refresh(self.newest)
        self.newest = str(reply.member("refresh_token") or self.newest)
        return reply


def new_code_verifier() -> str:
    """A random code verifier (RFC 7636, section 4.1)."""
    return secrets.token_urlsafe(36)


def code_challenge(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, section 4.2)."""
    return base64url(hashlib.sha256(verifier.encode()).digest())
