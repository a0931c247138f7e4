"""The accounts that take the steps of a journey: one for each part (owner, partner, colleague, stranger, nobody)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.errors import UntestableError
from conformance.identity.same_principal import require_two_principals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.arazzo.workflow import Caller
    from conformance.identity.accounts import Account
    from conformance.oauth.principals import Principals


@dataclass(frozen=True, kw_only=True)
class JourneyActors:
    """Gives each part of a journey an account of the configured identities, and keeps to it.

    Raises UntestableError where no identity fits a part.
    """

    principals: Principals
    parts: frozenset[str]
    _known: dict[str, Account] = field(default_factory=dict)

    def account(self, caller: Caller) -> Account:
        """The account that takes a step, with the scopes that the step names."""
        whole = self.part(caller.part)
        return whole if caller.scopes is None else whole.with_scopes(*caller.scopes)

    def part(self, name: str) -> Account:
        if name not in self._known:
            self._known[name] = getattr(self, f"_{name}")()
        return self._known[name]

    def _nobody(self) -> Account:
        return self.principals.nobody

    def _partner(self) -> Account:
        """A client with credentials for the token endpoint."""
        return self.principals.of_kind("client-credentials")

    def _owner(self) -> Account:
        """The first principal; beside a partner one of its tenant, if the contract has objects that tenants share."""
        if "partner" not in self.parts or not self._tenants:
            return self.principals.principal(0)
        partner = self._partner()
        if not partner.tenant:
            raise UntestableError(
                f"needs to know the tenant of {partner.name}. Say so with tenant = in [identities.{partner.name}].",
            )
        return self._of_tenant(partner.tenant, but=partner.name)

    def _colleague(self) -> Account:
        """Another principal of the owner's tenant."""
        owner = self.part("owner")
        return owner.colleague() if owner.subject or not owner.tenant else self._of_tenant(owner.tenant, but=owner.name)

    def _stranger(self) -> Account:
        """Another principal, of another tenant if tenants are known."""
        owner = self.part("owner")
        others = (each for each in self._identities() if each.name != owner.name)
        found = next((each for each in others if not each.tenant or each.tenant != owner.tenant), None)
        if found is None:
            raise UntestableError(
                f"needs somebody besides {owner.name} of another tenant. Add one more [identities.NAME]."
            )
        require_two_principals(owner, found, self.principals.contract.operations)
        return found

    def _identities(self) -> Iterator[Account]:
        return (self.principals.account(identity) for identity in self.principals.identities)

    def _of_tenant(self, tenant: str, *, but: str) -> Account:
        found = next((each for each in self._identities() if each.tenant == tenant and each.name != but), None)
        if found is None:
            raise UntestableError(
                f"needs somebody else of the tenant {tenant}. Add an [identities.NAME] beside [identities.{but}] with "
                f'tenant = "{tenant}".',
            )
        return found

    @property
    def _tenants(self) -> bool:
        return any(known.ownership.visibility == "tenant" for known in self.principals.contract.operations)
