"""Ways to get the form of answers wrong."""

from __future__ import annotations

import json

from flask import Response, request

from reference_impl.faults import fault
from reference_impl.gateway.bodies import Bodies
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.preconditions import Preconditions
from reference_impl.gateway.problems import Problems
from reference_impl.routing import Routes
from reference_impl.views.pages import Pages
from reference_impl.views.representations import Answers


@fault("REST-CONTENT-TYPE-TRUE", also=("REST-RESPONSE-CONFORMS-SCHEMA", "ERR-PROBLEM-MEDIA-TYPE"))
class ProblemsAreLabelledHtml(Problems):
    """A refusal is JSON, and labelled with the default of the framework."""

    media_type = "text/html"


@fault("REST-CONTENT-TYPE-TRUE")
class JsonIsLatin1(Answers):
    """JSON is written in the character set of the old days."""

    def serialise(self, document):
        return json.dumps(document, ensure_ascii=False).encode("latin-1", "replace")


@fault("REST-JSON-SUFFIX-AND-PARAMS")
class MediaTypesAreComparedAsText(Bodies):
    """Content-Type is compared as a whole, so that a parameter makes it another one."""

    def media_type(self, request):
        return request.content_type or ""


@fault("REST-JSON-SUFFIX-AND-PARAMS")
class CapitalsMakeAnotherMediaType(Bodies):
    """The parameters are cut off, but the case of the letters counts."""

    def media_type(self, request):
        return (request.content_type or "").partition(";")[0].strip()


@fault("REST-NOT-ACCEPTABLE")
class NegotiationCrashes(Answers):
    """The best of no match is taken for a media type."""

    def json(self, document, status=200):
        best = request.accept_mimetypes.best_match(["application/json"])
        return super().json(document, status) if best.startswith("application/") else None


@fault("REST-NOT-ACCEPTABLE")
class AnythingElseIsAPage(Answers):
    """Who does not ask for JSON is taken for a browser, and gets a page."""

    def json(self, document, status=200):
        if "application/json" in request.accept_mimetypes:
            return super().json(document, status)
        return Response("<!doctype html><title>Links</title>", status, mimetype="text/html")


@fault("REST-HEAD-PARITY")
class HeadIsNotRouted(Routes):
    """Nothing answers HEAD, since no operation is declared for it."""

    def methods(self, operation):
        return [method for method in super().methods(operation) if method != "HEAD"]


@fault("REST-HEAD-PARITY")
class HeadIsAnsweredAtTheDoor(Gateway):
    """HEAD is answered with an empty 200 before anybody asks who it is and what there is."""

    def handle(self, call, view):
        return Response() if call.request.method == "HEAD" else super().handle(call, view)


@fault("REST-HEAD-PARITY")
class OnlyGetIsConditional(Preconditions):
    """Nothing is saved by 304 where nothing would be sent."""

    def unchanged(self, request, tag):
        return request.method == "GET" and super().unchanged(request, tag)


@fault("REST-HEAD-PARITY")
class HeadIsOfTheFirstPage(Pages):
    """HEAD looks at the list as such."""

    def before(self, call):
        return super().before(call) if call.request.method == "GET" else None


@fault("REST-JSON-SUFFIX-AND-PARAMS")
class TheCharsetIsComparedToTheLetter(Bodies):
    """A charset is taken if it is written as utf-8, in small letters."""

    def media_type(self, request):
        charset = request.headers.get("Content-Type", "").partition("charset=")[2]
        return request.mimetype if charset.strip('"') in {"", "utf-8"} else "unknown/charset"
