"""Ways to get idempotency keys wrong."""

from __future__ import annotations

import itertools
import json
import threading
import uuid

from flask import Response
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
    """The repeat of a creation gets the stored body, with 200."""

    def replay(self, first):
        response = super().replay(first)
        response.status_code = 200
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


@fault("IDEM-REPLAY-NEEDS-AUTH")
class RepeatsAreAnsweredAtTheDoor(Gateway):
    """Stored answers are given out before anybody asks who is there."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.answers = {}

    def handle(self, call, view):
        slot = (call.request.path, call.request.environ.get(HEADER))
        if slot not in self.answers:
            response = super().handle(call, view)
            if slot[1] is None:
                return response
            self.answers[slot] = copied(response)
        return copied(self.answers[slot])


@fault("IDEM-REPLAY-NEEDS-AUTH")
class RepeatsNeedNoScope(Gateway):
    """Stored answers are given out once it is known who is there, and before it is asked what they may do."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.answered = set()

    def authorise(self, call):
        if self.slot(call) not in self.answered:
            super().authorise(call)

    def decide(self, call, view):
        self.answered.add(self.slot(call))
        return super().decide(call, view)

    def slot(self, call):
        return (call.caller and call.caller.key, call.request.environ.get(HEADER, uuid.uuid4()))


@fault("IDEM-REJECTED-NOT-STORED")
class RefusalIsRemembered(Gateway):
    """What was refused for its form is refused again under the same key, whatever it is then."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.refusals = {}

    def validate(self, call):
        slot = (call.caller, call.request.environ.get(HEADER, uuid.uuid4()))
        if slot in self.refusals:
            raise self.refusals[slot]
        try:
            super().validate(call)
        except RefusalError as refusal:
            self.refusals[slot] = refusal
            raise


@fault("IDEM-REJECTED-NOT-STORED")
class RefusalTakesTheKey(Gateway):
    """The key is taken before the scopes are looked at, and not given back."""

    def authorise(self, call):
        try:
            super().authorise(call)
        except RefusalError:
            keys = self.parts.keys
            given = keys.given(call.request, call.operation)
            if given:
                keys.claim(keys.storage_key(call, given), keys.fingerprint(call), keys.retention(call.operation))
            raise


@fault("IDEM-AFTER-DELETE")
class DeletedIsMadeAgain(IdempotencyKeys):
    """Before an answer is repeated, the link is looked for, and made again if it is gone."""

    def recall(self, key):
        first = super().recall(key)
        if first is None or link_exists(self.database, first):
            return first
        self.database.change(delete(OUTCOMES).where(OUTCOMES.c.key == key))
        return None


@fault("IDEM-AFTER-DELETE")
class AnswerGoesWithItsLink(IdempotencyKeys):
    """A repeat gets 404 once the link is gone."""

    def replay(self, first):
        if not link_exists(self.database, first):
            raise not_found()
        return super().replay(first)


@fault("IDEM-CROSS-WORKER")
class KeysBelongToTheConnection(IdempotencyKeys):
    """Keys are remembered for each connection."""

    def scope(self, call):
        return (*super().scope(call), call.request.environ["REMOTE_PORT"])


@fault("IDEM-CROSS-WORKER")
class KeysBelongToTheWorker(IdempotencyKeys):
    """Two workers take the requests in turn, and each has keys of its own."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.turns = itertools.count()

    def scope(self, call):
        return (*super().scope(call), str(next(self.turns) % 2))


@fault("IDEM-FINGERPRINT-STABLE")
class EveryFieldCounts(IdempotencyKeys):
    """All header fields are part of what makes two requests equal."""

    def fingerprint(self, call):
        return digest(super().fingerprint(call), str(sorted(call.request.headers)))


@fault("IDEM-FINGERPRINT-STABLE")
class AgentCounts(IdempotencyKeys):
    """The agent is part of what makes two requests equal."""

    def fingerprint(self, call):
        return digest(super().fingerprint(call), str(call.request.user_agent))


@fault("IDEM-TOKEN-REFRESH-SAME-PRINCIPAL")
class KeysBelongToTheToken(IdempotencyKeys):
    """Keys are told apart by the token, and a new token of the same principal has none."""

    def scope(self, call):
        return (call.request.headers["Authorization"], *super().scope(call))


@fault("IDEM-TOKEN-REFRESH-SAME-PRINCIPAL")
class TokenCounts(IdempotencyKeys):
    """The token is part of what makes two requests equal."""

    def fingerprint(self, call):
        return digest(super().fingerprint(call), call.request.headers["Authorization"])


@fault("IDEM-SAFE-METHODS-IGNORE")
class ReadingsAreKept(Gateway):
    """Whatever comes with a key is answered as it was the first time, also where it only reads."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.answers = {}

    def handle(self, call, view):
        slot = (call.request.path, call.request.environ.get(HEADER))
        if call.request.method != "GET" or slot[1] is None:
            return super().handle(call, view)
        if slot not in self.answers:
            self.answers[slot] = copied(super().handle(call, view))
        return copied(self.answers[slot])


def copied(response):
    return Response(response.get_data(), response.status_code, dict(response.headers))


def link_exists(database, first):
    """Whether the link that an answer speaks of is still there; true of answers that speak of something else."""
    made = json.loads(first.body or b"{}").get("id", "")
    return not made.startswith("lnk_") or database.row(select(LINKS).where(LINKS.c.id == made)) is not None
