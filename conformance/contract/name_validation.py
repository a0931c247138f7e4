"""Names in a contract: each operationId stands for one operation, and what an extension names is there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.contract.operation import Operation, Scheme
    from conformance.contract.reading.gathering import Gathered


def insist_on_names(operations: Sequence[Operation], reading: Gathered) -> None:
    """Raises ContractError for all names that stand for nothing, or for two operations."""
    known = Counter(operation.id for operation in operations)
    for operation in operations:
        if known[operation.id] > 1:
            told = f"There are several operations with the operationId {operation.id}. Give each its own."
            reading.wrong(_steps(operation), told)
    schemes = {scheme.name for scheme in asked_for(operations)}
    for operation in operations:
        for extension, name in _named_operations(operation):
            if name not in known:
                told = f"{extension} names the operation {name}, which is not there. Mend it."
                reading.wrong((*_steps(operation), extension), told)
        for name in _named_schemes(operation):
            if name not in schemes:
                told = f"x-session names the security scheme {name}, for which no operation asks. Mend it."
                reading.wrong((*_steps(operation), "x-session"), told)
    reading.problems.insist()


def _steps(operation: Operation) -> tuple[str, ...]:
    return ("paths", operation.path, operation.method.lower())


def asked_for(operations: Sequence[Operation]) -> Iterator[Scheme]:
    """The security schemes of all alternatives of all operations."""
    alternatives = (alternative for operation in operations for alternative in operation.alternatives)
    return (requirement.scheme for alternative in alternatives for requirement in alternative)


def _named_operations(operation: Operation) -> Iterator[tuple[str, str]]:
    """Each extension, with an operation that it names."""
    if operation.subscription:
        others = (operation.subscription.update, operation.subscription.rotate, operation.subscription.ping)
        yield from (("x-subscription", name) for name in others if name)
    if operation.delivery_log:
        log = operation.delivery_log
        yield from (("x-delivery-log", name) for name in (log.read, log.redeliver) if name)
    if operation.session_rules:
        yield "x-session", operation.session_rules.logout
    if operation.job and operation.job.item:
        yield "x-job", operation.job.item
    if operation.counts:
        yield "x-counts", operation.counts.operation


def _named_schemes(operation: Operation) -> Iterator[str]:
    rules = operation.session_rules
    yield from (name for name in ((rules.scheme, rules.proof) if rules else ()) if name)
