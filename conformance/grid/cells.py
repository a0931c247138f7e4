"""The cells of the authorisation grid, and what the contract lets each caller do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.grid import alternatives, expected_access
from conformance.grid.expected_access import (
    INTERACTIVE,
    NO_CALLER,
    OPTIONAL,
    PUBLIC,
    ExpectedAccess,
    NotApplicable,
)
from conformance.results.model import Cell as Shown
from conformance.results.model import Due
from conformance.selection.authentication import single
from conformance.selection.operations import public

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.contract.messages import Event
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A kind of caller: the access that it is due to operations and events, and its variants (`details`).

    `wording` says what tells a variant from others, with `{}` in the place of its detail.
    """

    name: str
    group: str
    usual_due: Due  # what is usually due, so that a cell that cannot be tried has a clause as well
    operation: Callable[[Contract, Operation], ExpectedAccess]
    event: Callable[[Contract, Event], ExpectedAccess] = lambda _contract, _event: NO_CALLER
    details: Callable[[Contract, Operation], tuple[str, ...]] = lambda _contract, _operation: ("",)
    wording: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One caller at one operation, or with a receiver of one event."""

    caller: Caller
    detail: str  # which scope is missing, or which schemes are used; empty where there is nothing to choose
    expected: ExpectedAccess
    operation: Operation | None = None
    event: Event | None = None
    number: int = 0

    @property
    def row(self) -> str:
        return self.operation.id if self.operation else self.event.name if self.event else ""

    @property
    def due(self) -> Due:
        """What the caller is due; where the cell does not apply, what this kind of caller usually is."""
        return self.caller.usual_due if isinstance(self.expected, NotApplicable) else self.expected

    @property
    def id(self) -> str:
        return f"{self.row}-{self.label or self.caller.name}"

    @property
    def label(self) -> str:
        """What tells this variant of the caller from others; empty if there are none."""
        return self.caller.wording.format(self.detail) if self.detail else ""

    @property
    def shown(self) -> Shown:
        """The cell as it stands in a report."""
        return Shown(
            row=self.row,
            event=self.event is not None,
            caller=self.caller.name,
            group=self.caller.group,
            detail=self.label,
            due=self.due,
            number=self.number,
        )


CALLERS = (
    Caller(name="anonymous", group="Credentials", usual_due=Due.REFUSED, operation=expected_access.refused),
    Caller(
        name="malformed credentials",
        group="Credentials",
        usual_due=Due.REFUSED,
        operation=expected_access.refused,
        details=lambda contract, operation: ("", *alternatives.other_alternatives(contract, operation)),
        wording="malformed {}",
    ),
    Caller(
        name="one invalid credential",
        group="Credentials",
        usual_due=Due.REFUSED,
        operation=alternatives.by_part,
        details=lambda contract, operation: alternatives.combined_schemes(contract, operation) or ("",),
        wording="invalid {}",
    ),
    Caller(
        name="part of the credentials",
        group="Credentials",
        usual_due=Due.REFUSED,
        operation=alternatives.by_part,
        details=lambda contract, operation: alternatives.parts(contract, operation) or ("",),
        wording="only {}",
    ),
    Caller(
        name="other credentials",
        group="Credentials",
        usual_due=Due.ADMITTED,
        operation=alternatives.by_other,
        details=lambda contract, operation: alternatives.other_alternatives(contract, operation) or ("",),
        wording="by {}",
    ),
    Caller(name="wrong issuer", group="Credentials", usual_due=Due.REFUSED, operation=expected_access.forged),
    Caller(name="wrong audience", group="Credentials", usual_due=Due.REFUSED, operation=expected_access.forged),
    Caller(name="expired", group="Credentials", usual_due=Due.REFUSED, operation=expected_access.forged),
    Caller(name="not yet valid", group="Credentials", usual_due=Due.REFUSED, operation=expected_access.forged),
    Caller(name="revoked", group="Credentials", usual_due=Due.REFUSED, operation=expected_access.revoked),
    Caller(name="no scope", group="Scopes", usual_due=Due.REFUSED, operation=expected_access.lacking_scopes),
    Caller(
        name="without a scope",
        group="Scopes",
        usual_due=Due.REFUSED,
        operation=expected_access.lacking_scopes,
        details=lambda _contract, operation: tuple(sorted(operation.scopes)) or ("",),
        wording="without {}",
    ),
    Caller(name="exact scopes", group="Scopes", usual_due=Due.ADMITTED, operation=expected_access.exact_scopes),
    Caller(
        name="owner",
        group="Whose it is",
        usual_due=Due.ADMITTED,
        operation=expected_access.owner,
        event=expected_access.owner_receives,
    ),
    Caller(
        name="colleague",
        group="Whose it is",
        usual_due=Due.REFUSED,
        operation=expected_access.colleague,
        event=expected_access.colleague_receives,
    ),
    Caller(
        name="stranger",
        group="Whose it is",
        usual_due=Due.REFUSED,
        operation=expected_access.stranger,
        event=expected_access.stranger_receives,
    ),
    Caller(name="without role", group="Role", usual_due=Due.REFUSED, operation=expected_access.without_role),
    Caller(name="with role", group="Role", usual_due=Due.ADMITTED, operation=expected_access.with_role),
)


def _expected(contract: Contract, caller: Caller, operation: Operation) -> ExpectedAccess:
    """The access that the caller is due to the operation."""
    if not single(operation):
        return INTERACTIVE
    if operation.secured:
        return caller.operation(contract, operation)
    if caller.name != "anonymous":
        return PUBLIC
    return Due.ADMITTED if public(operation) else OPTIONAL


def cells(contract: Contract) -> list[Cell]:
    """Every cell, row by row."""
    return [replace(cell, number=number) for number, cell in enumerate(_rows(contract), 1)]


def _rows(contract: Contract) -> Iterator[Cell]:
    for operation in contract.operations:
        for caller in CALLERS:
            expected = _expected(contract, caller, operation)
            for detail in caller.details(contract, operation):
                yield Cell(caller=caller, detail=detail, expected=expected, operation=operation)
    for event in contract.events:
        for caller in CALLERS:
            yield Cell(caller=caller, detail="", expected=caller.event(contract, event), event=event)


def admitted(cell: Cell) -> bool:
    """The operation must admit the caller."""
    return cell.operation is not None and cell.due is Due.ADMITTED


def refused(cell: Cell) -> bool:
    """The operation must refuse the caller."""
    return cell.operation is not None and cell.due is Due.REFUSED


def notified(cell: Cell) -> bool:
    """The event must be delivered to the caller."""
    return cell.event is not None and cell.due is Due.ADMITTED


def not_notified(cell: Cell) -> bool:
    """The event must not be delivered to the caller."""
    return cell.event is not None and cell.due is Due.REFUSED
