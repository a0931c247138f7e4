"""Objects that change by themselves for a while after they were made: jobs that run, deliveries that are tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.document import located
from conformance.contract.related_operations import monitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.contract.vocabulary import DeliveryLog
    from conformance.http.messages import Reply

DELIVERY_TIMEOUT = 10.0  # seconds for which a delivery may go on before it is taken as it is


@dataclass(frozen=True, kw_only=True)
class TransientObject:
    """What reads such an object, where its state stands and which states pass; patience is in seconds."""

    reading: Operation
    state: str
    pending_states: tuple[str, ...]
    timeout: float

    def is_final(self, reply: Reply) -> bool:
        """It is not shown in a state that passes."""
        return not reply.success or located(reply.json, self.state) not in self.pending_states


def transient_objects(contract: Contract) -> Iterator[TransientObject]:
    """All that the contract declares."""
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
    """Attempts at the delivery, as the log shows it, go on."""
    return located(delivery, log.state) in log.states.get("pending", ())
