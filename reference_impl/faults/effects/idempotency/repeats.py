"""Ways to get the repetition of keyed requests wrong."""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from reference_impl.domain.refusals import RefusalError, conflict, not_found
from reference_impl.faults import fault
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.idempotency import IdempotencyKeys, digest
from reference_impl.storage.tables import LINKS, OUTCOMES, WEBHOOKS

if TYPE_CHECKING:
    from reference_impl.storage.database import Database
    from reference_impl.storage.outcomes import Outcome

CACHED = 50  # answers


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


@fault("IDEM-REPLAY-SAME-RESPONSE")
class ARepeatShowsTheSecretOfNow(IdempotencyKeys):
    """Secrets are not stored with an answer, but put into it when it is given again."""

    def replay(self, first):
        told = json.loads(first.body)
        now = self.database.row(select(WEBHOOKS.c.secret).where(WEBHOOKS.c.id == told.get("id")))
        return super().replay(replace(first, body=json.dumps({**told, **(now or {})}).encode()))


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
            links.publish("link.created", links.links.find(json.loads(response.get_data())["id"]))
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

    def wait_for_company(self) -> None:
        """The window is as wide as it must be for two requests to be in it, if a second one comes at all."""
        try:
            self.crowd.wait(0.1)
        except threading.BrokenBarrierError:
            self.crowd.reset()


@fault("IDEM-CONCURRENT")
class CarriesOutEachOfThem(IdempotencyKeys):
    """Every equal request is carried out, and all of them are given the first answer."""

    def answer(self, call, work):
        response = super().answer(call, work)
        if response.headers.get("Idempotency-Replayed"):
            with contextlib.suppress(RefusalError):
                self.carry_out(work)
        return response


@fault("IDEM-CONCURRENT")
class StaysInProgress(IdempotencyKeys):
    """The mark of a request that is running is never taken away."""

    def store(self, key, response):
        """Nothing is stored."""


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


@fault("IDEM-AFTER-CHANGE")
class ReplaysShowTheObjectAsItIs(IdempotencyKeys):
    """Of a creation only the id is stored; a repeat reads the object again."""

    def replay(self, first):
        replayed = super().replay(first)
        made = replayed.get_json(silent=True) or {}
        row = self.database.row(select(LINKS).where(LINKS.c.id == made.get("id")))
        if row is not None:
            replayed.set_data(json.dumps(made | {name: row[name] for name in made if name in row}))
        return replayed


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


def link_exists(database: Database, first: Outcome) -> bool:
    """Whether the link that an answer speaks of is still there; true of answers that speak of something else."""
    made = json.loads(first.body or b"{}").get("id", "")
    return not made.startswith("lnk_") or database.row(select(LINKS).where(LINKS.c.id == made)) is not None


@fault("IDEM-OUTCOME-ERROR-REPLAYED")
class RefusalsAreDecidedAnew(Gateway):
    """What was refused is not stored, so that two repeats get different answers."""

    def is_decision(self, call, refusal):
        return False


@fault("IDEM-REPLAY-MARKED")
class NothingMarksARepeat(IdempotencyKeys):
    """An answer that is given again looks like a first one."""

    def marked(self, response, operation):
        return response


@fault("IDEM-REPLAY-MARKED")
class OnlyASuccessIsMarked(IdempotencyKeys):
    """A refusal is a refusal, whether it is given again or not."""

    def marked(self, response, operation):
        return super().marked(response, operation) if response.status_code < 400 else response


@fault("IDEM-REPLAY-MARKED")
class EveryKeyedAnswerIsMarked(IdempotencyKeys):
    """The mark is set wherever a key came, on the first answer too."""

    def answer(self, call, work):
        return self.marked(super().answer(call, work), call.operation)


@fault("IDEM-REPLAY-SURVIVES-TIME")
class TheLastFiftyAreRemembered(IdempotencyKeys):
    """Answers are kept in a cache of fifty, which pushes the oldest out."""

    def store(self, key, response):
        super().store(key, response)
        kept = self.__dict__.setdefault("kept", [])
        kept.append(key)
        if len(kept) > CACHED:
            self.database.change(delete(OUTCOMES).where(OUTCOMES.c.key == kept.pop(0)))
