"""Which replies are not what the contract describes, and which of them only show what it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.judgement.contract_gaps import is_gap, note_gap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.contract.operation import Operation
    from conformance.harness import Harness
    from conformance.http.messages import Reply


def undescribed(session: Harness, operation: Operation, replies: Iterable[Reply]) -> list[str]:
    """What contradicts the contract, once. Where a contract that is not normative is silent, that is a gap."""
    found = set()
    for reply in (reply for reply in replies if reply.request.method == operation.method):
        for deviation in session.generated.deviations(operation, reply):
            if session.contract.normative or not is_gap(deviation, reply):
                found.add(f"{reply.status}, {deviation.kind}: {deviation.message}")
            else:
                note_gap(session.gaps, operation, deviation, reply)
    return sorted(found)
