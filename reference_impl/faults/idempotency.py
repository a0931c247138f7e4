"""Ways to get idempotency keys wrong."""

from __future__ import annotations

import json
import threading
import uuid

from sqlalchemy import delete, select

from reference_impl.domain.refusals import RefusalError, conflict, not_found
from reference_impl.faults import fault
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.idempotency import IdempotencyKeys, digest
from reference_impl.storage.tables import LINKS, OUTCOMES

HEADER = "HTTP_IDEMPOTENCY_KEY"  # as WSGI names it


@fault("IDEM-REPLAY-SAME-RESPONSE")
class KeyIsIgnored(IdempotencyKeys):
    """Everything is done again."""

    def answer(self, call, work):
        return self.carry_out(work)


@fault("IDEM-REPLAY-SAME-RESPONSE")
class RepeatIsAnswered200(IdempotencyKeys):
    """The repeat gets the stored body with 200 instead of the stored status, and a rotation with 201."""

    def replay(self, first):
        response = super().replay(first)
        response.status_code = 401 - first.status
        return response


@fault("IDEM-REPLAY-SAME-RESPONSE")
class RepeatIsWrittenAnew(IdempotencyKeys):
    """The repeat gets a body that was made anew, with another time in it."""

    def replay(self, first):
        response = super().replay(first)
        response.set_data(json.dumps({**json.loads(first.body), "updated_at": "2026-01-01T00:00:00.000Z"}))
        return response


@fault("IDEM-REPLAY-SAME-RESPONSE")
class RepeatConflicts(IdempotencyKeys):
    """A repeat is found by a unique constraint alone, and answered 409."""

    def replay(self, first):
        raise conflict("It was made already.")


@fault("IDEM-REPLAY-NO-SECOND-EFFECT")
class RepeatIsCarriedOut(IdempotencyKeys):
    """The work is done before anybody asks whether its answer is stored."""

    def answer(self, call, work):
        done = self.carry_out(work)
        return super().answer(call, lambda: done)


@fault("IDEM-REPLAY-NO-SECOND-EFFECT")
class RepeatIsPublished(Gateway):
    """The event is published whenever the answer is given, also when it is given again."""

    def handle(self, call, view):
        response = super().handle(call, view)
        if call.operation.id == "createLink":
            links = view.__self__
            links.publish("link.created", links.links.find(response.json["id"]))
        return response


@fault("IDEM-MISMATCH-422")
class AnyBodyIsARepeat(IdempotencyKeys):
    """Bodies are not compared: another one gets the first answer."""

    def content(self, call):
        return b""


@fault("IDEM-MISMATCH-422")
class OtherBodyIsCarriedOut(IdempotencyKeys):
    """Answers are looked up by key and body, so that another body is another request."""

    def scope(self, call):
        return (*super().scope(call), self.fingerprint(call))


@fault("IDEM-MISMATCH-422")
class MismatchForgetsTheKey(IdempotencyKeys):
    """A mismatch is refused, and takes the first answer with it."""

    def refuse(self, first):
        self.database.change(delete(OUTCOMES).where(OUTCOMES.c.key == first.key))
        return super().refuse(first)


@fault("IDEM-CONCURRENT")
class ChecksThenInserts(IdempotencyKeys):
    """The key is looked up before the work and written after it; in between, an equal request does the same."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.crowd = threading.Barrier(2)

    def once(self, call, key, fingerprint, work):
        self.wait_for_company()
        response = self.carry_out(work)
        self.claim(key, fingerprint, self.retention(call.operation))
        self.store(key, response)
        return response

    def wait_for_company(self):
        """The window is as wide as it must be for two requests to be in it, if a second one comes at all."""
        try:
            self.crowd.wait(0.1)
        except threading.BrokenBarrierError:
            self.crowd.reset()


@fault("IDEM-CONCURRENT")
class StaysInProgress(IdempotencyKeys):
    """The mark of a request that is running is never taken away."""

    def store(self, key, response):
        """Nothing is stored."""


@fault("IDEM-KEY-REQUIRED")
class MissingKeyIsMadeUp(Gateway):
    """Where a key is required and none is there, the server makes one up."""

    def validate(self, call):
        call.request.environ.setdefault(HEADER, str(uuid.uuid4()))
        super().validate(call)


@fault("IDEM-KEY-REQUIRED")
class MissingKeyCrashes(IdempotencyKeys):
    """Where a key is required, the code takes for granted that there is one."""

    def given(self, request, operation):
        if self.required(operation):
            return self.parse(request.environ[HEADER], 255)
        return super().given(request, operation)


@fault("IDEM-KEY-OPTIONAL")
class KeyIsAlwaysRequired(IdempotencyKeys):
    """A key is demanded wherever one can be given."""

    def required(self, operation):
        return operation.idempotency is not None


@fault("IDEM-KEY-SYNTAX")
class LongKeyIsCut(Gateway):
    """A key is cut to the width of the column."""

    def validate(self, call):
        call.request.environ[HEADER] = call.request.environ.get(HEADER, str(uuid.uuid4()))[:255]
        super().validate(call)


@fault("IDEM-KEY-SYNTAX")
class EmptyKeyIsNone(Gateway):
    """An empty key counts as none."""

    def validate(self, call):
        if call.request.environ.get(HEADER) == "":
            del call.request.environ[HEADER]
        super().validate(call)


@fault("IDEM-KEY-SYNTAX")
class FirstOfTwoKeysCounts(Gateway):
    """Of two fields, the first one is taken."""

    def validate(self, call):
        if HEADER in call.request.environ:
            call.request.environ[HEADER] = call.request.environ[HEADER].partition(",")[0]
        super().validate(call)


@fault("IDEM-SCOPED-TO-PRINCIPAL")
class KeysAreSharedByAll(IdempotencyKeys):
    """There is one table of keys for everybody."""

    def scope(self, call):
        return super().scope(call)[1:]


@fault("IDEM-SCOPED-TO-PRINCIPAL")
class KeysAreSharedWithinAnIssuer(IdempotencyKeys):
    """Keys are told apart by the issuer of the token, not by its subject."""

    def scope(self, call):
        return (call.principal.issuer, *super().scope(call)[1:])


@fault("IDEM-SCOPED-TO-OPERATION")
class KeyAloneCounts(IdempotencyKeys):
    """An answer is looked up by its key alone, whatever is asked for."""

    def scope(self, call):
        return super().scope(call)[:1]

    def fingerprint(self, call):
        return ""


@fault("IDEM-SCOPED-TO-OPERATION")
class ObjectIsForgotten(IdempotencyKeys):
    """Keys are told apart by operation, and not by the object that the path names."""

    def scope(self, call):
        return (call.principal.key, call.operation.id)

    def fingerprint(self, call):
        return digest(self.content(call))


class Remembering(Gateway):
    """Keeps an answer by key and path, in a place of its own."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.kept = {}

    def slot(self, call):
        return (call.request.path, call.request.environ.get(HEADER))
