"""Drawing dialects with Hypothesis.

A dialect is drawn as a few deviations from the plainest one, so that a counterexample shrinks by leaving them out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from dialects.dialect import Dialect, axes, sensible
from dialects.faults import faults
from dialects.quarantine import QUARANTINE

if TYPE_CHECKING:
    from dialects.faults import Fault

MOST = 12  # deviations of one dialect
SPELLINGS = ("security", "composition", "version", "format", "split", "summaries")  # axes of the document alone

Deviation = tuple[str, Any]


def deviations(*, among: tuple[str, ...] = ()) -> list[Deviation]:
    """Every axis with each of its values but the plainest."""
    return [(axis, value) for axis, values in axes().items() for value in values[1:] if not among or axis in among]


def deviating(changes: list[Deviation], base: Dialect | None = None) -> Dialect:
    """The dialect with these deviations, as far as they make sense together and are not in quarantine."""
    return admitted(sensible(replace(base or Dialect(), **dict(changes))))


def admitted(dialect: Dialect) -> Dialect:
    """The dialect with the plainest value on the last axis of whatever is in quarantine."""
    for entry in QUARANTINE:
        if not entry.fault and entry.holds(dialect):
            axis = list(entry.deviations)[-1]
            dialect = replace(dialect, **{axis: axes()[axis][0]})
    return sensible(dialect)


def some(possible: list[Deviation]) -> st.SearchStrategy[list[Deviation]]:
    return st.lists(st.sampled_from(possible), max_size=MOST, unique_by=lambda deviation: deviation[0])


def dialects() -> st.SearchStrategy[Dialect]:
    """Any dialect whose sound server has to be judged rightly."""
    return some(deviations()).map(deviating)


def faulty_dialects() -> st.SearchStrategy[tuple[Dialect, str]]:
    """A dialect, and the name of a fault that it can show."""
    return st.sampled_from(sorted(faults())).flatmap(lambda name: showing(faults()[name])).filter(is_judged)


def showing(fault: Fault) -> st.SearchStrategy[tuple[Dialect, str]]:
    """Dialects that can show the fault."""
    needed = st.fixed_dictionaries({axis: st.sampled_from(values) for axis, values in fault.needs.items()})
    drawn = st.tuples(some(deviations()), needed)
    return drawn.map(lambda pair: (deviating([*pair[0], *pair[1].items()]), fault.name)).filter(
        lambda pair: fault.shown_by(pair[0])
    )


def is_judged(pair: tuple[Dialect, str]) -> bool:
    """The pair is not in quarantine."""
    return not any(entry.fault == pair[1] and entry.holds(pair[0]) for entry in QUARANTINE)


def spellings() -> st.SearchStrategy[tuple[Dialect, Dialect]]:
    """Two dialects that say the same, each in another document."""
    respelled = some(deviations(among=SPELLINGS)).filter(bool)
    return st.tuples(dialects(), respelled).map(lambda pair: (plain(pair[0]), deviating(pair[1], plain(pair[0]))))


def plain(dialect: Dialect) -> Dialect:
    """The same dialect in the plainest document."""
    return replace(dialect, **{axis: axes()[axis][0] for axis in SPELLINGS})
