"""The principals of a run, made from the identities of the configuration."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.errors import InapplicableError, UntestableError
from conformance.identity.accounts import Account
from conformance.identity.credential_sources import NoCredentials, unique_name

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.client import Client
    from conformance.identity.credential_sources import CredentialSource
    from conformance.identity.token_cache import TokenCache
    from conformance.oauth.authorization_code import AuthorizationCodeFlow
    from conformance.oauth.authorization_server import AuthorizationServer
    from conformance.oauth.identity_sources import IdentitySources
    from conformance.servers.token_issuer import Mint
    from conformance.sut.identities import Identity


@dataclass(frozen=True, kw_only=True)
class Principals:
    """Makes accounts from identities; those that are `kept` for some operations are used there and nowhere else.

    A subject of the suite's token issuer is a new one each time, so that no check sees the objects of another.
    """

    identities: tuple[Identity, ...]
    kept: tuple[Identity, ...]
    sources: IdentitySources

    @property
    def client(self) -> Client:
        return self.sources.client

    @property
    def contract(self) -> Contract:
        return self.sources.contract

    @property
    def mint(self) -> Mint | None:
        return self.sources.mint

    @property
    def authorization_server(self) -> AuthorizationServer:
        return self.sources.authorization_server

    @property
    def token_cache(self) -> TokenCache:
        return self.sources.token_cache

    @property
    def nobody(self) -> Account:
        """An account without credentials."""
        return self._account("nobody", NoCredentials(name="nobody"), subject="", scopes=self.contract.scopes)

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
        """Whoever is kept for the operation, else the preferred account, if it may use it, else another one that may.

        Where none may, one that has credentials of the kinds that the operation requires.
        """
        keeper = self.keeper(operation)
        if keeper is not None:
            return self.account(keeper)
        if preferred.may_use(operation):
            return preferred
        others = [preferred, *map(self.account, self.identities)]
        able = [account for account in others if account.has_credentials_for(operation)]
        return next((account for account in able if account.may_use(operation)), next(iter(able), preferred))

    def keeper(self, operation: Operation) -> Identity | None:
        """The identity that is kept for the operation; None if anybody's will do."""
        return next((identity for identity in self.kept if operation.id in identity.operations), None)

    def is_used_for(self, account: Account, operation: Operation) -> bool:
        """The account is the one that is kept for the operation, or one of all others where none is."""
        keeper = self.keeper(operation)
        return account.name not in {each.name for each in self.kept} if keeper is None else account.name == keeper.name

    def stand_in(self, operation: Operation) -> Account | None:
        """The account that is kept for the operation; None if anybody's will do."""
        keeper = self.keeper(operation)
        return self.account(keeper) if keeper else None

    def account(self, identity: Identity) -> Account:
        """The account of an identity, with all its scopes. Raises ConfigurationError if the identity does not fit."""
        subject = (identity.subject or unique_name(identity.name)) if identity.kind == "issuer" else ""
        source = self.sources.of(identity, subject)
        account = self._account(identity.name, source, subject=subject, scopes=self.sources.scopes_of(identity))
        roles = None if identity.roles is None else frozenset(identity.roles)
        return replace(account, tenant=self._tenant(identity, subject), roles=roles, stand_in=self.stand_in)

    def without_role(self, owner: Account, operation: Operation) -> Account:
        """The owner without a role, else another principal who is known to lack nothing but the role that it requires.

        Raises UntestableError if there is none.
        """
        with contextlib.suppress(UntestableError):
            return owner.without_roles()
        others = (self.account(identity) for identity in self.identities if identity.name != owner.name)
        found = next((each for each in others if each.lacks_role_alone(operation)), None)
        if found is None:
            raise UntestableError(
                f"needs somebody with the credentials and scopes of {owner.name} and without the role. Add an "
                f'[identities.NAME] with roles = [], or make [identities.{owner.name}] of kind "issuer", for a '
                "contract that names the claim of roles (x-access-token, roles).",
            )
        return found

    def flows(self) -> list[AuthorizationCodeFlow]:
        """The authorization code flows of all identities of that kind."""
        return [self.sources.flow(identity) for identity in self.identities if identity.kind == "authorization-code"]

    def _tenant(self, identity: Identity, subject: str) -> str:
        """The tenant that the minted tokens of the subject name, else the configured one."""
        named = identity.kind == "issuer" and self.mint is not None and self.mint.tenant_claim
        return self.mint.tenant_of(subject) if self.mint and named else identity.tenant

    def _account(self, name: str, source: CredentialSource, *, subject: str, scopes: frozenset[str]) -> Account:
        return Account(
            name=name, source=source, client=self.client, contract=self.contract, scopes=scopes, subject=subject
        )


def _counted(number: int) -> str:
    return "a principal" if number == 1 else f"{number} principals"
