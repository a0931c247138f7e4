"""The decorators by which checks are declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance import parametrization
from conformance.selection.operations import any_operation
from conformance.servers.receiver_scripts import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.operation import Operation
    from conformance.grid.cells import Cell
    from conformance.servers.receiver_scripts import Script


def requirement(identifier: str) -> pytest.MarkDecorator:
    """The clause that the check is about."""
    return pytest.mark.requirement(identifier)


def for_each_operation(where: Callable[[Operation], bool] = any_operation) -> pytest.MarkDecorator:
    """The check is made once for each operation that the predicate selects (fixture `operation`)."""
    return parametrization.OPERATIONS(where)


def for_one_operation(where: Callable[[Operation], bool] = any_operation) -> pytest.MarkDecorator:
    """The check is made on the plainest operation that the predicate selects (fixture `operation`)."""
    return parametrization.PLAINEST_OPERATION(where)


def for_each_scope(where: Callable[[Operation], bool]) -> pytest.MarkDecorator:
    """The check is made once for each scope of each selected operation (fixtures `operation`, `scope`)."""
    return parametrization.SCOPES(where)


def for_each_event() -> pytest.MarkDecorator:
    """The check is made once for each event that an operation emits (fixture `event`)."""
    return parametrization.EVENTS(parametrization.everywhere)


def for_each_emission(where: Callable[[Operation], bool] = any_operation) -> pytest.MarkDecorator:
    """The check is made once for each event of each selected operation (fixtures `operation`, `event`)."""
    return parametrization.EMISSIONS(where)


def for_each_cell(where: Callable[[Cell], bool]) -> pytest.MarkDecorator:
    """The check is made once for each selected cell of the authorisation grid (fixture `cell`)."""
    return parametrization.CELLS(where)


def for_each_journey() -> pytest.MarkDecorator:
    """The check is made once for each journey of the contract, and is about the clause that the journey names."""
    return parametrization.JOURNEYS(parametrization.everywhere)


def for_each_script(where: Callable[[Script], bool]) -> pytest.MarkDecorator:
    """The check is made once for each selected script of the delivery lab (fixture `script`)."""
    found = [script for script in SCRIPTS if where(script)]
    return pytest.mark.parametrize("script", found, ids=[script.name for script in found])


def given(*fixtures: str) -> pytest.MarkDecorator:
    """The check is made only where these fixtures can be had, though its body does not name them."""
    return pytest.mark.usefixtures(*fixtures)


def variants(name: str, values: dict[str, Any]) -> pytest.MarkDecorator:
    """The check is made once for each named value (fixture `name`)."""
    return pytest.mark.parametrize(name, list(values.values()), ids=list(values))


def register(config: pytest.Config) -> None:
    """Tells pytest of the marks, so that it refuses all others."""
    config.addinivalue_line("markers", "requirement(id): the clause that a check is about")
    for each in parametrization.ALL:
        config.addinivalue_line("markers", f"{each.mark}(where): {each.words}")
