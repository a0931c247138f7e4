"""Things are not made, changed, shown or removed as the document says."""

from __future__ import annotations

from dialects.faults import fault
from dialects.members import plain_body
from dialects.server.answers import Answers
from dialects.server.bodies import Bodies
from dialects.server.messages import RefusedError, Response
from dialects.server.service import Service
from dialects.server.store import Store


@fault("REST-RESPONSE-CONFORMS-SCHEMA")
class SpellsNumbers(Answers):
    """A number is shown as a text."""

    def shown(self, thing):
        found = super().shown(thing)
        return found | {"qty": str(found.get("qty", 0))}


@fault("REST-CREATE-201-LOCATION", location=("path", "absolute", "relative"), created=(201,))
class PointsElsewhere(Answers):
    """Location names something that is not there."""

    def address(self, thing, request):
        return super().address(thing, request).replace("things/", "thingz/")


@fault("REST-READ-YOUR-WRITES", update=("put", "patch"))
class ForgetsChanges(Store):
    """A change is acknowledged and not kept."""

    def replace(self, thing, values):
        """Keeps what there is."""

    def merge(self, thing, patch):
        """Keeps what there is."""


@fault("REST-DELETE-GONE")
class KeepsDeleted(Store):
    """What was deleted is still there."""

    def remove(self, thing):
        """Keeps the thing."""


@fault("REST-DELETE-GONE", pages=("none",))
class ListsDeleted(Store):
    """What was deleted is still listed."""

    def remove(self, thing):
        self.removed.append(thing)
        super().remove(thing)

    def listed(self, caller):
        return super().listed(caller) + [thing for thing in self.removed if thing.owner == caller]

    @property
    def removed(self):
        return self.__dict__.setdefault("_removed", [])


@fault("REST-METHOD-405-ALLOW", wrong_method=(405,), normative=(True,))
class TellsNoMethods(Service):
    """A 405 does not say which methods there are."""

    def wrong_method(self, allowed):
        del allowed
        return RefusedError(405, "there is no such method")


@fault("REST-UNSUPPORTED-MEDIA-415")
class TakesAnyMediaType(Bodies):
    """The label of a body is not looked at."""

    def labelled(self, request, wanted):
        del request, wanted
        return True


@fault("REST-SAFE-METHODS-SAFE")
class ChangesByReading(Service):
    """A list removes what is older than the newest thing of the caller."""

    def list_things(self, call):
        response = super().list_things(call)
        for thing in self.store.listed(call.name)[:-1]:
            self.store.remove(thing)
        return response


@fault("REST-MERGE-PATCH-SEMANTICS", update=("patch",))
class PatchesWhole(Store):
    """A merge patch takes away what it does not name."""

    def merge(self, thing, patch):
        super().replace(thing, {"name": thing.values["name"], **{k: v for k, v in patch.items() if v is not None}})


@fault("REST-CONTENT-TYPE-TRUE")
class LabelsJsonAsText(Answers):
    """A representation is labelled as HTML."""

    def content(self, value, status=200, headers=None):
        return super().content(value, status, {**(headers or {}), "Content-Type": "text/html"})


@fault("REST-TIMESTAMP-FORMAT", dated=(True,))
class TellsLocalTime(Answers):
    """A moment is shown without its offset."""

    def shown(self, thing):
        found = super().shown(thing)
        return found | {"due": found.get("due", "2026-01-01T00:00:00Z")[:19]}


@fault("ERR-PROBLEM-STATUS-MATCHES", problems=("problem",))
class TellsOtherStatus(Answers):
    """The number in a problem document is not that of the answer."""

    def refusal(self, refusal):
        response = super().refusal(refusal)
        content = response.content.replace(f'"status": {refusal.status}'.encode(), b'"status": 500')
        return Response(status=response.status, headers=response.headers, content=content)


@fault("ERR-PROBLEM-MEDIA-TYPE", problems=("problem",))
class LabelsProblemsAsJson(Answers):
    """A problem document is labelled as any JSON."""

    def refusal(self, refusal):
        response = super().refusal(refusal)
        headers = {**response.headers, "Content-Type": "application/json"}
        return Response(status=response.status, headers=headers, content=response.content)


@fault("ERR-NO-INTERNALS")
class TellsTraceback(Service):
    """A refusal of a body holds where in the program it arose."""

    def answered(self, request):
        try:
            return super().answered(request)
        except RefusedError as refusal:
            if refusal.status in {400, self.dialect.invalid} and request.content:
                raise RefusedError(refusal.status, TRACEBACK) from None
            raise


TRACEBACK = 'Traceback (most recent call last):\\n  File "/srv/things/app.py", line 12, in create\\nValueError'


@fault("ERR-MALFORMED-JSON-400", media=("json", "vendor-json"))
class ReadsBrokenJson(Bodies):
    """What is not JSON is taken for a body that says nothing."""

    def from_json(self, content):
        try:
            return super().from_json(content)
        except RefusedError:
            return plain_body(self.dialect, "unnamed")
