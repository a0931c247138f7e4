"""Ways to get roles wrong."""

from __future__ import annotations

from reference_impl.domain.refusals import RefusalError
from reference_impl.faults import fault
from reference_impl.gateway.credentials import Authentication
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.scopes import ScopeGuard


@fault("SCOPE-ROLE-INTERSECTION")
class ScopeAloneDecides(ScopeGuard):
    """Whoever got the scope is taken for a moderator."""

    def plays(self, operation, principal):
        return True


@fault("SCOPE-ROLE-INTERSECTION")
class RoleStandsForScopes(ScopeGuard):
    """A moderator may do everything, with whatever token."""

    def check(self, operation, principal):
        if not (operation.roles and self.plays(operation, principal)):
            super().check(operation, principal)


@fault("SCOPE-ROLE-INTERSECTION")
class RoleIsLookedForInTheScopes(Authentication):
    """A scope that begins with the name of the thing counts as the role."""

    def roles(self, claims):
        return frozenset({"moderator"} if "links:moderate" in self.scopes(claims) else ())


@fault("SCOPE-ROLE-INTERSECTION")
class RolesAreSearchedAsText(ScopeGuard):
    """The role is looked for in the text of the claim."""

    def plays(self, operation, principal):
        return any(role in " ".join(principal.roles) for role in operation.roles)


@fault("SCOPE-ROLE-INTERSECTION")
class OnlyTheFirstRoleCounts(Authentication):
    """Of several roles of a token the first one is read."""

    def roles(self, claims):
        roles = claims.get("roles")
        return super().roles({"roles": roles[:1]} if isinstance(roles, list) else {})


@fault("SCOPE-ROLE-INTERSECTION")
class WhatIsOnesOwnNeedsNoRole(Gateway):
    """Whoever made an object may do everything with it."""

    def authorise(self, call):
        try:
            super().authorise(call)
        except RefusalError as refusal:
            subject = self.parts.ownership.subject(call) if refusal.kind == "insufficient-role" else None
            if subject is None or subject.owner != call.principal.key:
                raise
