"""The authorisation grid: what the contract lets every kind of caller do with every operation and every event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.grid import expected_access
from conformance.grid.expected_access import DIALOGUE, OPEN, UNASKED, Answer, Impossible
from conformance.results.model import Cell as Shown
from conformance.results.model import Due

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.contract.asyncapi import Event
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A kind of caller: what is due to it where it may bear the credentials of an operation, and in which ways."""

    name: str
    group: str
    leaning: Due  # what is usually due, so that a cell that cannot be tried has a clause as well
    operation: Callable[[Contract, Operation], Answer]
    event: Callable[[Contract, Event], Answer] = lambda _contract, _event: UNASKED
    details: Callable[[Operation], tuple[str, ...]] = lambda _operation: ("",)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One caller at one operation, or as the owner of a receiver of one event."""

    caller: Caller
    detail: str  # which scope is missing, where the caller lacks one
    answer: Answer
    operation: Operation | None = None
    event: Event | None = None
    number: int = 0

    @property
    def row(self) -> str:
        return self.operation.id if self.operation else self.event.name if self.event else ""

    @property
    def due(self) -> Due:
        """What the caller must get; where the cell cannot be tried, what it usually gets."""
        return self.caller.leaning if isinstance(self.answer, Impossible) else self.answer

    @property
    def id(self) -> str:
        return f"{self.row}-{self.caller.name}" if not self.detail else f"{self.row}-without {self.detail}"

    @property
    def shown(self) -> Shown:
        """The cell as it stands in a report."""
        return Shown(
            row=self.row,
            event=self.event is not None,
            caller=self.caller.name,
            group=self.caller.group,
            detail=self.detail,
            due=self.due,
            number=self.number,
        )


CALLERS = (
    Caller(name="anonymous", group="Credentials", leaning=Due.REFUSED, operation=expected_access.refused),
    Caller(name="malformed credentials", group="Credentials", leaning=Due.REFUSED, operation=expected_access.refused),
    Caller(name="wrong issuer", group="Credentials", leaning=Due.REFUSED, operation=expected_access.forged),
    Caller(name="wrong audience", group="Credentials", leaning=Due.REFUSED, operation=expected_access.forged),
    Caller(name="expired", group="Credentials", leaning=Due.REFUSED, operation=expected_access.forged),
    Caller(name="not yet valid", group="Credentials", leaning=Due.REFUSED, operation=expected_access.forged),
    Caller(name="revoked", group="Credentials", leaning=Due.REFUSED, operation=expected_access.revoked),
    Caller(name="no scope", group="Scopes", leaning=Due.REFUSED, operation=expected_access.lacking_scopes),
    Caller(
        name="without a scope",
        group="Scopes",
        leaning=Due.REFUSED,
        operation=expected_access.lacking_scopes,
        details=lambda operation: tuple(sorted(operation.scopes)) or ("",),
    ),
    Caller(name="exact scopes", group="Scopes", leaning=Due.ADMITTED, operation=expected_access.exact),
    Caller(
        name="owner",
        group="Whose it is",
        leaning=Due.ADMITTED,
        operation=expected_access.owner,
        event=expected_access.told_to_owner,
    ),
    Caller(
        name="colleague",
        group="Whose it is",
        leaning=Due.REFUSED,
        operation=expected_access.colleague,
        event=expected_access.told_to_colleague,
    ),
    Caller(
        name="stranger",
        group="Whose it is",
        leaning=Due.REFUSED,
        operation=expected_access.stranger,
        event=expected_access.told_to_stranger,
    ),
    Caller(name="without role", group="Role", leaning=Due.REFUSED, operation=expected_access.without_role),
    Caller(name="with role", group="Role", leaning=Due.ADMITTED, operation=expected_access.with_role),
)


def expected(contract: Contract, caller: Caller, operation: Operation) -> Answer:
    """What is due to the caller at the operation."""
    if operation.interactive:
        return DIALOGUE
    if operation.secured:
        return caller.operation(contract, operation)
    return Due.ADMITTED if caller.name == "anonymous" else OPEN


def cells(contract: Contract) -> list[Cell]:
    """Every cell, row by row."""
    return [replace(cell, number=number) for number, cell in enumerate(_rows(contract), 1)]


def _rows(contract: Contract) -> Iterator[Cell]:
    for operation in contract.operations:
        for caller in CALLERS:
            answer = expected(contract, caller, operation)
            for detail in caller.details(operation):
                yield Cell(caller=caller, detail=detail, answer=answer, operation=operation)
    for event in contract.events:
        for caller in CALLERS:
            yield Cell(caller=caller, detail="", answer=caller.event(contract, event), event=event)


def admitted(cell: Cell) -> bool:
    """An operation lets the caller in."""
    return cell.operation is not None and cell.due is Due.ADMITTED


def kept_out(cell: Cell) -> bool:
    """An operation keeps the caller out."""
    return cell.operation is not None and cell.due is Due.REFUSED


def told(cell: Cell) -> bool:
    """An event is told to the caller."""
    return cell.event is not None and cell.due is Due.ADMITTED


def untold(cell: Cell) -> bool:
    """An event is kept from the caller."""
    return cell.event is not None and cell.due is Due.REFUSED
