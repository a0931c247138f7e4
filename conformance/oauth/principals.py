"""The principals of a run, made from the identities of the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from conformance.contract.name_validation import asked_for
from conformance.errors import ConfigurationError, InapplicableError, UntestableError
from conformance.identity.accounts import Account
from conformance.identity.credential_sources import (
    ClientCredentials,
    CredentialSource,
    FixedTokens,
    MintedTokens,
    NoCredentials,
    unique_name,
)
from conformance.identity.token_cache import TokenCache
from conformance.oauth.authorization_code import AuthorizationCodeFlow, RegisteredClient
from conformance.oauth.browser_sessions import LoginEndpoint, SessionCredentials
from conformance.oauth.consent import ConsentedTokens
from conformance.oauth.login_pages import ResourceOwner
from conformance.sut.configuration import secret

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.client import Client
    from conformance.http.redaction import Redaction
    from conformance.oauth.authorization_server import AuthorizationServer
    from conformance.servers.token_issuer import Mint
    from conformance.sut.configuration import Identity
    from conformance.sut.process import Placeholders


@dataclass(frozen=True, kw_only=True)
class Principals:
    """Makes accounts from identities.

    A subject of the suite's token issuer is a new one each time, so that no check sees the objects of another.
    """

    identities: tuple[Identity, ...]
    client: Client
    contract: Contract
    mint: Mint | None
    authorization_server: AuthorizationServer
    redaction: Redaction
    placeholders: Placeholders
    token_cache: TokenCache = field(default_factory=TokenCache)

    @property
    def nobody(self) -> Account:
        """An account without credentials."""
        return self._account("nobody", NoCredentials(name="nobody"))

    def principal(self, index: int) -> Account:
        """The first, second, … principal of the configuration. Raises UntestableError if there are fewer."""
        if index >= len(self.identities):
            number = {0: "none", 1: "one"}.get(len(self.identities), str(len(self.identities)))
            raise UntestableError(
                f"needs {_counted(index + 1)}, and the configuration has {number}. "
                f"Add [identities.{('alice', 'bob', 'carol')[min(index, 2)]}].",
            )
        return self.account(self.identities[index])

    def of_kind(self, kind: str, index: int = 0) -> Account:
        """The first, second, … principal of this kind of identity. Raises UntestableError if there are fewer.

        Raises InapplicableError if there are no clients, and the token endpoint is none of the contract's operations.
        """
        found = [identity for identity in self.identities if identity.kind == kind]
        elsewhere = self.contract.token_path and not self.contract.at("POST", self.contract.token_path)
        if not found and kind == "client-credentials" and elsewhere:
            raise InapplicableError("no identity uses the token endpoint that the contract names and does not describe")
        if index >= len(found):
            raise UntestableError(f'needs {index + 1} of kind "{kind}". Add an [identities.NAME] with kind = "{kind}".')
        return self.account(found[index])

    def with_credentials_for(self, operation: Operation, preferred: Account) -> Account:
        """The preferred account, or another one that has credentials of the kinds that the operation requires."""
        if preferred.has_credentials_for(operation):
            return preferred
        others = (self.account(identity) for identity in self.identities)
        return next((account for account in others if account.has_credentials_for(operation)), preferred)

    def account(self, identity: Identity) -> Account:
        """The account of an identity, with all its scopes. Raises ConfigurationError if the identity does not fit."""
        if identity.kind == "issuer":
            subject = identity.subject or unique_name(identity.name)
            account = self._account(identity.name, self._minted(identity, subject), subject=subject)
        elif identity.kind == "authorization-code":
            source = ConsentedTokens(
                name=identity.name, keys=self._keys(identity), flow=self.flow(identity), token_cache=self.token_cache
            )
            account = self._account(identity.name, source, scopes=frozenset(identity.scopes) or None)
        elif identity.kind == "session":
            login_endpoint = self.login_endpoint(identity)
            account = self._account(
                identity.name,
                SessionCredentials(name=identity.name, keys=self._keys(identity), login_endpoint=login_endpoint),
            )
        elif identity.kind == "client-credentials":
            account = self._account(identity.name, self._granted(identity), scopes=frozenset(identity.scopes) or None)
        else:
            account = self._account(identity.name, self._fixed(identity))
        return replace(account, tenant=self._tenant(identity, account.subject))

    def flow(self, identity: Identity) -> AuthorizationCodeFlow:
        """The authorization code flow of an identity of kind authorization-code."""
        place = f"[identities.{identity.name}]"
        secret = self._secret(identity.client_secret, f"{place}, client_secret") if identity.client_secret else ""
        return AuthorizationCodeFlow(
            name=identity.name,
            client=self.client,
            authorization_server=self.authorization_server,
            redaction=self.redaction,
            registered_client=RegisteredClient(id=self.placeholders(identity.client_id), secret=secret),
            redirect_uri=identity.redirect_uri,
            resource_owner=ResourceOwner(
                username=self.placeholders(identity.username),
                password=self._secret(identity.password, f"{place}, password"),
                approve=_button(identity.approve),
                deny=_button(identity.deny),
            ),
            scopes=frozenset(identity.scopes) or self.contract.scopes,
        )

    def flows(self) -> list[AuthorizationCodeFlow]:
        """The authorization code flows of all identities of that kind."""
        return [self.flow(identity) for identity in self.identities if identity.kind == "authorization-code"]

    def login_endpoint(self, identity: Identity) -> LoginEndpoint:
        """The login endpoint for an identity of kind session."""
        if self.contract.session_rules is None:
            raise ConfigurationError(
                f"[identities.{identity.name}] is of kind session, but the contract does not say how a person logs in. "
                "Add x-session to the operation that does it, by an overlay if the contract is not yours.",
            )
        return LoginEndpoint(
            client=self.client,
            contract=self.contract,
            session_rules=self.contract.session_rules,
            redaction=self.redaction,
            name=identity.name,
            username=self.placeholders(identity.username),
            password=self._secret(identity.password, f"[identities.{identity.name}], password"),
        )

    def _tenant(self, identity: Identity, subject: str) -> str:
        """The tenant that the minted tokens of the subject name, else the configured one."""
        named = identity.kind == "issuer" and self.mint is not None and self.mint.tenant_claim
        return self.mint.tenant_of(subject) if self.mint and named else identity.tenant

    def _account(
        self, name: str, source: CredentialSource, *, subject: str = "", scopes: frozenset[str] | None = None
    ) -> Account:
        whole = self.contract.scopes if scopes is None else scopes
        return Account(
            name=name, source=source, client=self.client, contract=self.contract, scopes=whole, subject=subject
        )

    def _minted(self, identity: Identity, subject: str) -> CredentialSource:
        if self.mint is None:
            raise ConfigurationError(
                f"[identities.{identity.name}] is of kind issuer, but there is no [issuer]. Add one."
            )
        return MintedTokens(name=identity.name, keys=self._keys(identity), mint=self.mint, subject=subject)

    def _granted(self, identity: Identity) -> CredentialSource:
        if not self.authorization_server.names("token_endpoint"):
            raise ConfigurationError(
                f"[identities.{identity.name}] wants client credentials, but the contract names no tokenUrl.",
            )
        return ClientCredentials(
            name=identity.name,
            keys=self._keys(identity),
            client=self.client,
            token_path=self.authorization_server.path("token_endpoint"),
            client_id=self.placeholders(identity.client_id),
            client_secret=self._secret(identity.client_secret, f"[identities.{identity.name}], client_secret"),
            redaction=self.redaction,
            registered_scopes=frozenset(identity.scopes) or self.contract.scopes,
            token_cache=self.token_cache,
        )

    def _fixed(self, identity: Identity) -> CredentialSource:
        place = f"[identities.{identity.name}], token"
        tokens = {frozenset(given.scopes): self._secret(given.token, place) for given in identity.tokens}
        if identity.token:
            tokens[self.contract.scopes] = self._secret(identity.token, place)
        return FixedTokens(name=identity.name, keys=self._keys(identity), tokens=tokens)

    def _keys(self, identity: Identity) -> dict[str, str]:
        place = f"[identities.{identity.name}], keys"
        found = {scheme: self._secret(value, place) for scheme, value in identity.keys.items()}
        basic = {scheme.name for scheme in asked_for(self.contract.operations) if scheme.kind == "basic"}
        for scheme in basic & found.keys():
            self.redaction.learn(found[scheme].partition(":")[2])
        return found

    def _secret(self, value: str, place: str) -> str:
        """`{secret:NAME}` is invented for a managed target; any other secret comes from the environment."""
        filled = self.placeholders(value) if value.startswith("{secret:") else secret(value, place)
        self.redaction.learn(quote_plus(filled))  # as it stands in forms
        return self.redaction.learn(filled)


def _button(given: str) -> tuple[str, str] | None:
    """Name and value of a submit button, from NAME=VALUE; None if it is empty."""
    name, _, value = given.partition("=")
    return (name, value) if given else None


def _counted(number: int) -> str:
    return "a principal" if number == 1 else f"{number} principals"
