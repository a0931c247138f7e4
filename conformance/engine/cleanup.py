"""Deleting what a check made, where the same people go on living on the target."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from conformance.errors import BlockedError, UntestableError
from conformance.http.client import Recorder
from conformance.http.polling import eventually
from conformance.jobs.job import at
from conformance.judgement.expectation import Expectation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.vocabulary import JobRules
    from conformance.harness import Harness
    from conformance.http.client import Record
    from conformance.http.messages import Request


def clean_up(harness: Harness) -> None:
    """Deletes, with the credentials that made it, each object that the check's exchanges made."""
    records = harness.client.recorder.records
    harness.client.recorder = Recorder()
    deleted = set()  # many an answer names what another has named: a repeat, a race
    for record in filter(lambda record: harness.is_reused(record.identity), reversed(records)):
        with contextlib.suppress(BlockedError, UntestableError):
            for deletion in _deletions(harness, record):
                if deletion.path in deleted:
                    continue
                if harness.client.send(deletion, identity=record.identity, label="clean-up").success:
                    deleted.add(deletion.path)
    harness.client.recorder = Recorder(records)


def _deletions(harness: Harness, record: Record) -> Iterator[Request]:
    request, reply = record.request, record.reply
    if reply is None or not reply.success or not request.operation or request.method != "POST":
        return
    job = harness.contract.operation(request.operation).job
    creation = harness.contract.operation(job.item if job and job.item else request.operation)
    deletion = harness.arranger.deletion_of(creation)
    producer = harness.arranger.producer(deletion) if deletion else None
    if deletion is None or producer is None:
        return
    if job:
        made = _made_by_job(harness, record, job) if len(deletion.path_parameters) == 1 else []
        found = [{deletion.path_parameters[0]: str(name)} for name in made]
    else:
        found = [harness.arranger.parameters(producer, deletion, request, reply)]
    for parameters in found:
        yield _alike(harness.arranger.request_with(deletion, parameters), record)


def _made_by_job(harness: Harness, record: Record, job: JobRules) -> list[Any]:
    """What the results of a job name, once it has ended; nothing if it may not be read."""
    assert record.reply is not None
    reading = harness.arranger.job_request(record.request, record.reply)
    if reading is None:
        return []
    asked = _alike(reading, record)
    ended = Expectation("an ended job", lambda look: not look.success or at(look.json, job.state) in job.terminal)
    look = eventually(
        lambda: harness.client.send(asked, identity=record.identity, label="clean-up"), ended, within=harness.bounds.job
    )
    results = at(look.json, job.results)
    named = [at(result, job.made) for result in results] if isinstance(results, list) else []
    return [name for name in named if isinstance(name, (str, int))]


def _alike(bare: Request, record: Record) -> Request:
    """The request with the credentials of another one."""
    for name, value in record.request.headers:
        if name not in dict(bare.headers):
            bare = bare.with_header(name, value)
    return bare
