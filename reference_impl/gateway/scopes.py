"""May this token do this: the scopes of the operation, and the role that it may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_impl.domain.refusals import RefusalError

if TYPE_CHECKING:
    from reference_impl.contract import Operation
    from reference_impl.domain.entities import Principal
    from reference_impl.gateway.credentials import Challenges


class ScopeGuard:
    """Lets through who holds all scopes, and one of the roles, that the contract lists for the operation."""

    def __init__(self, challenges: Challenges) -> None:
        self.challenges = challenges

    def check(self, operation: Operation, principal: Principal) -> None:
        required = self.required(operation)
        if lacking := self.lacking(self.granted(principal), required):
            raise self.challenges.insufficient(required, lacking)
        if operation.roles and not self.plays(operation, principal):
            raise RefusalError("insufficient-role", f"This is for {' or '.join(sorted(operation.roles))} alone.")

    def plays(self, operation: Operation, principal: Principal) -> bool:
        """Whether the principal has one of the roles."""
        return not operation.roles.isdisjoint(principal.roles)

    def required(self, operation: Operation) -> frozenset[str]:
        return operation.scopes

    def granted(self, principal: Principal) -> frozenset[str]:
        return principal.scopes

    def lacking(self, granted: frozenset[str], required: frozenset[str]) -> frozenset[str]:
        return required - granted
