"""Ways to get refusals wrong."""

from __future__ import annotations

import re
import traceback
import uuid

from flask import Response, g, request
from sqlalchemy import select

from reference_impl.domain.refusals import RefusalError
from reference_impl.faults import fault
from reference_impl.gateway.bodies import Bodies
from reference_impl.gateway.problems import Problems
from reference_impl.gateway.receivers import ReceiverRules
from reference_impl.oauth.server import TokenEndpoint
from reference_impl.storage.tables import LINKS


@fault("ERR-PROBLEM-MEDIA-TYPE", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class ProblemsAreLabelledJson(Problems):
    """Problem documents are labelled as plain JSON."""

    media_type = "application/json"


@fault("ERR-PROBLEM-MEDIA-TYPE", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class ProblemsAreArrays(Problems):
    """A problem document is wrapped in an array."""

    def serialise(self, document):
        return b"[" + super().serialise(document) + b"]"


@fault("ERR-PROBLEM-STATUS-MATCHES", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class StatusIsText(Problems):
    """The status member is text."""

    def status_member(self, refusal):
        return str(super().status_member(refusal))


@fault("ERR-PROBLEM-STATUS-MATCHES")
class StatusIsAlways400(Problems):
    """The status member is that of the handler, which the gateway has since overruled."""

    def status_member(self, refusal):
        return 400


@fault("ERR-PROBLEM-TYPE-STABLE", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class TypesAreNeverTheSame(Problems):
    """The type names the single occurrence instead of the kind."""

    def type(self, refusal):
        return f"{super().type(refusal)}/{uuid.uuid4()}"


@fault("ERR-PROBLEM-TYPE-STABLE", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class TypesAreBlank(Problems):
    """Every problem is about:blank, although the contract lists the types."""

    def type(self, refusal):
        return "about:blank"


@fault("ERR-PROBLEM-TYPE-STABLE")
class OneTypeForAll(Problems):
    """Every refusal is of the same type."""

    def type(self, refusal):
        return self.base + "malformed-request"


@fault("ERR-VALIDATION-POINTERS")
class OnlyTheFirstIsNamed(Problems):
    """The list of offending members ends after the first."""

    def errors(self, refusal):
        return super().errors(refusal)[:1]


@fault("ERR-VALIDATION-POINTERS")
class LocationsAreProse(Problems):
    """The offending member is named in words that no program understands."""

    def entry(self, offence):
        return {"detail": f"The member {offence.pointer or offence.parameter} {offence.detail}."}


@fault("ERR-MALFORMED-JSON-400")
class BrokenBytesAreReplaced(Bodies):
    """Bytes that are no UTF-8 are replaced in silence."""

    def parse(self, content):
        return super().parse(content.decode("utf-8", "replace").encode())


@fault("ERR-MALFORMED-JSON-400", also=("ROB-NO-5XX-ON-INPUT",))
class TheParserCrashes(Bodies):
    """What the parser raises is caught by nobody."""

    def parse(self, content):
        try:
            return super().parse(content)
        except ValueError as error:
            raise LookupError from error


@fault("ERR-NO-INTERNALS")
class DetailHoldsTheStack(Problems):
    """The detail shows where in the code the refusal was made."""

    def detail(self, refusal):
        return super().detail(refusal) + "".join(traceback.format_stack(limit=2))


@fault("ERR-NO-INTERNALS")
class DetailHoldsTheQuery(Problems):
    """The detail shows the query that found nothing."""

    def detail(self, refusal):
        return f"{super().detail(refusal)} ({select(LINKS.c.id)})"


@fault("ERR-OAUTH-SHAPE", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class OAuthErrorsAreProblems(TokenEndpoint):
    """The token endpoint refuses with the problem documents of the API."""

    def handle_error_response(self, request, error):
        response = super().handle_error_response(request, error)
        response.mimetype = "application/problem+json"
        return response


@fault("ERR-OAUTH-SHAPE", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class OAuthErrorsAreInvented(TokenEndpoint):
    """The token endpoint has error codes of its own."""

    def handle_error_response(self, request, error):
        error.error = f"links_{error.error}"
        return super().handle_error_response(request, error)


@fault("ERR-PROBLEM-TITLE-STABLE")
class TitlesTellTheWholeStory(Problems):
    """The title says what is wrong this time, since it is all that the client shows."""

    def title(self, refusal):
        return f"{super().title(refusal)} {refusal.detail}"


@fault("ERR-PROBLEM-TITLE-STABLE")
class TitlesNameThePath(Problems):
    """The title holds the path that was asked for."""

    def title(self, refusal):
        return f"{super().title(refusal).removesuffix('.')}: {request.path}"


@fault("ERR-PROBLEM-TITLE-STABLE")
class PingsHaveWordsOfTheirOwn(Problems):
    """The view that pings has its own title for what cannot be done now."""

    def title(self, refusal):
        pinging = request.path.endswith("/ping") and refusal.kind == "conflict"
        return "Nothing can be sent." if pinging else super().title(refusal)


@fault("ERR-UNROUTED-PROBLEM")
class UnknownPathsArePages(Problems):
    """Where no route leads, the framework shows a page of its own."""

    def render(self, refusal, request_id):
        if refusal.kind != "not-found" or g.get("operation"):
            return super().render(refusal, request_id)
        return Response("<!doctype html><title>404 Not Found</title>", 404, mimetype="text/html")


@fault("ERR-UNROUTED-PROBLEM")
class UnknownPathsAre200(Problems):
    """Where no route leads, the answer is 200: the client is to look into it."""

    def status(self, refusal):
        return 200 if refusal.kind == "not-found" and not g.get("operation") else super().status(refusal)


@fault("ERR-CORRELATION", also=("GW-REQUEST-ID",))
class ProblemsMintTheirOwnId(Problems):
    """The problem document is numbered for itself, and nobody finds its number in the logs."""

    def render(self, refusal, request_id):
        return super().render(refusal, f"req_{uuid.uuid4().hex[:20]}")


@fault("ERR-CORRELATION", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class RoutingErrorsAreAnonymous(Problems):
    """What is refused before an operation is found bears no id."""

    def document(self, refusal, request_id):
        document = super().document(refusal, request_id)
        return document if g.get("operation") else {name: document[name] for name in document if name != "request_id"}


@fault("ERR-VALIDATION-POINTERS")
class RulesPointAtNothing(ReceiverRules):
    """A rule refuses in words, and only the schema names members."""

    def check(self, call):
        try:
            super().check(call)
        except RefusalError as refusal:
            refusal.offences = ()
            raise


@fault("ERR-VALIDATION-POINTERS")
class ElementsAreNotCounted(Problems):
    """What is wrong with an element of a list is said of the list."""

    def entry(self, offence):
        return {name: re.sub(r"/[0-9]+", "", text) for name, text in super().entry(offence).items()}


@fault("ERR-VALIDATION-POINTERS")
class PointersAreEscapedTwice(Problems):
    """The signs of a name are escaped in the wrong order."""

    def entry(self, offence):
        return {name: text.replace("~1", "~01") for name, text in super().entry(offence).items()}
