"""OpenID Connect on top: ID tokens, and what is told of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authlib.oidc.core import OpenIDCode
from joserfc.jwk import KeySet

if TYPE_CHECKING:
    from authlib.oauth2 import OAuth2Request

    from reference_impl.domain.entities import Principal, User
    from reference_impl.oauth.clients import Client
    from reference_impl.oauth.grants import RefreshGrant
    from reference_impl.oauth.keys import SigningKeys
    from reference_impl.storage.users import UserRows


class PersonalClaims:
    """What may be told of a person, by scope (OpenID Connect Core section 5.4)."""

    def __init__(self, users: UserRows, issuer: str) -> None:
        self.users = users
        self.issuer = issuer

    def of(self, user: User, scopes: frozenset[str]) -> dict[str, Any]:
        claims: dict[str, Any] = {"sub": self.subject(user)}
        if self.tells("profile", scopes):
            claims["name"] = user.name
        if self.tells("email", scopes):
            claims |= {"email": user.email, "email_verified": True}
        return claims

    def tells(self, scope: str, granted: frozenset[str]) -> bool:
        return scope in granted

    def subject(self, user: User) -> str:
        return user.id

    def userinfo(self, principal: Principal) -> dict[str, Any]:
        """Of subjects of other issuers, only the subject is known."""
        user = self.users.find(principal.subject) if principal.issuer == self.issuer else None
        return self.of(user, principal.scopes) if user else {"sub": principal.subject}


class IdTokens(OpenIDCode):
    """ID tokens, signed by RS256, which every client understands."""

    def __init__(self, issuer: str, keys: SigningKeys, claims: PersonalClaims) -> None:
        super().__init__(require_nonce=False)
        self.issuer = issuer
        self.keys = keys
        self.claims = claims

    def resolve_client_private_key(self, _client: Client) -> KeySet:
        return KeySet([self.keys.offered])

    def get_client_algorithm(self, _client: Client) -> str:
        return "RS256"

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        """Beside these, Authlib adds iat, exp, auth_time, nonce and at_hash."""
        return {"iss": self.issuer, "aud": self.audience(client)}

    def audience(self, client: Client) -> str:
        return client.id

    def exists_nonce(self, _nonce: str, _request: OAuth2Request) -> bool:
        """A nonce is for the client to compare."""
        return False

    def generate_user_info(self, user: User, scope: str) -> dict[str, Any]:
        return self.claims.of(user, frozenset(scope.split()))


class RefreshedIdTokens(IdTokens):
    """ID tokens of a refresh: of the same login, and without its nonce."""

    def process_token(self, grant: RefreshGrant, response: Any) -> Any:
        grant.request.authorization_code = grant.request.refresh_token
        return super().process_token(grant, response)

    def get_authorization_code_claims(self, authorization_code: Any) -> dict[str, Any]:
        claims = super().get_authorization_code_claims(authorization_code)
        return {name: value for name, value in claims.items() if name != "nonce"}
