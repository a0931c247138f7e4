"""Parametrisations: how one check is made at every place of a contract that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from conformance.grid.cells import cells
from conformance.selection.authentication import single

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation

    Places = Iterable[tuple[str, tuple[Any, ...]]]  # an id, and a value for each fixture


@dataclass(frozen=True, kw_only=True)
class Parametrization:
    """A mark of checks, and the places of a contract at which a check with this mark is made.

    `places` gives an id and the values of `fixtures` for each place; a `where` of the mark selects among them.
    """

    mark: str
    words: str
    fixtures: tuple[str, ...]
    places: Callable[[Contract, Callable[[Any], bool]], Places]
    absent: Callable[[Callable[[Any], bool]], str]  # why a contract has no such place
    clause: Callable[[Any], str] = lambda _value: ""  # the clause of a place, where each has one of its own

    def __call__(self, where: Callable[[Any], bool]) -> pytest.MarkDecorator:
        mark: pytest.MarkDecorator = getattr(pytest.mark, self.mark)
        return mark.with_args(where)

    def parametrize(self, metafunc: pytest.Metafunc, contract: Contract) -> str:
        """Has the check made at each place, if it bears the mark; why there is none, if so."""
        why = ""
        for mark in metafunc.definition.iter_markers(self.mark):
            found = [self._parameters(*place) for place in self.places(contract, mark.args[0])]
            why = why if found else self.absent(mark.args[0])
            metafunc.parametrize(self.fixtures, found)
        return why

    def _parameters(self, identifier: str, values: tuple[Any, ...]) -> Any:
        clause = self.clause(values[0])
        return pytest.param(*values, id=identifier, marks=[pytest.mark.requirement(clause)] if clause else [])


def operations(contract: Contract, where: Callable[[Operation], bool]) -> list[Operation]:
    """The selected operations, but for pages that only a person can go through."""
    return [operation for operation in contract.operations if single(operation) and where(operation)]


def no_operation(where: Callable[[Operation], bool]) -> str:
    """Why there is no place: the docstring of a predicate completes the sentence."""
    return f"no operation of the contract {(where.__doc__ or where.__name__).strip()}"


def emitted(contract: Contract, event: str) -> bool:
    """An operation emits the event (x-emits)."""
    return any(event in operation.emits for operation in contract.operations)


def everywhere(_value: object) -> bool:
    """Selects every place."""
    return True


def plainness(operation: Operation) -> tuple[bool, bool, bool, bool, str]:
    """Sorts harmless operations without parameters first, of these the ones that nobody is forbidden."""
    return (not operation.safe, operation.addressed, not operation.bearer, operation.declares(403), operation.path)


OPERATIONS = Parametrization(
    mark="for_each_operation",
    words="one check for each selected operation",
    fixtures=("operation",),
    places=lambda contract, where: [(each.id, (each,)) for each in operations(contract, where)],
    absent=no_operation,
)
PLAINEST_OPERATION = Parametrization(
    mark="for_one_operation",
    words="one check, on the plainest selected operation",
    fixtures=("operation",),
    places=lambda contract, where: [
        (each.id, (each,)) for each in sorted(operations(contract, where), key=plainness)[:1]
    ],
    absent=no_operation,
)
SCOPES = Parametrization(
    mark="for_each_scope",
    words="one check for each scope of each selected operation",
    fixtures=("operation", "scope"),
    places=lambda contract, where: [
        (f"{each.id}-{scope}", (each, scope)) for each in operations(contract, where) for scope in sorted(each.scopes)
    ],
    absent=no_operation,
)
EVENTS = Parametrization(
    mark="for_each_event",
    words="one check for each event that an operation emits",
    fixtures=("event",),
    places=lambda contract, where: [
        (event.name, (event,)) for event in contract.events if emitted(contract, event.name) and where(event)
    ],
    absent=lambda _: "the contract declares no event that an operation emits",
)
EMISSIONS = Parametrization(
    mark="for_each_emission",
    words="one check for each event of each selected operation",
    fixtures=("operation", "event"),
    places=lambda contract, where: [
        (f"{each.id}-{event.name}", (each, event))
        for each in operations(contract, where)
        for event in contract.events
        if event.name in each.emits
    ],
    absent=no_operation,
)
CELLS = Parametrization(
    mark="for_each_cell",
    words="one check for each selected cell of the authorisation grid",
    fixtures=("cell",),
    places=lambda contract, where: [(cell.id, (cell,)) for cell in cells(contract) if where(cell)],
    absent=lambda _: "the contract declares no event",
)
JOURNEYS = Parametrization(
    mark="for_each_journey",
    words="one check for each journey that is told with the contract",
    fixtures=("journey",),
    places=lambda contract, where: [(each.id, (each,)) for each in contract.journeys if where(each)],
    absent=lambda _: "",
    clause=lambda journey: str(journey.clause),
)
ALL = (OPERATIONS, PLAINEST_OPERATION, SCOPES, EVENTS, EMISSIONS, CELLS, JOURNEYS)
