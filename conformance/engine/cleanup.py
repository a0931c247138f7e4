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
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.contract.openapi import Contract
    from conformance.contract.vocabulary import JobRules
    from conformance.harness import Harness
    from conformance.http.client import Record
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account

UNKNOWN_CALLER = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
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

    def kept(self, request: Request) -> Account | SameCaller:
        """Whoever is kept for the operation of another request, else the same caller."""
        other = self.harness.principals.stand_in(self.contract.operation(request.operation))
        return other or self

    def again(self, request: Request) -> Reply | None:
        """The reply in a new session of the same person, since the check may have ended one. None without a session."""
        known = self.harness.configuration.identities if self.record.request.header("Cookie") else ()
        found = next((each for each in known if each.name == self.record.identity), None)
        return self.harness.principals.account(found).send(request, "clean-up") if found else None

    def _authenticated(self, request: Request) -> Request:
        made = self.record.request
        request = request.with_certificate(made.certificate)
        schemes = [scheme for each in self.contract.operation(made.operation).scheme_sets for scheme in each]
        fields = {"authorization", "cookie", *(each.parameter.lower() for each in schemes if each.place == "header")}
        for name, value in made.headers:
            if name.lower() in fields:
                request = request.with_header(name, value)
        keys = {scheme.parameter for scheme in schemes if scheme.place == "query"}
        for name, value in parse_qsl(made.path.partition("?")[2]):
            if name in keys:
                request = request.with_query(**{name: value})
        return request


def clean_up(harness: Harness) -> None:
    """Deletes, with the credentials that made it, each object that the check's exchanges made; notes what is left."""
    records = harness.client.recorder.records
    harness.client.recorder = Recorder()
    deleted: set[str] = set()  # many an answer names what another has named: a repeat, a race
    left: dict[str, str] = {}  # path → why what was made there is left
    for record in reversed(records):
        if record.remembered or not harness.is_reused(record.identity):
            continue
        made = f"What {record.request.operation} made is still there"
        caller = SameCaller(harness=harness, record=record)
        try:
            for deletion in _deletions(harness, record):
                if deletion.path in deleted:
                    continue
                reply = caller.kept(deletion).send(deletion, "clean-up")
                if reply.status in UNKNOWN_CALLER:
                    reply = caller.again(deletion) or reply
                if reply.success:
                    deleted.add(deletion.path)
                elif reply.status not in GONE:
                    left[deletion.path] = f"{made}, since {deletion.operation} answered {reply.status}"
        except (BlockedError, UntestableError) as error:
            if record.reply is not None and record.reply.status == HTTPStatus.CREATED and not harness.managed:
                left[record.request.path.partition("?")[0]] = f"{made}: {str(error).rstrip('.')}"
    harness.leftovers.extend(_leftovers(harness, left, deleted | _deleted_before(records)))
    harness.client.recorder = Recorder(records)


def _deleted_before(records: Sequence[Record]) -> set[str]:
    """What the check has deleted itself; some servers answer 403 to whoever deletes it again, or what was below it."""
    found = (record for record in records if record.request.method == "DELETE" and record.reply is not None)
    return {record.request.path.partition("?")[0] for record in found if record.reply and record.reply.success}


def _leftovers(harness: Harness, left: Mapping[str, str], deleted: Iterable[str]) -> list[Leftover]:
    """What is left, without what was deleted and what was below that."""
    return [
        Leftover(address=harness.redaction(harness.client.base + path), reason=reason)
        for path, reason in left.items()
        if not any(f"{path}/".startswith(f"{above}/") for above in deleted)
    ]


def _deletions(harness: Harness, record: Record) -> Iterator[Request]:
    request, reply = record.request, record.reply
    if reply is None or not reply.success or not request.operation:
        return
    if request.method != "POST" and not (request.method == "PUT" and reply.status == HTTPStatus.CREATED):
        return
    job = harness.contract.operation(request.operation).job
    creation = harness.contract.operation(job.item if job and job.item else request.operation)
    removal = harness.contract.at("DELETE", creation.path) if request.method == "PUT" else None
    if removal is not None:  # what a PUT has made is where it was put
        yield harness.arranger.request_with(removal, dict(request.parameters))
        return
    deletion = harness.arranger.deletion_of(creation)
    producer = harness.arranger.producer(deletion) if deletion else None
    if deletion is None or producer is None:
        raise UntestableError("no operation is known to remove it")
    if job:
        made = _made_by_job(harness, record, job) if len(deletion.path_parameters) == 1 else []
        found = [{deletion.path_parameters[0]: str(name)} for name in made]
    else:
        caller = SameCaller(harness=harness, record=record)
        found = [harness.arranger.parameters(producer, deletion, reply, caller, waits=False)]
    for parameters in found:
        yield harness.arranger.request_with(deletion, parameters)


def _made_by_job(harness: Harness, record: Record, job: JobRules) -> list[Any]:
    """What the results of a job name, once it has ended; nothing if it may not be read."""
    assert record.reply is not None
    reading = harness.arranger.job_request(record.reply)
    if reading is None:
        return []
    caller = SameCaller(harness=harness, record=record)
    ended = Expectation("an ended job", lambda look: not look.success or at(look.json, job.state) in job.terminal)
    look = eventually(lambda: caller.send(reading), ended, within=harness.bounds.job)
    results = at(look.json, job.results)
    named = [at(result, job.made) for result in results] if isinstance(results, list) else []
    return [name for name in named if isinstance(name, (str, int))]
