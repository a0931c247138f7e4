"""Proof that the checks can fail: the suite run on every faulty variant of a target."""

from __future__ import annotations

import contextlib
import os
import time
from collections import Counter
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.assembly.documents import catalogue_of
from conformance.assembly.run import open_run, shared_between_variants
from conformance.contract.document import ContractError
from conformance.engine.limits import time_limit
from conformance.engine.observers import NullObserver
from conformance.engine.processes import new_claims, run_in_processes
from conformance.engine.runner import RunInterruptedError, run
from conformance.engine.selected_checks import Selection
from conformance.errors import ConfigurationError, SuiteError, UnreachableError
from conformance.proof.faults import Fault, faults_by_target
from conformance.results.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.assembly.options import Options
    from conformance.assembly.run import Shared
    from conformance.contract.requirements import Catalogue
    from conformance.engine.processes import Claims
    from conformance.harness import Harness
    from conformance.results.model import Report
    from conformance.sut.configuration import Configuration

    Variant = tuple[Configuration, Fault]

SEED = 1  # any seed must do; a fixed one makes the proof repeatable
LONGEST = 120.0  # seconds in which all checks are tried on a variant that its own has not killed
RED = {Verdict.FAILED, Verdict.WARNED}


@dataclass(frozen=True, kw_only=True)
class Row:
    """What became of one fault."""

    fault: str
    clause: str
    outcome: str  # killed, killed_by_another, silent, crash
    by: list[str]
    detail: str
    seconds: float


@dataclass(frozen=True)
class Proof:
    """The kill matrix of the variants of one target or more."""

    configurations: tuple[Configuration, ...]
    options: Options
    only: frozenset[str] = frozenset()

    def run(self, *, workers: int | None, progress: Callable[[str], Any]) -> dict[str, Any]:
        """Judges each variant: its own clause first and, if that does not kill it, all others.

        What is not killed side by side is judged once more alone: a busy machine tells late what is late anyway.
        """
        begun = time.perf_counter()
        variants = self._variants()
        count = workers or 3 * (os.cpu_count() or 1)  # while one variant waits, others work
        rows = self._rows(variants, count, progress)
        left = [each for each in variants if rows[each].outcome != "killed"]
        if left and count > 1:
            progress("  Once more, one after the other:\n")
            rows |= self._rows(left, 1, progress)
        found = sorted(rows.values(), key=lambda row: (row.clause, row.fault))
        counts = Counter(row.outcome for row in found)
        return {
            "faults": len(found),
            **{name: counts[name] for name in ("killed", "killed_by_another", "silent", "crash")},
            "seconds": round(time.perf_counter() - begun, 1),
            "rows": [asdict(row) for row in found],
        }

    def _rows(self, variants: list[Variant], count: int, progress: Callable[[str], Any]) -> dict[Variant, Row]:
        """What became of each variant, judged by so many workers side by side."""
        rows: dict[Variant, Row] = {}

        def tell(told: tuple[int, Row]) -> None:
            number, row = told
            rows[variants[number]] = row
            progress(f"  {row.outcome:18} {row.clause:32} {row.fault} {row.detail}".rstrip() + "\n")

        shared = new_claims()
        codes = run_in_processes([partial(_judge_share, self.options, variants, shared)] * count, tell)
        if any(codes):
            raise SuiteError(f"A worker of the proof ended with code {max(codes)} before it was through.")
        return rows

    def _variants(self) -> list[Variant]:
        known = [(where, fault) for where, faults in faults_by_target(self.configurations).items() for fault in faults]
        if not known:
            raise ConfigurationError(
                "The configuration lists no faulty variants. Name the command that does as `variants` under [target].",
            )
        clauses = {where: catalogue_of(where, self.options) for where in self.configurations}
        chosen = [(where, each) for where, each in known if not self.only or self.only & _names(each, clauses[where])]
        if not chosen:
            raise ConfigurationError(f"No variant is about {', '.join(sorted(self.only))}.")
        return chosen


def _names(fault: Fault, clauses: Catalogue) -> set[str]:
    """What a fault may be chosen by: its id, its clause and the names of that."""
    return {fault.id, fault.clause} | (clauses[fault.clause].names if fault.clause in clauses else set())


def _judge_share(
    options: Options, variants: list[Variant], claims: Claims, tell: Callable[[tuple[int, Row]], None]
) -> None:
    """Judges the variants that this worker claims."""
    with contextlib.ExitStack() as stack:
        shared: dict[Configuration, Shared] = {}
        for number in claims(len(variants)):
            configuration, fault = variants[number]
            if configuration not in shared:
                shared[configuration] = stack.enter_context(shared_between_variants(configuration, options))
            tell((number, _judge(configuration, options, fault, shared[configuration])))


def _judge(configuration: Configuration, options: Options, fault: Fault, shared: Shared) -> Row:
    """What the suite says of one faulty variant."""
    begun = time.perf_counter()
    chosen = replace(options, fault=fault.id, seed=SEED, fast=True)
    try:
        outcome, by, detail = _judged(configuration, chosen, fault, shared)
    except (UnreachableError, ContractError, ConfigurationError) as error:
        outcome, by, detail = "crash", [], str(error)
    seconds = round(time.perf_counter() - begun, 2)
    return Row(fault=fault.id, clause=fault.clause, outcome=outcome, by=by, detail=detail, seconds=seconds)


def _judged(configuration: Configuration, options: Options, fault: Fault, shared: Shared) -> tuple[str, list[str], str]:
    with open_run(configuration, options, shared=shared) as sessions:
        own = run(sessions, Selection(chosen=frozenset({fault.clause})), SEED, NullObserver())
        if fault.clause in _red(own):
            return "killed", [fault.clause], ""
    with open_run(configuration, options, shared=shared) as sessions:
        everything = _first_failure(sessions)
    by = _red(everything)
    if by:
        return "killed_by_another", by, f"by {', '.join(by)}; its own check says {_said(own, fault)}"
    if everything.places[Verdict.BLOCKED] or everything.unanswered:
        return "crash", [], everything.unanswered or _said(own, fault)
    return "silent", [], _said(own, fault)


def _first_failure(harnesses: tuple[Harness, ...]) -> Report:
    """What all checks say of the variant until the first fails, or for as long as a run takes that stands still."""
    try:
        limit = time_limit(LONGEST, since=time.monotonic())
        return run(harnesses, Selection(fail_fast=True), SEED, NullObserver(), limit=limit)
    except RunInterruptedError as interrupted:
        return interrupted.report


def _red(report: Report) -> list[str]:
    return [clause.id for clause in report.clauses if clause.verdict in RED]


def _said(report: Report, fault: Fault) -> str:
    clause = next((clause for clause in report.clauses if clause.id == fault.clause), None)
    return f"{clause.verdict.value} {clause.reason}".strip() if clause else "nothing: there is no such clause"


def table(result: dict[str, Any]) -> str:
    """The matrix in a few lines, gaps first."""
    gaps = [row for row in result["rows"] if row["outcome"] != "killed"]
    lines = [f"  {row['outcome']:18} {row['clause']:32} {row['fault']}: {row['detail']}" for row in gaps]
    lines.append(
        f"{result['faults']} faults: {result['killed']} killed, {result['killed_by_another']} killed by another, "
        f"{result['silent']} silent, {result['crash']} crash, in {result['seconds']} s",
    )
    return "\n" + "\n".join(lines) + "\n"
