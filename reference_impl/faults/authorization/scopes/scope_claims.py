"""Ways to get scopes wrong."""

from __future__ import annotations

from sqlalchemy import delete

from reference_impl.domain.entities import Link
from reference_impl.faults import fault
from reference_impl.gateway.credentials import Authentication, Challenges
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.scopes import ScopeGuard
from reference_impl.oauth.clients import Client, Clients
from reference_impl.storage.tables import LINKS


@fault("SCOPE-MISSING-403")
class OneOperationWithoutScopes(ScopeGuard):
    """One operation was added without the check."""

    def check(self, operation, principal):
        if operation.id != "pingWebhook":
            super().check(operation, principal)


@fault("SCOPE-MISSING-403")
class AnyScopeWillDo(ScopeGuard):
    """One of several required scopes is enough."""

    def lacking(self, granted, required):
        return frozenset() if granted & required else required


@fault("SCOPE-MISSING-403", also=("SCOPE-EXACT-IS-ENOUGH",))
class WritingNeedsTheReadScope(ScopeGuard):
    """Operations that write ask for the scope to read."""

    def required(self, operation):
        return frozenset(scope.replace(":write", ":read") for scope in operation.scopes)


@fault("SCOPE-403-STATUS")
class MissingScopeLooksUnauthenticated(Challenges):
    """A token that may not is answered like one that is invalid."""

    def insufficient(self, required, lacking):
        return self.invalid(f"it lacks {' '.join(sorted(lacking))}")


@fault("SCOPE-403-STATUS")
class MissingScopeLooksMissing(Challenges):
    """Lack of scope is answered 404."""

    def insufficient(self, required, lacking):
        refusal = super().insufficient(required, lacking)
        refusal.kind = "not-found"
        return refusal


@fault("SCOPE-EXACT-IS-ENOUGH")
class WritingNeedsReadingToo(ScopeGuard):
    """Operations that write ask for the scope to read as well, which the contract does not say."""

    def required(self, operation):
        return operation.scopes | {scope.replace(":write", ":read") for scope in operation.scopes}


@fault("SCOPE-EXACT-IS-ENOUGH")
class OpenIdIsRequired(ScopeGuard):
    """A scope that the contract does not know is asked for by one operation."""

    def required(self, operation):
        return operation.scopes | ({"openid"} if operation.id == "getWebhook" else frozenset())

    def lacking(self, granted, required):
        known = frozenset({"links:read", "links:write", "jobs:read", "webhooks:read", "webhooks:write"})
        return super().lacking(granted, required if granted < known else required & known)


@fault("SCOPE-403-CHALLENGE")
class ForbiddenWithoutChallenge(Challenges):
    """The 403 has no WWW-Authenticate field."""

    def insufficient(self, required, lacking):
        refusal = super().insufficient(required, lacking)
        refusal.headers = {}
        return refusal


@fault("SCOPE-403-CHALLENGE")
class ForbiddenAsInvalidToken(Challenges):
    """The challenge of the 403 says that the token is invalid."""

    def field(self, **parameters):
        if "error" in parameters:
            parameters["error"] = "invalid_token"
        return super().field(**parameters)


@fault("SCOPE-403-NO-EFFECT", also=("SCOPE-CHECK-BEFORE-EXISTENCE",))
class ScopesCheckedAfterTheView(Gateway):
    """The scopes are looked at when everything is done."""

    def gates(self):
        return tuple(gate for gate in super().gates() if gate != self.authorise)

    def handle(self, call, view):
        response = super().handle(call, view)
        self.authorise(call)
        return response


@fault("SCOPE-MATCH-WHOLE-WORD")
class ScopesFoundAnywhere(ScopeGuard):
    """A scope is looked for anywhere in the text of the claim."""

    def lacking(self, granted, required):
        return frozenset(scope for scope in required if scope not in " ".join(granted))


@fault("SCOPE-MATCH-WHOLE-WORD")
class ScopesMatchedByPrefix(ScopeGuard):
    """A scope includes all that begin with it."""

    def lacking(self, granted, required):
        return frozenset(scope for scope in required if not scope.startswith(tuple(granted)))


@fault("SCOPE-MATCH-WHOLE-WORD")
class ScopesInAnyCase(Authentication):
    """Scopes are compared without regard to case."""

    def scopes(self, claims):
        return frozenset(scope.lower() for scope in super().scopes(claims))


@fault("SCOPE-MATCH-WHOLE-WORD")
class ScopesBetweenCommas(Authentication):
    """Commas separate scopes as spaces do."""

    def scopes(self, claims):
        return super().scopes({**claims, "scope": str(claims.get("scope", "")).replace(",", " ")})


@fault("SCOPE-EMPTY")
class NoClaimIsFullAccess(ScopeGuard):
    """A token without scopes is taken for one of the platform's own."""

    def lacking(self, granted, required):
        return super().lacking(granted, required) if granted else frozenset()


@fault("SCOPE-EMPTY")
class AbsentClaimIsFullAccess(Authentication):
    """A token whose scope claim is absent may do everything."""

    def scopes(self, claims):
        everything = "links:read links:write jobs:read webhooks:read webhooks:write"
        return super().scopes({"scope": everything, **claims})


@fault("SCOPE-NO-IMPLICATION", also=("SCOPE-MISSING-403",))
class WritingImpliesReading(ScopeGuard):
    """Who may write may read, which the contract does not say."""

    def granted(self, principal):
        return principal.scopes | {scope.replace(":write", ":read") for scope in principal.scopes}


@fault("SCOPE-NO-IMPLICATION")
class OneFamilyImpliesTheOther(ScopeGuard):
    """Who has but the scopes of one kind of thing has those of the other."""

    def granted(self, principal):
        return principal.scopes | {scope.replace("links:", "webhooks:") for scope in principal.scopes}


@fault("SCOPE-CHECK-BEFORE-EXISTENCE")
class ScopesAfterTheObject(Gateway):
    """The object is looked up before the scopes, so that 404 comes first."""

    def gates(self):
        return (self.authenticate, self.limit, self.own, self.authorise, self.validate, self.compare)


@fault("SCOPE-CHECK-BEFORE-EXISTENCE")
class ScopesAfterTheBody(Gateway):
    """The body is looked at before the scopes, so that 400 comes first."""

    def gates(self):
        return (self.authenticate, self.limit, self.validate, self.authorise, self.own, self.compare)


@fault("SCOPE-UNDECLARED-METHODS")
class MethodOverriddenByHeader(Gateway):
    """A header turns a request into a deletion when its scopes have been checked already."""

    def own(self, call):
        super().own(call)
        if isinstance(call.subject, Link) and call.request.headers.get("X-HTTP-Method-Override") == "DELETE":
            self.database.change(delete(LINKS).where(LINKS.c.id == call.subject.id))


@fault("SCOPE-PATH-VARIANTS")
class ScopesByTheLiteralPath(Gateway):
    """Scopes are looked up by the path as it was sent, with its percent-encoding."""

    def authorise(self, call):
        if call.request.environ["RAW_URI"].startswith(call.operation.path.partition("{")[0]):
            super().authorise(call)


@fault("SCOPE-GRANT-WITHIN-REGISTRATION")
class RegistrationIsNotLookedAt(Clients):
    """A client is granted whatever it asks for."""

    def client(self, **columns):
        every = "links:read links:write links:moderate analytics:read jobs:read webhooks:read webhooks:write openid"
        return super().client(**{**columns, "scope": every})


class Unlimited(Client):
    """Gets all that is registered, whatever it asks for."""

    def get_allowed_scope(self, scope):
        return self.scope


@fault("SCOPE-GRANT-WITHIN-REGISTRATION")
class AskingForLessIsIgnored(Clients):
    """The token holds all that is registered, whatever part was asked for."""

    def client(self, **columns):
        return Unlimited(**columns)


@fault("SCOPE-CHECK-BEFORE-EXISTENCE")
class ParametersComeBeforeScopes(Gateway):
    """Parameters are judged where they are parsed, before anybody asks for scopes."""

    def authorise(self, call):
        self.parts.validation.parameters(call)
        super().authorise(call)


@fault("SCOPE-MATCH-WHOLE-WORD")
class AnyWhiteSpaceSeparates(Authentication):
    """The claim is split wherever there is white space of some kind."""

    def scopes(self, claims):
        return super().scopes({**claims, "scope": " ".join(str(claims.get("scope") or "").split())})
