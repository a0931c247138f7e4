"""Credentials are not looked at, or not as they should be."""

from __future__ import annotations

from dialects.faults import fault
from dialects.operations import operations
from dialects.server.door import Door
from dialects.server.messages import RefusedError
from dialects.server.service import Service


def anybody(door):
    return next(iter(door.people.keys.values()))


@fault("AUTH-REQUIRED-EVERY-OPERATION")
class WritesForNobody(Door):
    """A creation needs no credentials."""

    def admitted(self, request, operation):
        if operation.name == "createThing" and not self.presented(request):
            return anybody(self)
        return super().admitted(request, operation)


@fault("AUTH-REQUIRED-EVERY-OPERATION")
class ListsForNobody(Door):
    """A list needs no credentials."""

    def admitted(self, request, operation):
        if operation.name == "listThings" and not self.presented(request):
            return anybody(self)
        return super().admitted(request, operation)


@fault("GRID-REFUSED", credentials=("bearer", "oauth2"))
class TakesAnyToken(Door):
    """A token that nobody has issued is taken for somebody's."""

    def by_token(self, request):
        token = request.header("Authorization").partition(" ")[2]
        return super().by_token(request) or (anybody(self) if token else None)


@fault("AUTH-SCHEME-CASE-INSENSITIVE", credentials=("bearer", "oauth2"))
class ReadsSchemeLiterally(Door):
    """Only `Bearer` is taken for the name of the scheme."""

    def by_token(self, request):
        return super().by_token(request) if request.header("Authorization").startswith("Bearer ") else None


@fault("AUTH-OTHER-SCHEME-REJECTED", credentials=("bearer", "oauth2"))
class ReadsNoScheme(Door):
    """A token is taken under any name of a scheme."""

    def by_token(self, request):
        return self.people.tokens.get(request.header("Authorization").partition(" ")[2].strip())


@fault("AUTH-TOKEN-IN-QUERY-REJECTED", credentials=("bearer", "oauth2"))
class TakesTokenInQuery(Door):
    """A token may stand in the query."""

    def by_token(self, request):
        return super().by_token(request) or self.people.tokens.get(request.argument("access_token"))

    def presented(self, request):
        return super().presented(request) or request.argument("access_token") is not None


@fault(
    "AUTH-401-CHALLENGE", credentials=("bearer", "basic", "bearer-and-key", "bearer-or-key", "oauth2"), anonymous=(401,)
)
class ChallengesNobody(Door):
    """A 401 does not say how to authenticate."""

    def unknown(self, request, operation):
        del request, operation
        return RefusedError(401, "credentials are needed")


@fault("AUTH-401-STATUS", anonymous=(401,))
class ForbidsNobody(Door):
    """A request without credentials is answered 403, where 401 is declared."""

    def unknown(self, request, operation):
        return super().unknown(request, operation) if self.presented(request) else RefusedError(403, "it is forbidden")


@fault("AUTH-BEFORE-VALIDATION", anonymous=(401,), normative=(True,), media=("json", "vendor-json"))
class ChecksBodyFirst(Service):
    """A body is checked before the credentials are."""

    def answered(self, request):
        operation, _ = self.routed(request)
        if operation.name == "createThing":
            self.bodies.taken(request, operation.name)
        return super().answered(request)


@fault("SCOPE-MISSING-403", credentials=("oauth2",))
class ChecksNoScope(Door):
    """Any token is good for everything."""

    def permitted(self, caller, operation):
        del operation
        return caller


@fault("SCOPE-403-STATUS", credentials=("oauth2",), anonymous=(401,))
class TakesScopeForCredentials(Door):
    """A token without the scope is answered 401."""

    def permitted(self, caller, operation):
        try:
            return super().permitted(caller, operation)
        except RefusedError:
            raise RefusedError(401, "the scope does not suffice", WWW_Authenticate='Bearer realm="things"') from None


@fault("GRID-REFUSED", credentials=("bearer-and-key",))
class ForgetsKey(Door):
    """Of two schemes that must both be satisfied, the key is not looked at."""

    def fulfilled(self, request, alternative):
        return super().fulfilled(request, {name: each for name, each in alternative.items() if name != "key"})


@fault("GRID-REFUSED", credentials=("key-in-header", "key-in-query", "key-in-cookie"))
class TakesAnyKey(Door):
    """A key that nobody has is taken for somebody's."""

    def by_key(self, request):
        return super().by_key(request) or (anybody(self) if self.key(request) else None)


@fault("AUTH-BASIC-PASSWORD-COMPARED", credentials=("basic",))
class TakesAnyPassword(Door):
    """Whoever brings the name of somebody is that one."""

    def known(self, name, password):
        del password
        return next((each for each in self.people.keys.values() if each.name == name), None)


@fault("GRID-REFUSED", credentials=("basic",))
class TakesAnyLogin(Door):
    """A name that nobody has is taken for somebody's."""

    def known(self, name, password):
        return super().known(name, password) or anybody(self)


@fault("AUTH-PUBLIC-OPERATIONS-OPEN", exception=("public-status",))
class ClosesWhatIsPublic(Door):
    """What the document opens to everybody needs credentials."""

    def alternatives(self, operation):
        protected = next(known for known in operations(self.dialect) if known.name == "createThing")
        return super().alternatives(protected if operation.name == "readStatus" else operation)
