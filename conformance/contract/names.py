"""Names that a contract gives: each stands for one thing, and whatever is named is there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from conformance.contract.document import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.contract.operation import Operation, Scheme


def insist_on_names(operations: tuple[Operation, ...], path: Path) -> None:
    """Each operationId stands for one operation, and those that extensions name are there. Raises ContractError."""
    counted = Counter(operation.id for operation in operations)
    twice = next((identifier for identifier, count in counted.items() if count > 1), "")
    if twice:
        raise ContractError(f"{path} has several operations with the operationId {twice}. Give each its own.")
    for extension, name in _named_operations(operations):
        if name and name not in counted:
            raise ContractError(f"{path}: {extension} names the operation {name}, which is not there. Mend it.")
    known = {scheme.name for scheme in asked_for(operations)}
    for name in _named_schemes(operations):
        if name and name not in known:
            told = f"{path}: x-session names the security scheme {name}, for which no operation asks. Mend it."
            raise ContractError(told)


def asked_for(operations: tuple[Operation, ...]) -> Iterator[Scheme]:
    """The security schemes of all alternatives of all operations."""
    alternatives = (alternative for operation in operations for alternative in operation.alternatives)
    return (requirement.scheme for alternative in alternatives for requirement in alternative)


def _named_operations(operations: tuple[Operation, ...]) -> Iterator[tuple[str, str]]:
    """The extension and the operationId that it names."""
    for operation in operations:
        if (subscription := operation.subscription) is not None:
            yield from (("x-subscription", name) for name in (subscription.update, subscription.rotate))
            yield "x-subscription", subscription.ping
        if (log := operation.delivery_log) is not None:
            yield from (("x-delivery-log", name) for name in (log.read, log.redeliver))
        if operation.dialogue is not None:
            yield "x-session", operation.dialogue.logout


def _named_schemes(operations: tuple[Operation, ...]) -> Iterator[str]:
    dialogues = (operation.dialogue for operation in operations if operation.dialogue)
    return (name for dialogue in dialogues for name in (dialogue.scheme, dialogue.proof))
