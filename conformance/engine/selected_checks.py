"""Which checks a run makes, and in which order."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar

from conformance.errors import ConfigurationError
from conformance.results.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from conformance.contract.openapi import Contract
    from conformance.results.model import Outcome

AMISS = {verdict.value for verdict in (Verdict.FAILED, Verdict.WARNED, Verdict.ERROR)}
SHOWN = 5  # names in a sentence
# Checks of a clause, by the beginning of its id, for each check of others while time is short: who may do what is asked
# soon, and generated input, which takes long, late.
PACE = {"GRID": 8.0, "OBJ": 3.0, "SCOPE": 3.0, "ERR": 0.5, "ROB": 0.5}
Check = TypeVar("Check")


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The checks of these clauses, at the places of these operations, or at these places of clauses; None means all.

    `breadth_first` makes one check of each clause before the second of any, and then of some more than of others
    (PACE); `fail_fast` ends the run with the first failure; `shuffle` is the seed of an order at random.
    """

    chosen: frozenset[str] | None = None
    operations: frozenset[str] | None = None
    places: frozenset[tuple[str, str]] | None = None
    shuffle: int | None = None
    breadth_first: bool = False
    fail_fast: bool = False

    @property
    def by_place(self) -> bool:
        """Not every place of the clauses counts, so that one without any is none of the run's."""
        return self.operations is not None or self.places is not None

    def covers(self, outcome: Outcome) -> bool:
        """The check that has this outcome is to be made."""
        return (
            (self.chosen is None or outcome.clause in self.chosen)
            and (self.operations is None or outcome.operation in self.operations)
            and (self.places is None or (outcome.clause, outcome.place) in self.places)
        )

    def ordered(self, checks: Sequence[Check], clause: Callable[[Check], str]) -> list[Check]:
        """The checks in the order in which they are made; `clause` gives the id of the clause of one."""
        found = list(checks)
        if self.shuffle is not None:
            random.Random(self.shuffle).shuffle(found)
        if not self.breadth_first:
            return found
        nth = Counter[str]()
        rounds = []
        for each in found:
            rounds.append(nth[clause(each)] / PACE.get(clause(each).partition("-")[0], 1.0))
            nth[clause(each)] += 1
        return [each for _, each in sorted(zip(rounds, found, strict=True), key=itemgetter(0))]


def operations_named(
    contract: Contract, *, ids: Sequence[str] = (), paths: Sequence[str] = (), tags: Sequence[str] = ()
) -> frozenset[str] | None:
    """The operations with one of these ids, on one of these paths (`*` stands for any text), or with one of these tags.

    None if nothing is named. Raises ConfigurationError for a name that stands for no operation.
    """
    known = contract.operations
    matching = {f"--operation {name}": [each.id for each in known if each.id == name] for name in ids}
    matching |= {f"--path {form}": [each.id for each in known if fnmatchcase(each.path, form)] for form in paths}
    matching |= {f"--tag {tag}": [each.id for each in known if tag in each.tags] for tag in tags}
    empty = [option for option, found in matching.items() if not found]
    if empty:
        raise ConfigurationError(f"The contract has no operation for {', '.join(empty)}. {_nearest(contract, empty)}")
    return frozenset().union(*matching.values()) if matching else None


def _nearest(contract: Contract, options: Sequence[str]) -> str:
    """What may have been meant."""
    words = {
        "--operation": [each.id for each in contract.operations],
        "--path": [each.path for each in contract.operations],
        "--tag": [tag for each in contract.operations for tag in each.tags],
    }
    option, _, name = options[0].partition(" ")
    known = sorted(set(words[option]))
    near = get_close_matches(name, known, n=SHOWN, cutoff=0.4) or known[:SHOWN]
    return f"It has {', '.join(near)}{' and others' if len(known) > len(near) else ''}." if near else "It has none."


def last_failed(report: Path) -> frozenset[tuple[str, str]]:
    """The places at which clauses failed, warned or met an error in an earlier run. Raises ConfigurationError."""
    try:
        told = json.loads(report.read_text(encoding="utf-8"))
        found = frozenset(
            (clause["id"], each["place"])
            for clause in told["clauses"]
            for each in clause["evidence"]
            if each["verdict"] in AMISS
        )
    except OSError:
        raise ConfigurationError(f"There is no {report} of an earlier run. Run without --last-failed first.") from None
    except (ValueError, KeyError, TypeError):
        raise ConfigurationError(f"{report} is not a report of this suite. Run without --last-failed first.") from None
    if not found:
        raise ConfigurationError(f"Nothing failed in {report}, so there is nothing to repeat.")
    return found
