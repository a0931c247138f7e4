"""What a contract names by operationId or by the name of a security scheme, and whether it is there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from conformance.contract.document import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.contract.operation import Operation, Scheme


def insist_on_names(operations: tuple[Operation, ...], path: Path) -> None:
    """Each operationId stands for one operation, and what extensions name is there; else raises ContractError."""
    known = Counter(operation.id for operation in operations)
    twice = next((identifier for identifier, count in known.items() if count > 1), "")
    if twice:
        raise ContractError(f"{path} has several operations with the operationId {twice}. Give each its own.")
    for extension, name in _named_operations(operations):
        if name and name not in known:
            raise ContractError(f"{path}: {extension} names the operation {name}, which is not there. Mend it.")
    schemes = {scheme.name for scheme in asked_for(operations)}
    for extension, name in _named_schemes(operations):
        if name and name not in schemes:
            told = f"{path}: {extension} names the security scheme {name}, for which no operation asks. Mend it."
            raise ContractError(told)


def asked_for(operations: tuple[Operation, ...]) -> Iterator[Scheme]:
    """The security schemes of all alternatives of all operations."""
    alternatives = (alternative for operation in operations for alternative in operation.alternatives)
    return (requirement.scheme for alternative in alternatives for requirement in alternative)


def _named_operations(operations: tuple[Operation, ...]) -> Iterator[tuple[str, str]]:
    """Each extension that names an operation, with the name."""
    for operation in operations:
        if operation.subscription:
            named = (operation.subscription.update, operation.subscription.rotate, operation.subscription.ping)
            yield from (("x-subscription", name) for name in named)
        if operation.job:
            yield "x-job", operation.job.item
        if operation.dialogue:
            yield "x-session", operation.dialogue.logout


def _named_schemes(operations: tuple[Operation, ...]) -> Iterator[tuple[str, str]]:
    for operation in operations:
        if operation.dialogue:
            yield from (("x-session", name) for name in (operation.dialogue.scheme, operation.dialogue.proof))
