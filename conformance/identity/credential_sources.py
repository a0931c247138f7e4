"""Sources of credentials: minted tokens, client credentials, tokens of the configuration, none."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.errors import BlockedError, UntestableError
from conformance.http.messages import Request
from conformance.identity.token_cache import CachedToken, TokenCache

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.http.client import Client
    from conformance.http.connections import ClientCertificate
    from conformance.http.messages import Reply
    from conformance.http.redaction import Redaction
    from conformance.servers.token_issuer import Mint


REMEDIES = {  # by the error code of RFC 6749, section 5.2
    "invalid_client": "Check client-id and client-secret",
    "invalid_scope": "Name only what the client is registered for as `scopes`",
}


@dataclass(frozen=True, kw_only=True)
class CredentialSource:
    """The source of an identity's credentials.

    The methods of this class have no credentials: they raise UntestableError, which says what to configure. `keys` maps
    security schemes to API keys, or to name and password with a colon in between. `cookies` are pairs, `name=value`,
    that a login has set beside the key.
    """

    name: str
    keys: Mapping[str, str] = field(default_factory=dict)
    client_certificate: ClientCertificate | None = None
    cookies: tuple[str, ...] = ()

    def companions(self, scheme: str) -> tuple[str, ...]:
        """Further cookies, `name=value`, that go with the key of a security scheme."""
        del scheme
        return self.cookies

    def certificate(self, scheme: str) -> ClientCertificate:
        """The client certificate for a security scheme of mutual TLS."""
        if self.client_certificate is None:
            raise UntestableError(
                f"needs a client certificate of {self.name} for {scheme}. "
                f'Add certificate = "FILE.pem" to [identities.{self.name}].'
            )
        return self.client_certificate

    def issued(self, credential: str) -> bool:
        """The suite knows of this credential of the source that somebody issued it, so that it is secret."""
        del credential
        return True

    @property
    def principal(self) -> str:
        """The principal that the credentials belong to, in words; empty where the configuration does not tell."""
        return ""

    def token(self, scopes: frozenset[str]) -> str:
        """A bearer token with exactly these scopes, which earlier requests may have used."""
        wanted = " ".join(sorted(scopes)) or "no scope"
        raise UntestableError(
            f"needs a token of {self.name} with exactly these scopes: {wanted}. Add [[identities.{self.name}.tokens]] "
            f"with scopes = {json.dumps(sorted(scopes))} and token, or an [issuer] that the target trusts.",
        )

    def lesser_token(self, scopes: frozenset[str], needed: frozenset[str]) -> str:
        """A bearer token with no other scopes than these, and with those of them that are needed."""
        del needed
        return self.token(scopes)

    def new_token(self, scopes: frozenset[str]) -> str:
        """A bearer token with exactly these scopes that was never used."""
        del scopes
        raise UntestableError(
            f"needs a second token of {self.name} with the same scopes. "
            f'Make [identities.{self.name}] of kind "issuer" or "client-credentials".',
        )

    def colleague(self) -> CredentialSource:
        """The source for another user of the same tenant."""
        raise UntestableError(
            f'needs somebody else of the tenant of {self.name}. Make [identities.{self.name}] of kind "issuer", for '
            "a contract that names the claim of the tenant (x-access-token, tenant).",
        )

    def newcomer(self, subject: str, *, tenant: bool) -> CredentialSource:
        """The source for a new subject, by default of any name, with a tenant of its own, or without one."""
        del subject, tenant
        raise UntestableError(
            f'needs somebody who has asked for nothing yet. Make [identities.{self.name}] of kind "issuer".',
        )

    def without_roles(self) -> CredentialSource:
        """The source for the same subject without any role."""
        raise UntestableError(
            f'needs {self.name} without a role. Make [identities.{self.name}] of kind "issuer", for a contract that '
            "names the claim of roles (x-access-token, roles).",
        )

    def with_roles(self, *roles: str) -> CredentialSource:
        """The source for the same subject with these roles and no others."""
        del roles
        return self.without_roles()

    def name_and_password(self, scheme: str) -> tuple[str, str]:
        """Name and password for a Basic scheme of the contract (RFC 7617)."""
        name, colon, password = self.keys.get(scheme, "").partition(":")
        if not colon:
            raise UntestableError(
                f"needs name and password of {self.name} for {scheme}. "
                f'Make [identities.{self.name}] of kind "basic", or add keys.{scheme} = "env:…" to it, with a colon '
                "between the two.",
            )
        return name, password

    def key(self, scheme: str) -> str:
        """The API key for a security scheme of the contract."""
        if scheme not in self.keys:
            raise UntestableError(
                f"needs an API key of {self.name} for {scheme}. "
                f'Add keys.{scheme} = "env:…" to [identities.{self.name}].',
            )
        return self.keys[scheme]


@dataclass(frozen=True, kw_only=True)
class MintedTokens(CredentialSource):
    """Tokens signed by the suite's own token issuer."""

    mint: Mint
    subject: str

    @property
    def principal(self) -> str:
        return f"subject {self.subject}"

    def token(self, scopes: frozenset[str]) -> str:
        return self.mint.token(self.subject, scopes)

    def colleague(self) -> CredentialSource:
        if not self.mint.tenant_claim:
            return super().colleague()
        tenant = self.mint.tenant_of(self.subject)
        return replace(self, subject=unique_name("colleague"), mint=replace(self.mint, tenant=tenant))

    def newcomer(self, subject: str, *, tenant: bool) -> CredentialSource:
        mint = self.mint if tenant else replace(self.mint, tenant_claim="")
        return replace(self, subject=subject or unique_name("newcomer"), mint=mint)

    def without_roles(self) -> CredentialSource:
        return replace(self, mint=replace(self.mint, roles=())) if self.mint.roles_claim else super().without_roles()

    def with_roles(self, *roles: str) -> CredentialSource:
        return replace(self, mint=replace(self.mint, roles=roles)) if self.mint.roles_claim else super().without_roles()

    def new_token(self, scopes: frozenset[str]) -> str:
        return self.token(scopes)


@dataclass(frozen=True, kw_only=True)
class ClientCredentials(CredentialSource):
    """Tokens that the target grants to a client for its credentials (RFC 6749, section 4.4).

    `registered` holds the scopes that the client is registered for.
    """

    client: Client
    token_path: str
    client_id: str
    client_secret: str
    redaction: Redaction
    registered_scopes: frozenset[str] = frozenset()
    token_cache: TokenCache

    @property
    def principal(self) -> str:
        return f"client {self.client_id}"

    def name_and_password(self, scheme: str) -> tuple[str, str]:
        given = scheme in self.keys
        return super().name_and_password(scheme) if given else (self.client_id, self.client_secret)

    def token(self, scopes: frozenset[str]) -> str:
        if self.registered_scopes and not scopes:
            # RFC 6749 section 3.3: to name no scope is to ask for the default, which may be all.
            raise UntestableError(f"a client such as {self.name} cannot ask for a token without any scope.")
        return self.token_cache.token(self.name, scopes, lambda: self._granted(scopes))

    def new_token(self, scopes: frozenset[str]) -> str:
        self.token_cache.drop(self.name, scopes)
        return self.token(scopes)

    def request(self, **parameters: str) -> Request:
        """A token request with these parameters, without client authentication."""
        request = Request(method="POST", path=self.token_path)
        return request.with_form({"grant_type": "client_credentials", **parameters})

    def authenticated_request(self, **parameters: str) -> Request:
        """A token request with these parameters and the client's authentication."""
        return self.request(**parameters).with_basic_auth(self.client_id, self.client_secret)

    def request_token(self, scopes: frozenset[str], label: str = "attempt", **parameters: str) -> Reply:
        """The reply of the token endpoint to a request for these scopes with these further parameters."""
        scope = {"scope": " ".join(sorted(scopes))} if scopes else {}
        return self.client.send(self.authenticated_request(**scope, **parameters), identity=self.name, label=label)

    def _granted(self, scopes: frozenset[str]) -> CachedToken:
        reply = self.request_token(scopes, "arrangement")
        token = reply.member("access_token")
        if not isinstance(token, str):
            error = str(reply.member("error") or "")
            answer = f"{reply.status} {error}".strip()
            raise BlockedError(
                f"The token endpoint refused the client of [identities.{self.name}] with {answer}. "
                f"{REMEDIES.get(error, 'Check client-id, client-secret and scopes')} under [identities.{self.name}].",
                blame="configuration",
            )
        return CachedToken(token=self.redaction.learn(token), lifetime=reply.number("expires_in"))


@dataclass(frozen=True, kw_only=True)
class FixedTokens(CredentialSource):
    """Tokens that the configuration holds, by their scopes."""

    tokens: Mapping[frozenset[str], str]

    def token(self, scopes: frozenset[str]) -> str:
        return self.tokens.get(scopes) or super().token(scopes)

    def lesser_token(self, scopes: frozenset[str], needed: frozenset[str]) -> str:
        fit = [known for known in self.tokens if needed & scopes <= known <= scopes]
        return self.tokens[max(fit, key=len)] if fit else self.token(scopes)


@dataclass(frozen=True, kw_only=True)
class SingleToken(CredentialSource):
    """One token, valid or not, whatever scopes are asked for."""

    text: str

    def issued(self, credential: str) -> bool:
        del credential
        return False

    def token(self, scopes: frozenset[str]) -> str:
        del scopes
        return self.text


@dataclass(frozen=True, kw_only=True)
class NoCredentials(CredentialSource):
    """No credentials: requests are sent without authentication."""


def unique_name(name: str) -> str:
    """A name that no other check uses and nobody can guess."""
    return f"{name}-{secrets.token_hex(8)}"
