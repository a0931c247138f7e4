"""Deleting what a check made, where the same people go on living on the target."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from conformance.errors import BlockedError, UntestableError
from conformance.http.client import Recorder
from conformance.http.polling import eventually
from conformance.jobs.job import at
from conformance.judgement.expectation import Expectation
from conformance.results.leftovers import Leftover

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.contract.openapi import Contract
    from conformance.contract.vocabulary import JobRules
    from conformance.harness import Harness
    from conformance.http.client import Record
    from conformance.http.messages import Reply, Request

GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


@dataclass(frozen=True, kw_only=True)
class SameCaller:
    """Whoever made a request, with the very credentials that were in it."""

    harness: Harness
    record: Record

    @property
    def contract(self) -> Contract:
        return self.harness.contract

    def send(self, request: Request, label: str = "clean-up") -> Reply:
        """The reply to another request of the same caller."""
        return self.harness.client.send(self._authenticated(request), identity=self.record.identity, label=label)

    def _authenticated(self, request: Request) -> Request:
        made = self.record.request
        for name, value in made.headers:
            if name not in dict(request.headers):
                request = request.with_header(name, value)
        schemes = (scheme for each in self.contract.operation(made.operation).scheme_sets for scheme in each)
        keys = {scheme.parameter for scheme in schemes if scheme.place == "query"}
        for name, value in parse_qsl(made.path.partition("?")[2]):
            if name in keys:
                request = request.with_query(**{name: value})
        return request


def clean_up(harness: Harness) -> None:
    """Deletes, with the credentials that made it, each object that the check's exchanges made; notes what is left."""
    records = harness.client.recorder.records
    harness.client.recorder = Recorder()
    known = len(harness.leftovers)
    deleted = set()  # many an answer names what another has named: a repeat, a race
    for record in filter(lambda record: harness.is_reused(record.identity), reversed(records)):
        try:
            for deletion in _deletions(harness, record):
                if deletion.path not in deleted and _deleted(harness, deletion, record):
                    deleted.add(deletion.path)
        except (BlockedError, UntestableError):
            _note_unaddressed(harness, record, "its address is not known")
    gone = [harness.redaction(harness.client.base + path) for path in deleted | _deleted_before(records)]
    noted = harness.leftovers[known:]
    harness.leftovers[known:] = [
        each for each in noted if not any(f"{each.address}/".startswith(f"{path}/") for path in gone)
    ]
    harness.client.recorder = Recorder(records)


def _deleted_before(records: Sequence[Record]) -> set[str]:
    """What the check has deleted itself; some servers answer 403 to whoever deletes it again, or what was below it."""
    found = (record for record in records if record.request.method == "DELETE" and record.reply is not None)
    return {record.request.path.partition("?")[0] for record in found if record.reply and record.reply.success}


def _deleted(harness: Harness, deletion: Request, record: Record) -> bool:
    """Whether the object is deleted now; one that is not, and was not before, is noted."""
    reply = SameCaller(harness=harness, record=record).send(deletion)
    if not reply.success and reply.status not in GONE:
        _note(harness, record, deletion.path, f"{deletion.operation} answered {reply.status}")
    return reply.success


def _note(harness: Harness, record: Record, path: str, why: str) -> None:
    reason = f"What {record.request.operation} made is still there, since {why}"
    harness.leftovers.append(Leftover(address=harness.redaction(harness.client.base + path), reason=reason))


def _note_unaddressed(harness: Harness, record: Record, why: str) -> None:
    """Notes what was made at a target that goes on living, by the address at which it was made."""
    if record.reply is not None and record.reply.status == HTTPStatus.CREATED and not harness.managed:
        _note(harness, record, record.request.path.partition("?")[0], why)


def _deletions(harness: Harness, record: Record) -> Iterator[Request]:
    request, reply = record.request, record.reply
    if reply is None or not reply.success or not request.operation:
        return
    if request.method != "POST" and not (request.method == "PUT" and reply.status == HTTPStatus.CREATED):
        return
    job = harness.contract.operation(request.operation).job
    creation = harness.contract.operation(job.item if job and job.item else request.operation)
    deletion = harness.arranger.deletion_of(creation)
    producer = harness.arranger.producer(deletion) if deletion else None
    if deletion is None or producer is None:
        _note_unaddressed(harness, record, "no operation is known to remove it")
        return
    if job:
        made = _made_by_job(harness, record, job) if len(deletion.path_parameters) == 1 else []
        found = [{deletion.path_parameters[0]: str(name)} for name in made]
    else:
        caller = SameCaller(harness=harness, record=record)
        found = [harness.arranger.parameters(producer, deletion, request, reply, caller, waits=False)]
    for parameters in found:
        yield harness.arranger.request_with(deletion, parameters)


def _made_by_job(harness: Harness, record: Record, job: JobRules) -> list[Any]:
    """What the results of a job name, once it has ended; nothing if it may not be read."""
    assert record.reply is not None
    reading = harness.arranger.job_request(record.request, record.reply)
    if reading is None:
        return []
    caller = SameCaller(harness=harness, record=record)
    ended = Expectation("an ended job", lambda look: not look.success or at(look.json, job.state) in job.terminal)
    look = eventually(lambda: caller.send(reading), ended, within=harness.bounds.job)
    results = at(look.json, job.results)
    named = [at(result, job.made) for result in results] if isinstance(results, list) else []
    return [name for name in named if isinstance(name, (str, int))]
