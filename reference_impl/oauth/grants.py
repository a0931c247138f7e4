"""The three ways to a token: client credentials, a code, a refresh token (RFC 6749 sections 4.4, 4.1 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749 import (
    AuthorizationCodeGrant,
    AuthorizationCodeMixin,
    ClientCredentialsGrant,
    InvalidGrantError,
    InvalidRequestError,
    RefreshTokenGrant,
    TokenMixin,
)
from authlib.oauth2.rfc7636 import CodeChallenge

from reference_impl.oauth.clients import Client, digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authlib.oauth2 import OAuth2Request

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.entities import User
    from reference_impl.storage.grants import Grant, Grants
    from reference_impl.storage.users import UserRows

CONFIDENTIAL = ("client_secret_basic", "client_secret_post")
REFRESH_LIFETIME = 30 * 86_400  # seconds


@dataclass(frozen=True, kw_only=True)
class Issued(AuthorizationCodeMixin, TokenMixin):
    """A code or a refresh token as it was found, with the grant that it was issued for."""

    digest: str
    grant: Grant
    expires_at: float
    used: bool
    redirect_uri: str | None = None
    code_challenge: str | None = None
    code_challenge_method: str = "S256"

    @classmethod
    def of(cls, row: Mapping[str, Any], grant: Grant) -> Issued:
        known = {name: row[name] for name in ("digest", "expires_at", "used")}
        return cls(**known, grant=grant, redirect_uri=row.get("redirect_uri"), code_challenge=row.get("challenge"))

    def get_redirect_uri(self) -> str | None:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.grant.scope

    def get_nonce(self) -> str | None:
        return self.grant.nonce

    def get_auth_time(self) -> int:
        return self.grant.auth_time

    def get_acr(self) -> None:
        """Not told."""

    def get_amr(self) -> None:
        """Not told."""

    def check_client(self, client: Client) -> bool:
        return self.grant.client_id == client.id


class AuthorizationCodes:
    """Authorization codes: for one client, one address, one use and a short time."""

    def __init__(self, grants: Grants, users: UserRows, clock: Clock, lifetime: float) -> None:
        self.grants = grants
        self.users = users
        self.clock = clock
        self.seconds = lifetime

    def save(self, code: str, request: OAuth2Request) -> None:
        wish: Any = request
        data = wish.payload.data
        grant_id = self.grants.begin(
            client_id=wish.client.id,
            user_id=wish.user.id,
            scope=str(wish.scope or ""),
            nonce=self.nonce(data),
            auth_time=wish.auth_time,
        )
        expires_at = self.clock.seconds() + self.lifetime()
        challenge = data.get("code_challenge")
        self.grants.add_code(
            digest(code), grant_id, redirect_uri=data["redirect_uri"], challenge=challenge, expires_at=expires_at
        )

    def nonce(self, data: Mapping[str, str]) -> str | None:
        return data.get("nonce")

    def lifetime(self) -> float:
        return self.seconds

    def find(self, code: str, client: Client) -> Issued | None:
        """The code, if it is this client's and has not expired; one that was used is found for good, as a replay."""
        row = self.grants.code(digest(code))
        grant = self.grants.find(row["grant_id"]) if row else None
        if row is None or grant is None or not self.belongs(grant, client) or self.has_expired(row):
            return None
        return Issued.of(row, grant)

    def belongs(self, grant: Grant, client: Client) -> bool:
        return grant.client_id == client.id

    def has_expired(self, row: Mapping[str, Any]) -> bool:
        return bool(row["expires_at"] < self.clock.seconds()) and not row["used"]

    def redeem(self, code: Issued) -> User | None:
        """Who granted it; None for one that comes again, which ends the grant."""
        if not self.grants.use_code(code.digest):
            self.replayed(code)
            return None
        return None if code.grant.revoked else self.users.find(code.grant.user_id)

    def replayed(self, code: Issued) -> None:
        self.grants.end(code.grant.id)

    def lasts(self, scopes: frozenset[str]) -> bool:
        """Whether access is to outlast the person's presence, by a refresh token."""
        return "offline_access" in scopes


class RefreshTokens:
    """Refresh tokens: each is good once, and one that comes again ends the grant (RFC 9700 section 4.14.2)."""

    def __init__(self, grants: Grants, users: UserRows, clock: Clock) -> None:
        self.grants = grants
        self.users = users
        self.clock = clock

    def save(self, token: str, grant_id: str) -> None:
        self.grants.add_refresh_token(digest(token), grant_id, self.clock.seconds() + REFRESH_LIFETIME)

    def find(self, token: str, client: Client) -> Issued | None:
        """The token, if it is this client's and good; one that was used before ends the grant."""
        found = self.known(token)
        if found is None or not self.belongs(found, client) or self.has_ended(found):
            return None
        if found.used:
            self.reused(found)
            return None
        return found

    def known(self, token: str) -> Issued | None:
        """The token, whosever it is."""
        row = self.grants.refresh_token(digest(token))
        grant = self.grants.find(row["grant_id"]) if row else None
        return Issued.of(row, grant) if row and grant else None

    def belongs(self, found: Issued, client: Client) -> bool:
        return found.check_client(client)

    def has_ended(self, found: Issued) -> bool:
        return found.grant.revoked or found.expires_at < self.clock.seconds()

    def use(self, token: Issued) -> User | None:
        """Whose it is; None if another request was faster."""
        if not self.retire(token):
            self.reused(token)
            return None
        return self.users.find(token.grant.user_id)

    def retire(self, token: Issued) -> bool:
        return self.grants.use_refresh_token(token.digest)

    def reused(self, token: Issued) -> None:
        self.grants.end(token.grant.id)

    def scope(self, token: Issued, requested: str) -> str:
        """What the next access token may; what the grant may stays the same."""
        return requested or token.grant.scope

    def allows(self, requested: frozenset[str], granted: frozenset[str]) -> bool:
        return requested <= granted


class ScopedGrant(ClientCredentialsGrant):
    """Client credentials, with our own judgement of scopes."""

    TOKEN_ENDPOINT_AUTH_METHODS = CONFIDENTIAL

    def validate_requested_scope(self) -> None:
        if isinstance(self.request.client, Client) and self.request.payload:
            self.server.scopes.check(self.request.payload.scope, self.request.client.scope)


class CodeGrant(AuthorizationCodeGrant):
    """The code flow; what becomes of codes is the business of `AuthorizationCodes`."""

    TOKEN_ENDPOINT_AUTH_METHODS = (*CONFIDENTIAL, "none")
    AUTHORIZATION_CODE_LENGTH = 43

    def validate_requested_scope(self) -> None:
        client, wanted = self.server.query_client(self.request.payload.client_id), self.request.payload.scope
        self.server.scopes.check(wanted, client.get_allowed_scope(wanted))

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        self.server.codes.save(code, request)

    def generate_token(self, user: User | None = None, scope: str | None = None, **options: Any) -> dict[str, Any]:
        lasting = self.server.codes.lasts(frozenset((scope or "").split()))
        made: dict[str, Any] = super().generate_token(
            user=user, scope=scope, **{**options, "include_refresh_token": lasting}
        )
        return made

    def query_authorization_code(self, code: str, client: Client) -> Issued | None:
        found: Issued | None = self.server.codes.find(code, client)
        return found

    def authenticate_user(self, authorization_code: Issued) -> User | None:
        user: User | None = self.server.codes.redeem(authorization_code)
        return user

    def delete_authorization_code(self, _code: Issued) -> None:
        """It is kept, marked as used, so that a replay is noticed."""


class RefreshGrant(RefreshTokenGrant):
    """Refreshing; what becomes of refresh tokens is the business of `RefreshTokens`."""

    TOKEN_ENDPOINT_AUTH_METHODS = (*CONFIDENTIAL, "none")
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Issued | None:
        found: Issued | None = self.server.refresh_tokens.find(refresh_token, self.request.client)
        return found

    def _validate_token_scope(self, token: Issued) -> None:
        requested = str(self.request.payload.scope or "")
        if not self.server.refresh_tokens.allows(frozenset(requested.split()), frozenset(token.grant.scope.split())):
            self.server.scopes.refuse()

    def authenticate_user(self, refresh_token: Issued) -> User:
        user: User | None = self.server.refresh_tokens.use(refresh_token)
        if user is None:
            raise InvalidGrantError
        return user

    def issue_token(self, user: User, refresh_token: Issued) -> dict[str, Any]:
        scope = self.server.refresh_tokens.scope(refresh_token, self.request.payload.scope)
        made: dict[str, Any] = self.generate_token(user=user, scope=scope, include_refresh_token=True)
        return made

    def revoke_old_credential(self, _refresh_token: Issued) -> None:
        """`RefreshTokens.use` has done it, before anything was issued."""


class Pkce(CodeChallenge):
    """RFC 7636 with S256 alone, for every client but confidential ones that are registered without."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"

    def __init__(self) -> None:
        super().__init__(required=True)
        self.SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        data = grant.request.payload.data
        client = grant.server.query_client(grant.request.payload.client_id)
        if "code_challenge" not in data and self.is_required(client):
            raise InvalidRequestError("A code_challenge is required.")
        if "code_challenge" in data and not self.is_offered(data.get("code_challenge_method")):
            raise InvalidRequestError("The code_challenge_method must be S256.")
        super().validate_code_challenge(grant, redirect_uri)

    def is_required(self, client: Client) -> bool:
        return client.public or client.pkce == "required"

    def is_offered(self, method: str | None) -> bool:
        return method == "S256"
