"""The authorisation grid as a matrix: what every caller got of every operation and event, beside what was due."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from conformance.results.model import Cell, Due, Exchange, Outcome, Report, Verdict
from conformance.results.untrusted_text import plural

SIGNS = {
    Verdict.FAILED: "✗",
    Verdict.WARNED: "!",
    Verdict.BLOCKED: "!",
    Verdict.ERROR: "‼",
    Verdict.UNTESTABLE: "?",
    Verdict.INAPPLICABLE: "·",
}
AS_DUE = {Due.ADMITTED: "●", Due.REFUSED: "—"}
DUE = {
    (False, Due.ADMITTED): "is let in",
    (False, Due.REFUSED): "gains nothing",
    (True, Due.ADMITTED): "is told",
    (True, Due.REFUSED): "is not told",
}


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One cell as it came out."""

    cell: Cell
    outcome: Outcome

    @property
    def id(self) -> str:
        return f"grid-{self.cell.number}"

    @property
    def verdict(self) -> Verdict:
        return self.outcome.verdict

    @property
    def kind(self) -> str:
        """What its colour says: what was due where it came out so, else the verdict."""
        return self.cell.due if self.verdict is Verdict.PASSED else self.verdict

    @property
    def sign(self) -> str:
        return AS_DUE[self.cell.due] if self.verdict is Verdict.PASSED else SIGNS[self.verdict]

    @property
    def caller(self) -> str:
        return self.cell.detail or self.cell.caller

    @property
    def due(self) -> str:
        return DUE[self.cell.event, self.cell.due]

    @property
    def label(self) -> str:
        """The cell in a sentence."""
        place = f"{self.caller} at {self.cell.row}"
        if self.verdict is Verdict.PASSED:
            return f"{place}: {self.due}, as due"
        if self.verdict is Verdict.INAPPLICABLE:
            return f"{place}: cannot be, as {self.outcome.reason}"
        told = self.outcome.observed or self.outcome.reason
        return f"{place}: {self.verdict}; due: {self.due}; {told}"

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchange that shows it; what led to it too, where it is amiss."""
        found = self.outcome.exchanges
        attempts = tuple(exchange for exchange in found if exchange.label == "attempt")
        if self.verdict is Verdict.PASSED:
            return (attempts or found)[-1:]
        decisive = tuple(exchange for exchange in found if exchange.decisive)
        return (*decisive, *tuple(exchange for exchange in found if not exchange.decisive)[-2:])

    @property
    def opens(self) -> bool:
        """There is more to be shown than fits into a label."""
        return self.verdict is not Verdict.INAPPLICABLE


@dataclass(frozen=True, kw_only=True)
class Row:
    """One operation or event."""

    name: str
    event: bool
    spots: tuple[tuple[Spot, ...], ...]  # for each caller


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """All cells; `groups` names the callers under their headings."""

    groups: dict[str, tuple[str, ...]]
    rows: tuple[Row, ...]

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        return tuple(spot for row in self.rows for spots in row.spots for spot in spots)

    @cached_property
    def firsts(self) -> frozenset[int]:
        """The columns with which a group begins."""
        lengths = [len(callers) for callers in self.groups.values()]
        return frozenset(sum(lengths[:index]) for index in range(len(lengths)))

    @property
    def parts(self) -> dict[str, tuple[Row, ...]]:
        """The rows under their headings."""
        found = {"Operations": False, "Events": True}
        parts = {title: tuple(row for row in self.rows if row.event is event) for title, event in found.items()}
        return {title: rows for title, rows in parts.items() if rows}

    @property
    def legend(self) -> tuple[tuple[str, str, str, int], ...]:
        """Kind, sign, meaning and number of the cells of each kind that there is."""
        told = {
            Due.ADMITTED: "let in or told, as due",
            Due.REFUSED: "gained nothing or was not told, as due",
            Verdict.FAILED: "got something else than was due",
            Verdict.WARNED: "known failure",
            Verdict.BLOCKED: "blocked: an arrangement failed",
            Verdict.ERROR: "the suite broke",
            Verdict.UNTESTABLE: "untestable: something was not given",
            Verdict.INAPPLICABLE: "cannot be",
        }
        found = [(kind, [spot for spot in self.spots if spot.kind == kind]) for kind in told]
        return tuple((kind, spots[0].sign, told[kind], len(spots)) for kind, spots in found if spots)

    @property
    def summary(self) -> str:
        """How much of the grid was tried, and how it came out."""
        tried = [spot for spot in self.spots if spot.verdict in {Verdict.PASSED, Verdict.FAILED, Verdict.WARNED}]
        due = sum(spot.verdict is Verdict.PASSED for spot in tried)
        whole = "all of them" if due == len(tried) else f"{due:,}"
        told = f"{plural(len(tried), 'cell')} of {len(self.spots):,} could be tried"
        return f"{told}; {whole} came out as the contract says."

    @property
    def reasons(self) -> dict[str, tuple[Spot, ...]]:
        """Why cells cannot be."""
        found: dict[str, list[Spot]] = {}
        for spot in self.spots:
            if not spot.opens:
                found.setdefault(spot.outcome.reason, []).append(spot)
        return {reason: tuple(spots) for reason, spots in found.items()}


def matrix(report: Report) -> Matrix:
    """The cells of a report in the order of the contract; without rows if it has none."""
    outcomes = [outcome for clause in report.clauses for outcome in clause.outcomes]
    spots = [Spot(cell=outcome.cell, outcome=outcome) for outcome in outcomes if outcome.cell]
    spots.sort(key=lambda spot: spot.cell.number)
    groups: dict[str, dict[str, None]] = {}
    rows: dict[tuple[bool, str], dict[str, list[Spot]]] = {}
    for spot in spots:
        groups.setdefault(spot.cell.group, {})[spot.cell.caller] = None
        rows.setdefault((spot.cell.event, spot.cell.row), {}).setdefault(spot.cell.caller, []).append(spot)
    callers = [caller for group in groups.values() for caller in group]
    return Matrix(
        groups={group: tuple(names) for group, names in groups.items()},
        rows=tuple(
            Row(name=name, event=event, spots=tuple(tuple(found.get(caller, ())) for caller in callers))
            for (event, name), found in rows.items()
        ),
    )
