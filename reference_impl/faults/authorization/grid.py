"""Ways to get one cell of the authorisation grid wrong, where all the others are right."""

from __future__ import annotations

from flask import request
from sqlalchemy import select

from reference_impl.domain.entities import Link
from reference_impl.events.outbox import Subscriptions
from reference_impl.faults import fault
from reference_impl.gateway.ownership import Ownership
from reference_impl.gateway.scopes import ScopeGuard
from reference_impl.oauth.verifier import TokenVerifier
from reference_impl.storage.tables import WEBHOOKS
from reference_impl.storage.webhooks import Webhooks


@fault("GRID-REFUSED", also=("JWT-EXPIRED",))
class OneRouteForgetsTheExpiry(TokenVerifier):
    """Long-lived pages may be read with a token that has expired meanwhile, and one route too many counts as such."""

    def check_expiry(self, claims):
        if request.method != "GET" or "/webhooks/" not in request.path:
            super().check_expiry(claims)


@fault("GRID-REFUSED", also=("JWT-AUDIENCE",))
class OneRouteTakesEveryAudience(TokenVerifier):
    """Another service calls one route with tokens of its own, so its audience was let in there."""

    def is_meant(self, audience):
        return request.path.endswith("/ping") or super().is_meant(audience)


@fault("GRID-REFUSED", also=("JWT-NOT-YET-VALID",))
class OneRouteIsEarly(TokenVerifier):
    """Tokens for planned deletions are accepted before their time."""

    def check_not_before(self, claims):
        if request.method != "DELETE":
            super().check_not_before(claims)


@fault("GRID-REFUSED", also=("SCOPE-ROLE-INTERSECTION",))
class ModeratorsByScopeAlone(ScopeGuard):
    """A moderator's operation is checked for the scope, and the role is taken for granted."""

    def plays(self, operation, principal):
        return operation.id == "takeDownLink" or super().plays(operation, principal)


@fault("GRID-REFUSED", also=("OBJ-TENANT-PRIVATE",))
class ColleaguesMayDelete(Ownership):
    """Whoever tidies up for the tenant may delete what is private to a colleague."""

    def owns(self, principal, found):
        colleagues = isinstance(found, Link) and found.tenant == principal.tenant_key
        return super().owns(principal, found) or (colleagues and request.method == "DELETE")


@fault("GRID-ADMITTED", also=("OBJ-STRANGER-STATUS",))
class ModeratorsOfTheirOwnAlone(Ownership):
    """A moderator may take down what is theirs, which is never what is to be taken down."""

    def guards(self, operation):
        return super().guards(operation) or operation.id == "takeDownLink"


@fault("GRID-ADMITTED", also=("SCOPE-EXACT-IS-ENOUGH",))
class ModeratorsNeedToReadToo(ScopeGuard):
    """A moderator's operation asks for the scope to read as well, which the contract does not say."""

    def required(self, operation):
        return operation.scopes | (frozenset({"links:read"}) if operation.roles else frozenset())


@fault("GRID-EVENT-AUDIENCE", also=("WHD-TENANT-ISOLATION",))
class EventsForEverybody(Webhooks):
    """Looks for those who subscribed to a kind of event, whosever the thing is that it happens to."""

    def all_of(self, owner):
        return [self._made(row) for row in self.database.rows(select(WEBHOOKS))]


@fault("GRID-EVENT-AUDIENCE", also=("WHD-TENANT-ISOLATION",))
class DeletionsAreToldToEverybody(Subscriptions):
    """A thing that is gone has no owner any more, so all are told."""

    def interested(self, kind, owner):
        if kind != "link.deleted":
            return super().interested(kind, owner)
        rows = self.webhooks.database.rows(select(WEBHOOKS.c.id))
        return [row["id"] for row in rows]


@fault("GRID-EVENT-AUDIENCE")
class ColleaguesAreNotServed(Subscriptions):
    """Of several receivers of a tenant only the first is told."""

    def candidates(self, owner):
        return list(super().candidates(owner))[:1]
