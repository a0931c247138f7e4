"""What the items of jobs make, read as what single requests make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.document import with_value_at
from conformance.errors import BlockedError, InapplicableError
from conformance.http.messages import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Request
    from conformance.identity.accounts import Account
    from conformance.jobs.job import Jobs
    from conformance.requests.arrangement import Arranger


@dataclass(frozen=True, kw_only=True)
class MadeItems:
    """Makes things of an owner as items of jobs, one a job; `single` is the operation that makes one by itself."""

    contract: Contract
    arranger: Arranger
    jobs: Jobs
    single: Operation
    owner: Account

    @property
    def beginning(self) -> Operation:
        """The operation that begins such a job. Raises InapplicableError if there is none."""
        found = (known for known in self.contract.operations if known.job and known.job.item == self.single.id)
        operation = next(found, None)
        if operation is None:
            raise InapplicableError(f"what {self.single.id} makes is made by no job (x-job, item)")
        return operation

    @property
    def reading(self) -> Operation:
        """The operation that reads what was made. Raises InapplicableError if there is none."""
        found = next((known for known in self.contract.operations if self._reads(known)), None)
        if found is None:
            raise InapplicableError(f"no operation reads what {self.single.id} makes")
        return found

    def _reads(self, known: Operation) -> bool:
        producer = self.arranger.producer(known) if known.method == "GET" and known.about_object else None
        return known.route == known.resource and producer is not None and producer.operation.id == self.single.id

    def parameters(self, made: Reply, operation: Operation) -> dict[str, str]:
        """The path parameters by which an operation addresses what the answer to a single request has made."""
        producer = self.arranger.producer(operation)
        assert producer is not None
        return self.arranger.parameters(producer, operation, made, self.owner)

    def make(self, request: Request, members: Mapping[str, Any]) -> Reply:
        """What an item with these members has made, as the answer to the single request would have told it.

        Raises BlockedError if the job does not name what it has made.
        """
        made = self.attempt(request, members)
        if made is None:
            raise BlockedError(f"a job of {self.beginning.id} has not made what {self.single.id} makes.")
        return made

    def attempt(self, request: Request, members: Mapping[str, Any]) -> Reply | None:
        """The same; None if the job names nothing that it has made."""
        beginning, reading = self.beginning, self.reading
        assert beginning.job is not None
        plain = self.arranger.request(beginning, self.owner)
        job = self.jobs.begin(
            self.owner, plain.with_json(with_value_at(plain.json, beginning.job.items, [dict(members)]))
        )
        results = job.results(job.wait_for_end())
        made = job.created(results[0]) if results else None
        if made is None:
            return None
        self.arranger.guard.adopt(reading, {reading.path_parameters[-1]: str(made)})
        address = {**dict(request.parameters), reading.path_parameters[-1]: str(made)}
        shown = self.owner.send(self.arranger.request_with(reading, address))
        return Reply(
            request=request, status=self.single.success[0], headers=(), body=shown.body, url=shown.url, seconds=0
        )
