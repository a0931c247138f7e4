"""The account for each kind of caller of the grid, derived from the owner of the object."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.errors import InapplicableError, UntestableError
from conformance.grid.alternatives import schemes_of
from conformance.http.messages import Request
from conformance.http.polling import eventually
from conformance.identity.credential_sources import MintedTokens
from conformance.identity.forged_tokens import Forger
from conformance.identity.invalid_credentials import InvalidCredentials, OneInvalidCredential
from conformance.judgement.expectations import refused
from conformance.oauth.revocation import with_revoked_token
from conformance.servers.token_issuer import IssuerKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract.operation import Operation
    from conformance.identity.accounts import Account
    from conformance.oauth.principals import Principals

ELSEWHERE = "https://other.example"


@dataclass(frozen=True, kw_only=True)
class CallerContext:
    """The operation, the owner of its object, and which of several callers of one kind is meant (`detail`)."""

    principals: Principals
    revocation: float  # seconds within which a revoked token must be refused
    operation: Operation
    owner: Account
    detail: str = ""

    def account(self, caller: str) -> Account:
        """The account of this kind of caller. Raises UntestableError where the configuration cannot give it."""
        return ACCOUNTS[caller](self)

    @property
    def forger(self) -> Forger:
        rules = self.principals.contract.access_token
        if rules is None:
            raise InapplicableError("the contract does not say what its tokens are made of (x-access-token)")
        return Forger(rules=rules, accepted=self.owner.token, mint=self.principals.mint, untrusted_keys=IssuerKeys())

    @property
    def stranger(self) -> Account:
        """Another principal with the required credentials, of another tenant if tenants share the objects."""
        found = (self.principals.account(identity) for identity in self.principals.identities)
        others = (each for each in found if each.name != self.owner.name and each.may_use(self.operation))
        stranger = next((each for each in others if self._is_stranger(each)), None)
        if stranger is None:
            raise UntestableError(
                f"needs somebody else with the credentials and scopes of {self.owner.name}"
                f"{', of another tenant' if self._is_tenant_shared else ''}. Add an [identities.NAME] beside "
                f"[identities.{self.owner.name}]{' and give both a tenant' if self._is_tenant_shared else ''}."
            )
        return self._with_known_roles(stranger)

    @property
    def revoked(self) -> Account:
        """The owner with a revoked token, once the time is over within which the target must notice."""
        account = with_revoked_token(self.owner, self.principals.authorization_server)
        reading = self._simple_read()
        if reading is not None:
            request = Request(method="GET", path=reading.path, operation=reading.id)
            eventually(lambda: account.send(request, "arrangement"), refused, within=self.revocation)
        return account

    def _simple_read(self) -> Operation | None:
        """A GET without parameters that the owner's scopes suffice for; None if there is none."""
        known = (each for each in self.principals.contract.operations if each.method == "GET" and not each.addressed)
        return next((each for each in known if each.bearer and each.scopes <= self.owner.scopes), None)

    def _is_stranger(self, account: Account) -> bool:
        apart = account.tenant and self.owner.tenant and account.tenant != self.owner.tenant
        return bool(apart) or not self._is_tenant_shared

    @property
    def _is_tenant_shared(self) -> bool:
        return self.operation.ownership.declared and self.operation.ownership.visibility == "tenant"

    def _with_known_roles(self, account: Account) -> Account:
        """The account, if it is known to have the required role. Raises UntestableError if not."""
        minted = isinstance(account.source, MintedTokens) and account.source.mint.roles_claim
        if self.operation.roles and account.roles is None and not minted:
            raise UntestableError(
                f"needs to know the roles of {account.name}. Name them as `roles` under [identities.{account.name}].",
            )
        return account


def invalid_credentials(context: CallerContext) -> Account:
    """The owner with credentials of the right kind that were never issued."""
    invalid = replace(context.owner, name="invalid credentials", source=InvalidCredentials(name="invalid credentials"))
    return invalid.presenting(*schemes_of(context.detail))


def one_invalid_credential(context: CallerContext) -> Account:
    """The owner with all that is asked for together, one of it never issued."""
    scheme = context.principals.contract.scheme(context.detail)
    together = next(each for each in context.operation.scheme_sets if len(each) > 1 and scheme in each)
    source = OneInvalidCredential(name="invalid credentials", source=context.owner.source, scheme=scheme)
    return replace(context.owner, source=source).presenting(*(each.name for each in together))


ACCOUNTS: Mapping[str, Callable[[CallerContext], Account]] = {
    "anonymous": lambda context: context.principals.nobody,
    "malformed credentials": invalid_credentials,
    "one invalid credential": one_invalid_credential,
    "part of the credentials": lambda context: context.owner.presenting(*schemes_of(context.detail)),
    "other credentials": lambda context: context.owner.presenting(*schemes_of(context.detail)),
    "wrong issuer": lambda context: context.owner.with_token(context.forger.with_claims(iss=ELSEWHERE)),
    "wrong audience": lambda context: context.owner.with_token(context.forger.with_claims(aud=ELSEWHERE)),
    "expired": lambda context: context.owner.with_token(context.forger.expired()),
    "not yet valid": lambda context: context.owner.with_token(context.forger.not_yet_valid()),
    "revoked": lambda context: context.revoked,
    "no scope": lambda context: context.owner.with_scopes(),
    "without a scope": lambda context: context.owner.without_scopes(*context.operation.lacking(context.detail)),
    "exact scopes": lambda context: context.owner.with_scopes(*context.operation.scopes),
    "owner": lambda context: context.owner,
    "colleague": lambda context: context.owner.colleague(),
    "stranger": lambda context: context.stranger,
    "without role": lambda context: context.principals.without_role(context.owner, context.operation),
    "with role": lambda context: context.owner.with_scopes(*context.operation.scopes),
}
