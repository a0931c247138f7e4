"""Exchanges as they stand in a report: the decisive one first, what is secret masked, what is long cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.engine.evidence.curl import Curl, literal
from conformance.engine.evidence.sequences import follows
from conformance.http.client import Record
from conformance.http.guard import SAFE
from conformance.http.messages import Reply, Request
from conformance.journeys.walk import STEP_LABEL
from conformance.results.model import Exchange, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.harness import Harness
    from conformance.http.redaction import Redaction
    from conformance.servers.webhook_receiver import Delivery

LONGEST = 2000  # characters of a body
MOST = 12  # exchanges kept of an outcome that is not green
ARRANGEMENT, CONTROL, ATTEMPT, DELIVERY = "arrangement", "control", "attempt", "delivery"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The exchanges of a check, and which of them was decisive.

    `judged` are the replies, deliveries and unanswered requests that the failed assertion was about, the decisive one
    first; `alone` says that this one was judged by itself. `texts` are those that were observed, where it names no
    reply.
    """

    records: Sequence[Record]
    judged: Sequence[Reply | Delivery | Request] = ()
    alone: bool = False
    texts: Sequence[str] = ()

    @property
    def decisive(self) -> Record | None:
        """The exchange on which the place was decided: of what was judged, else the last change that was made."""
        if self.judged:
            return self._record_of(self.judged[0])
        kinds = (self._showing, self._made, self._attempts, self._others, self.records)
        return next((records[-1] for records in kinds if records), None)

    @property
    def _showing(self) -> list[Record]:
        """The exchanges whose answers hold what was observed."""
        replies = ((record, record.reply) for record in self.records)
        return [record for record, reply in replies if reply and any(text in reply.full_text for text in self.texts)]

    @property
    def came(self) -> Reply | Delivery | Request | None:
        """What came in the decisive exchange."""
        return self.judged[0] if self.judged else self.decisive.reply if self.decisive else None

    @property
    def _attempts(self) -> list[Record]:
        return [record for record in self.records if record.label == ATTEMPT]

    @property
    def _made(self) -> list[Record]:
        """The attempts at a change that were accepted."""
        replies = ((record, record.reply) for record in self._attempts)
        return [record for record, reply in replies if reply and reply.success and record.request.method not in SAFE]

    @property
    def _others(self) -> list[Record]:
        return [record for record in self.records if record.label != ARRANGEMENT]

    def _record_of(self, judged: Reply | Delivery | Request) -> Record:
        if isinstance(judged, Request):
            return next((record for record in reversed(self.records) if _unanswered(record, judged)), self.records[-1])
        if not isinstance(judged, Reply):
            return _delivered(judged)
        known = next((record for record in self.records if record.reply is judged), None)
        return known or Record(label=ATTEMPT, identity="", request=judged.request, url=judged.url, reply=judged)

    @property
    def several(self) -> str:
        """Why it takes more than the decisive exchange to see the failure again; empty if it does not."""
        decisive = self.decisive
        reasons = (why for why, holds in self._reasons(decisive).items() if holds) if decisive else iter(())
        return next(reasons, "")

    def _reasons(self, decisive: Record) -> dict[str, bool]:
        before = self._before(decisive)
        one_of_many = self.alone and len(self.judged) > 1  # each was found wanting by itself
        return {
            "The target sent this by itself; the requests below are what made it do so.": decisive.label == DELIVERY,
            "The request was broken off on purpose, which curl does not do.": decisive.reply is None
            and not any(isinstance(each, Request) for each in self.judged),
            "The object may be gone by now; make another one first.": any(
                record.request.method == "DELETE" and record.request.path == decisive.request.path
                for record in self._from(decisive)
                if record.reply is not None and not record.reply.refused
            ),
            "It has changed the object; put the entity tag that it has now into If-Match.": decisive.reply is not None
            and decisive.reply.success
            and bool(decisive.request.header("If-Match")),
            "It is one step of several; take those before it first, in their order, below.": bool(before)
            and decisive.label.startswith(STEP_LABEL),
            "No single answer shows it, but what the requests below did together.": not self.judged
            and len(self._showing or self._attempts or self._others) > 1,
            "It shows in the difference between this answer and another one, below.": not self.alone
            and len(self.judged) > 1,
            "It takes the requests before it too; they stand below, in their order.": not one_of_many
            and follows(decisive, [record for record in before if record.label not in {ARRANGEMENT, CONTROL}]),
        }

    def _from(self, decisive: Record) -> list[Record]:
        return [decisive, *self.records[len(self._before(decisive)) + 1 :]]

    def _before(self, decisive: Record) -> list[Record]:
        position = next((number for number, record in enumerate(self.records) if record is decisive), 0)
        return [*self.records[:position]]


@dataclass(frozen=True, kw_only=True)
class EvidenceWriter:
    """Writes exchanges for a report."""

    redaction: Redaction
    options: tuple[str, ...] = ()  # of curl, which the target needs

    @classmethod
    def at(cls, harness: Harness) -> EvidenceWriter:
        """For what is sent to the target of this harness."""
        verify, proxy = harness.client.transport.verify, harness.client.transport.proxy
        certificates = ("--cacert", literal(verify)) if isinstance(verify, str) else () if verify else ("-k",)
        return cls(redaction=harness.redaction, options=(*certificates, *(("-x", literal(proxy)) if proxy else ())))

    def exchanges(self, evidence: Evidence, verdict: Verdict) -> tuple[Exchange, ...]:
        """The last exchanges of a check; for a green one the last control and the last attempt are enough."""
        for record in evidence.records:
            for secret, name in record.request.credentials:
                self.redaction.learn(secret, name)
        if verdict is Verdict.PASSED:
            last = {record.label: record for record in evidence.records if record.label != ARRANGEMENT}
            return tuple(map(self._exchange, (last or {"": evidence.records[-1]}).values()))
        if verdict not in {Verdict.FAILED, Verdict.WARNED} or (decisive := evidence.decisive) is None:
            return tuple(map(self._exchange, _kept(evidence.records)[-MOST:]))
        others = [record for record in _kept(evidence.records) if record is not decisive][-MOST + 1 :]
        return (self._exchange(decisive, decisive=True), *map(self._exchange, others))

    def _body(self, body: bytes) -> str:
        """A body as text; it is masked before it is cut, lest half a secret be left."""
        text = self.redaction.body(body[: LONGEST * 4].decode("utf-8", "replace"))
        return text if len(text) <= LONGEST and len(body) <= LONGEST * 4 else f"{text[:LONGEST]}… ({len(body)} bytes)"

    def curl(self, record: Record) -> Curl:
        """What writes the line that repeats an exchange."""
        return Curl(record=record, redaction=self.redaction, options=self.options)

    def _exchange(self, record: Record, *, decisive: bool = False) -> Exchange:
        request, reply, redaction = record.request, record.reply, self.redaction
        return Exchange(
            label=record.label,
            identity=record.identity,
            operation=request.operation,
            method=request.method,
            url=redaction(record.url),
            request_headers=tuple((name, redaction.field(name, value)) for name, value in request.headers),
            request_body=self._body(request.body or b""),
            status=reply.status if reply else 0,
            response_headers=tuple((name, redaction.field(name, value)) for name, value in reply.headers)
            if reply
            else (),
            response_body=self._body(reply.body) if reply else redaction(record.failure),
            seconds=reply.seconds if reply else 0.0,
            resent=record.resent,
            decisive=decisive,
            curl="" if record.label == DELIVERY or not (reply or record.failure) else self.curl(record).line(),
        )


def _unanswered(record: Record, request: Request) -> bool:
    """The record is of this request, to which credentials were added as it was sent, and no reply came."""
    sent = record.request
    same = (sent.method, sent.path, sent.body) == (request.method, request.path, request.body)
    return same and record.reply is None


def _kept(records: Sequence[Record]) -> Sequence[Record]:
    return records if len(records) <= MOST else _last_tries(records)


def _last_tries(records: Sequence[Record]) -> list[Record]:
    """Without the tries of a journey's step but the last, lest they push out what came before."""
    following = [*(record.label for record in records[1:]), ""]
    pairs = zip(records, following, strict=True)
    return [record for record, label in pairs if label != record.label or not label.startswith(STEP_LABEL)]


def _delivered(delivery: Delivery) -> Record:
    request = Request(
        method=delivery.method, path=delivery.target, headers=tuple(delivery.headers.items()), body=delivery.body
    )
    return Record(label=DELIVERY, identity="receiver", request=request, url=delivery.url, failure="")
