"""Objects that change by themselves after their creation: running jobs, deliveries that are still attempted."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.contract.document import located
from conformance.contract.relations.related_operations import monitor
from conformance.http.polling import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.contract.vocabulary import DeliveryLog
    from conformance.http.messages import Reply
    from conformance.requests.identifiers import Producer

TOO_EARLY = (404, 409, 425)  # the statuses of what is still being made
MADE_WITHIN = 10.0  # seconds, where the contract says no more of a job than 202
DELIVERY_TIMEOUT = 10.0  # seconds for which a delivery may go on before it is taken as it is


@dataclass(frozen=True, kw_only=True)
class TransientObject:
    """How such an object is read, the JSON Pointer to its state, its pending states, and a timeout in seconds."""

    reading: Operation
    state: str
    pending_states: tuple[str, ...]
    timeout: float

    def is_final(self, reply: Reply) -> bool:
        """The reply does not show a transient state."""
        return not reply.success or located(reply.json, self.state) not in self.pending_states


def transient_objects(contract: Contract) -> Iterator[TransientObject]:
    """The kinds of transient objects that the contract declares (`x-delivery-log`, `x-job`)."""
    log = contract.delivery_log
    if log is not None and log.read:
        pending_states = tuple(log.states.get("pending", ()))
        yield TransientObject(
            reading=contract.operation(log.read),
            state=log.state,
            pending_states=pending_states,
            timeout=DELIVERY_TIMEOUT,
        )
    for beginning in contract.operations:
        rules, reading = beginning.job, monitor(beginning, contract.operations)
        if rules and reading:
            yield TransientObject(
                reading=reading, state=rules.state, pending_states=rules.pending, timeout=contract.job_bound
            )


def pending(log: DeliveryLog, delivery: Any) -> bool:
    """The delivery log shows that the delivery is still attempted."""
    return located(delivery, log.state) in log.states.get("pending", ())


def once_made(operation: Operation, producer: Producer | None, send: Callable[[], Reply]) -> Reply:
    """The reply; where what is read is made after the answer (202), the first that is not too early."""
    if producer is None or not operation.safe or HTTPStatus.ACCEPTED not in producer.operation.success:
        return send()
    return until(send, lambda reply: reply.status not in TOO_EARLY, within=MADE_WITHIN)
