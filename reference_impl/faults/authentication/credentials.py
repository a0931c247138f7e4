"""Ways to let in who is unknown, to turn away who is known, and to say the wrong thing at the door."""

from __future__ import annotations

from flask import g

from reference_impl.domain.entities import Principal
from reference_impl.domain.refusals import RefusalError, not_found
from reference_impl.faults import fault
from reference_impl.gateway.credentials import Authentication, BearerCredentials, Challenges
from reference_impl.gateway.gateway import Gateway
from reference_impl.oauth.clients import Client, Clients
from reference_impl.oauth.metadata import Metadata
from reference_impl.oauth.verifier import InvalidTokenError, TokenVerifier


def claimed(gateway, call):
    """The principal that the token speaks of, whether or not it is sound."""
    authentication = gateway.parts.authentication
    token = authentication.verifier.take_apart(authentication.credentials.extract(call.request))
    return authentication.principal(token.claims)


@fault("AUTH-REQUIRED-EVERY-OPERATION")
class ForgetsOneRoute(Gateway):
    """Takes who creates without a name for the house itself."""

    def authenticate(self, call):
        if call.operation.id == "createLink" and "Authorization" not in call.request.headers:
            call.caller = Principal(issuer="", subject="internal", scopes=call.operation.scopes)
        else:
            super().authenticate(call)


@fault("AUTH-REQUIRED-EVERY-OPERATION")
class ReadsForWhoeverKnowsTheAddress(Gateway):
    """Takes the id of a thing for a secret: who knows it may read."""

    def authenticate(self, call):
        if call.operation.id == "getLink" and "Authorization" not in call.request.headers:
            issuer, _, subject = self.parts.ownership.finders["linkId"](call.path["linkId"]).owner.partition("|")
            call.caller = Principal(issuer=issuer, subject=subject, scopes=call.operation.scopes)
        else:
            super().authenticate(call)


@fault("AUTH-401-STATUS")
class ForbidsWhoIsUnknown(Challenges):
    """Answers a request without credentials as one without the scope."""

    def missing(self):
        return RefusalError("insufficient-scope", "Nobody may do this.", headers={"WWW-Authenticate": self.field()})


@fault("AUTH-UNKNOWN-NOT-404", also=("AUTH-401-INVALID-TOKEN",))
class NobodyIsFound(Challenges):
    """Looks up who has the token, and says that there is no such thing."""

    def invalid(self, reason):
        return not_found()


@fault("AUTH-PUBLIC-OPERATIONS-OPEN")
class LocksTheKeysAway(Gateway):
    """Asks for a token before it gives the keys that verify tokens."""

    def authenticate(self, call):
        super().authenticate(call)
        if call.operation.id == "getKeys":
            self.parts.authentication.authenticate(call.request)


class KnownByName(Client):
    def check_client_secret(self, client_secret):
        return True


@fault("AUTH-BASIC-PASSWORD-COMPARED")
class TakesWhoeverHasAName(Clients):
    """The name of a client will do, whatever stands after the colon."""

    def client(self, **columns):
        return KnownByName(**columns)


@fault("AUTH-401-CHALLENGE")
class SaysNothingAtTheDoor(Challenges):
    """Leaves the challenge out."""

    def unauthenticated(self, detail, **parameters):
        return RefusalError("unauthenticated", detail)


@fault("AUTH-401-CHALLENGE")
class QuotesWithinQuotes(Challenges):
    """Writes quotation marks into a quoted text as they are."""

    def field(self, **parameters):
        return super().field(**parameters, error_description='an "access token" is needed')


@fault("AUTH-401-INVALID-TOKEN")
class ForbidsABadToken(Challenges):
    """Answers a token that is not accepted with 403."""

    def invalid(self, reason):
        field = self.field(error="invalid_token")
        return RefusalError("insufficient-scope", f"Not accepted: {reason}.", headers={"WWW-Authenticate": field})


@fault("AUTH-401-INVALID-TOKEN")
class BreaksOnABadToken(Authentication):
    """Lets the error of the verification fall through."""

    def authenticate(self, request):
        return self.principal(self.verifier.verify(self.credentials.extract(request)))


@fault("AUTH-401-INVALID-TOKEN")
class TellsTheErrorInTheBodyOnly(Challenges):
    """Says in the body what is wrong, and in the challenge nothing."""

    def invalid(self, reason):
        return self.unauthenticated(f"The access token is not accepted: {reason}.")


@fault("AUTH-401-NO-CREDENTIALS-NO-CODE")
class CallsNothingInvalid(Challenges):
    """Has one challenge for all: invalid_token, even if there was no token."""

    def missing(self):
        return self.invalid("there is none")


@fault("AUTH-SCHEME-CASE-INSENSITIVE")
class ComparesTheSchemeAsText(BearerCredentials):
    """Knows the scheme with a capital only."""

    def is_bearer(self, scheme):
        return scheme == "Bearer"


@fault("AUTH-OTHER-SCHEME-REJECTED")
class TakesTheLastWord(BearerCredentials):
    """Takes the last word of the field for the token, whatever stands before it."""

    def is_bearer(self, scheme):
        return True


@fault("AUTH-TOKEN-IN-QUERY-REJECTED")
class ReadsTheQueryToo(BearerCredentials):
    """Uses an extractor that looks into the query when the header is missing."""

    def field(self, request):
        token = request.args.get("access_token")
        return super().field(request) or (f"Bearer {token}" if token else None)


@fault("AUTH-TOKEN-IN-QUERY-REJECTED")
class HasAShortcutForBrowsers(BearerCredentials):
    """Accepts the token as ?token=, for clients that cannot set header fields."""

    def field(self, request):
        return super().field(request) or (f"Bearer {request.args['token']}" if "token" in request.args else None)


@fault("AUTH-TWO-CREDENTIALS")
class TakesTheLastField(BearerCredentials):
    """Takes the last of several Authorization fields."""

    def field(self, request):
        field = super().field(request)
        return field and field.rpartition(",")[2].strip()


@fault("AUTH-TWO-CREDENTIALS")
class TakesTheFirstField(BearerCredentials):
    """Takes the first of several Authorization fields."""

    def field(self, request):
        field = super().field(request)
        return field and field.partition(",")[0]


@fault("AUTH-TWO-CREDENTIALS")
class PrefersTheQuery(BearerCredentials):
    """Takes the token from the query where there is one, and else from the header."""

    def field(self, request):
        token = request.args.get("access_token")
        return f"Bearer {token}" if token and super().field(request) else super().field(request)


@fault("AUTH-BEFORE-VALIDATION")
class ValidatesFirst(Gateway):
    """Looks at parameters and body before it asks who is there."""

    def gates(self):
        return (self.validate, self.authenticate, self.authorise, self.limit, self.own, self.compare)


@fault("AUTH-BEFORE-VALIDATION")
class LooksForTheThingFirst(Gateway):
    """Answers 404 for what is not there before it asks who wants to know."""

    def authenticate(self, call):
        for parameter, find in self.parts.ownership.finders.items():
            if parameter in call.path and find(call.path[parameter]) is None:
                raise not_found()
        super().authenticate(call)


@fault("AUTH-401-NO-EFFECT")
class VerifiesAfterTheWork(Gateway):
    """Does the work in the name that the token claims, and verifies the token when the answer is due."""

    def authenticate(self, call):
        if call.operation.protected:
            call.caller = claimed(self, call)

    def handle(self, call, view):
        answer = super().handle(call, view)
        super().authenticate(call)
        return answer


@fault("AUTH-401-NO-EFFECT")
class KeepsTheRefusal(Gateway):
    """Stores the refusal of a bad token as the answer that belongs to the idempotency key."""

    def authenticate(self, call):
        try:
            super().authenticate(call)
        except RefusalError as refusal:
            call.caller, answer = claimed(self, call), self.parts.problems.render(refusal, g.request_id)
            self.parts.keys.answer(call, lambda: answer)
            raise


@fault("AUTH-CREDENTIALS-NOT-ECHOED")
class QuotesTheToken(TokenVerifier):
    """Quotes the token that it does not accept, as a help for whoever debugs."""

    def verify(self, text):
        try:
            return super().verify(text)
        except InvalidTokenError as error:
            raise InvalidTokenError(f"{error} ({text})") from error


@fault("AUTH-CREDENTIALS-NOT-ECHOED")
class QuotesTheField(BearerCredentials):
    """Quotes the Authorization field that it cannot read."""

    def extract(self, request):
        try:
            return super().extract(request)
        except RefusalError as refusal:
            raise self.challenges.unauthenticated(f"Not understood: {self.field(request)}") from refusal


@fault("AUTH-RESOURCE-METADATA")
class KeepsThePlaceholder(Metadata):
    """Publishes the name of the resource that was in the template."""

    def resource(self):
        return {**super().resource(), "resource": "https://api.example.com"}


@fault("AUTH-RESOURCE-METADATA")
class AddsASlash(Metadata):
    """Writes the issuer with a slash that its tokens do not have."""

    def resource(self):
        return {**super().resource(), "authorization_servers": [self.issuer() + "/"]}


@fault("AUTH-BEFORE-VALIDATION")
class ParametersComeFirst(Gateway):
    """Parameters are judged where they are parsed, before anybody asks who calls."""

    def authenticate(self, call):
        if call.operation.protected:
            self.parts.validation.parameters(call)
        super().authenticate(call)


@fault("AUTH-TWO-CREDENTIALS")
class EqualFieldsAreOne(BearerCredentials):
    """Of two fields with the same value one is looked at."""

    def field(self, request):
        given = super().field(request)
        fields = {each.strip() for each in (given or "").split(",")}
        return fields.pop() if len(fields) == 1 else given
