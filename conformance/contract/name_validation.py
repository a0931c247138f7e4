"""Names in a contract: each operationId stands for one operation, and what an extension names is there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from conformance.contract.document import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from conformance.contract.operation import Operation, Scheme


def insist_on_names(operations: Sequence[Operation], path: Path) -> None:
    """Raises ContractError for the first name that stands for nothing, or for two operations."""
    known = Counter(operation.id for operation in operations)
    twice = next((identifier for identifier, count in known.items() if count > 1), "")
    if twice:
        raise ContractError(f"{path} has several operations with the operationId {twice}. Give each its own.")
    for extension, name in _named_operations(operations):
        if name not in known:
            raise ContractError(f"{path}: {extension} names the operation {name}, which is not there. Mend it.")
    schemes = {scheme.name for scheme in asked_for(operations)}
    for name in _named_schemes(operations):
        if name not in schemes:
            told = f"{path}: x-session names the security scheme {name}, for which no operation asks. Mend it."
            raise ContractError(told)


def asked_for(operations: Sequence[Operation]) -> Iterator[Scheme]:
    """The security schemes of all alternatives of all operations."""
    alternatives = (alternative for operation in operations for alternative in operation.alternatives)
    return (requirement.scheme for alternative in alternatives for requirement in alternative)


def _named_operations(operations: Sequence[Operation]) -> Iterator[tuple[str, str]]:
    """Each extension, with an operation that it names."""
    for operation in operations:
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


def _named_schemes(operations: Sequence[Operation]) -> Iterator[str]:
    for session_rules in (operation.session_rules for operation in operations if operation.session_rules):
        yield from (name for name in (session_rules.scheme, session_rules.proof) if name)
