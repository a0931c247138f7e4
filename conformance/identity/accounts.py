"""Who asks: principals with tokens of any scopes, and nobody."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from conformance.errors import BlockedError, UntestableError
from conformance.http.messages import Request, fill
from conformance.identity.token_cache import CachedToken, TokenCache

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation, Scheme
    from conformance.http.client import Client
    from conformance.http.messages import Reply
    from conformance.http.redaction import Redaction
    from conformance.servers.token_issuer import Mint


REMEDIES = {  # by the error of RFC 6749, section 5.2
    "invalid_client": "Check client-id and client-secret",
    "invalid_scope": "Name only what the client is registered for as `scopes`",
}


@dataclass(frozen=True, kw_only=True)
class CredentialSource:
    """Where an identity's credentials come from: this one gives nothing, and says which line of configuration would."""

    name: str
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def principal(self) -> str:
        """Whose credentials they are, as far as the configuration tells; empty if it does not."""
        return ""

    def token(self, scopes: frozenset[str]) -> str:
        """A bearer token with exactly these scopes."""
        wanted = " ".join(sorted(scopes)) or "no scope"
        raise UntestableError(
            f"needs a token of {self.name} with exactly these scopes: {wanted}. Add [[identities.{self.name}.tokens]] "
            f"with scopes = {sorted(scopes)} and token, or an [issuer] that the target trusts.",
        )

    def fresh(self, scopes: frozenset[str]) -> str:
        del scopes
        raise UntestableError(
            f"needs a second token of {self.name} with the same scopes. "
            f'Make [identities.{self.name}] of kind "issuer" or "client-credentials".',
        )

    def colleague(self) -> CredentialSource:
        """Where the credentials of somebody else of the same tenant come from."""
        raise UntestableError(
            f'needs somebody else of the tenant of {self.name}. Make [identities.{self.name}] of kind "issuer", for '
            "a contract that names the claim of the tenant (x-access-token, tenant).",
        )

    def without_roles(self) -> CredentialSource:
        """The same subject with no role."""
        raise UntestableError(
            f'needs {self.name} without a role. Make [identities.{self.name}] of kind "issuer", for a contract that '
            "names the claim of roles (x-access-token, roles).",
        )

    def basic(self) -> str:
        """Client id and secret as RFC 6749 section 2.3.1 joins them."""
        raise UntestableError(
            f'needs client credentials. Add an identity with kind = "client-credentials" beside {self.name}.',
        )

    def key(self, scheme: str) -> str:
        """The API key for a security scheme."""
        if scheme not in self.keys:
            raise UntestableError(
                f"needs an API key of {self.name} for {scheme}. "
                f'Add keys.{scheme} = "env:…" to [identities.{self.name}].',
            )
        return self.keys[scheme]


@dataclass(frozen=True, kw_only=True)
class MintedTokens(CredentialSource):
    """Tokens signed by the suite's own issuer."""

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

    def without_roles(self) -> CredentialSource:
        return replace(self, mint=replace(self.mint, roles=())) if self.mint.roles_claim else super().without_roles()

    def fresh(self, scopes: frozenset[str]) -> str:
        return self.token(scopes)


@dataclass(frozen=True, kw_only=True)
class ClientCredentials(CredentialSource):
    """Tokens granted to a client by its credentials (RFC 6749 section 4.4), one for each set of scopes."""

    client: Client
    token_path: str
    client_id: str
    client_secret: str
    redaction: Redaction
    registered: frozenset[str] = frozenset()
    token_cache: TokenCache

    @property
    def principal(self) -> str:
        return f"client {self.client_id}"

    def basic(self) -> str:
        return base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()

    def token(self, scopes: frozenset[str]) -> str:
        if self.registered and not scopes:
            # RFC 6749 section 3.3: to name no scope is to ask for the default, which may be all.
            raise UntestableError(f"a client such as {self.name} cannot ask for a token without any scope.")
        return self.token_cache.token(self.name, scopes, lambda: self._given(scopes))

    def fresh(self, scopes: frozenset[str]) -> str:
        """A token that was not handed out before."""
        self.token_cache.drop(self.name, scopes)
        return self.token(scopes)

    def request(self, **parameters: str) -> Request:
        """A token request with these parameters, without client authentication."""
        form = urlencode({"grant_type": "client_credentials", **parameters}).encode()
        headers = (("Content-Type", "application/x-www-form-urlencoded"),)
        return Request(method="POST", path=self.token_path, headers=headers, body=form)

    def asked(self, scopes: frozenset[str], label: str = "attempt", **more: str) -> Reply:
        """The reply of the token endpoint to the client that asks for these scopes, with more parameters."""
        wanted = {"scope": " ".join(sorted(scopes))} if scopes else {}
        request = self.request(**wanted, **more).with_header("Authorization", f"Basic {self.basic()}")
        return self.client.send(request, identity=self.name, label=label)

    def _given(self, scopes: frozenset[str]) -> CachedToken:
        reply = self.asked(scopes, "arrangement")
        token = reply.member("access_token")
        if not isinstance(token, str):
            error = str(reply.member("error") or "")
            told = f"{reply.status} {error}".strip()
            raise BlockedError(
                f"The token endpoint refused the client of [identities.{self.name}] with {told}. "
                f"{REMEDIES.get(error, 'Check client-id, client-secret and scopes')} under [identities.{self.name}].",
                blame="configuration",
            )
        return CachedToken(token=self.redaction.learn(token), lifetime=reply.number("expires_in"))


@dataclass(frozen=True, kw_only=True)
class FixedTokens(CredentialSource):
    """Tokens given in the configuration."""

    tokens: Mapping[frozenset[str], str]

    def token(self, scopes: frozenset[str]) -> str:
        return self.tokens.get(scopes) or super().token(scopes)


@dataclass(frozen=True, kw_only=True)
class SingleToken(CredentialSource):
    """One token, whatever is asked for."""

    text: str

    def token(self, scopes: frozenset[str]) -> str:
        del scopes
        return self.text


@dataclass(frozen=True, kw_only=True)
class NoCredentials(CredentialSource):
    """No credentials at all."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who sends requests, with every scope of the contract unless told otherwise."""

    name: str
    source: CredentialSource
    client: Client
    contract: Contract
    scopes: frozenset[str]
    subject: str = ""
    tenant: str = ""  # empty where it is not known

    def send(self, request: Request, label: str = "attempt") -> Reply:
        """The reply to a request that bears this account's credentials, as its operation requires them."""
        return self.client.send(self.authorised(request), identity=self.name, label=label)

    def authorised(self, request: Request) -> Request:
        if isinstance(self.source, NoCredentials) or not request.operation:
            return request
        operation = self.contract.operation(request.operation)
        return self._with_first(request, operation) if operation.secured else request

    def _with_first(self, request: Request, operation: Operation) -> Request:
        """The request with the first alternative for which there are credentials; what the first one needs, if none."""
        lacks: list[UntestableError] = []
        for alternative in operation.alternatives:
            try:
                return self._with_all(request, tuple(requirement.scheme for requirement in alternative), operation)
            except UntestableError as error:
                lacks.append(error)
        raise lacks[0]

    def _with_all(self, request: Request, schemes: tuple[Scheme, ...], operation: Operation) -> Request:
        if not any(scheme.kind == "bearer" for scheme in schemes) and not operation.scopes <= self.scopes:
            raise UntestableError(f"only a token can lack scopes, and {self.name} shall not have them all.")
        for scheme in schemes:
            request = self._with(request, scheme)
        return request

    def _with(self, request: Request, scheme: Scheme) -> Request:
        if scheme.kind == "bearer":
            return request.with_header("Authorization", f"Bearer {self.token}")
        if scheme.kind == "basic":
            return request.with_header("Authorization", f"Basic {self.source.basic()}")
        if scheme.kind != "key":
            raise UntestableError(
                f"The security scheme {scheme.name} is of the kind {scheme.kind}, which is not supported."
            )
        value = self.source.key(scheme.name)
        if scheme.place == "query":
            return request.with_query(**{scheme.parameter: value})
        if scheme.place == "cookie":
            return request.also_header("Cookie", f"{scheme.parameter}={value}")
        return request.with_header(scheme.parameter, value)

    def able(self, operation: Operation) -> bool:
        """The account has the kinds of credentials that the operation asks for."""
        try:
            self.authorised(Request(method=operation.method, path=operation.path, operation=operation.id))
        except UntestableError:
            return False
        return True

    @property
    def token(self) -> str:
        """A bearer token with the account's scopes."""
        return self.source.token(self.scopes)

    def call(self, operation: str, /, label: str = "attempt", **parameters: str) -> Reply:
        """The reply to an operation without a body, with these path parameters."""
        known = self.contract.operation(operation)
        path = fill(known.path, parameters)
        request = Request(method=known.method, path=path, operation=known.id, parameters=tuple(parameters.items()))
        return self.send(request, label)

    def only(self, *scopes: str) -> Account:
        return replace(self, scopes=frozenset(scopes))

    def without(self, *scopes: str) -> Account:
        return replace(self, scopes=self.scopes - frozenset(scopes))

    def without_roles(self) -> Account:
        """The same subject with the same scopes and no role."""
        return replace(self, source=self.source.without_roles())

    def colleague(self) -> Account:
        """Somebody else of the same tenant, with the same scopes."""
        return replace(self, name=f"colleague of {self.name}", source=self.source.colleague(), subject="")

    def bearing(self, token: str) -> Account:
        """Somebody with this very token in the place of a sound one."""
        return replace(self, source=SingleToken(name=self.name, keys=self.source.keys, text=token))


def unique_name(name: str) -> str:
    """A subject that no other check uses."""
    return f"{name}-{secrets.token_hex(8)}"
