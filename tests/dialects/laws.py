"""The laws of all dialects. Each raises AssertionError, and writes a folder in which the wrong verdict shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialects.faults import faults
from dialects.folder import write_folder

if TYPE_CHECKING:
    from pathlib import Path

    from dialects.dialect import Dialect
    from dialects.suite import Judged, Outcome, Suite

# What stands in the reason where a clause needs more than the configuration of a dialect gives, and which operations
# write what nothing reads: hooks, what a body says beside a file, and what no answer tells and no text of ours is in.
UNGIVEN = ("[issuer]", 'kind "issuer"', "[resolver]", "[bounds]", "client-credentials", "https://")
UNREADABLE = ("addHook", "dropHook", "storeFile", "/hooks", "/file", "does not tell what it has made")
SHOWN = 20  # outcomes of one counterexample


def insist_on_praise(suite: Suite, dialect: Dialect) -> None:
    """The sound server is accused of nothing, everything is tried that the dialect permits, and nothing is left."""
    judged = suite.verdict(dialect)
    wrong = [*judged.those("failed", "warned", "blocked", "error"), *untried(judged)]
    silent = silent_clauses(judged, dialect)
    if judged.code or wrong or silent or judged.left:
        told = [*map(str, wrong), *judged.left, *(f"not tried anywhere: {clause}" for clause in sorted(silent))]
        raise AssertionError(counterexample(suite, dialect, "", judged, told))


def insist_on_blame(suite: Suite, dialect: Dialect, name: str) -> None:
    """A faulty server breaks the clause of its fault."""
    judged, clause = suite.verdict(dialect, name), faults()[name].clause
    if clause not in judged.clauses("failed", "warned") or judged.those("error"):
        seen = [*judged.those("error"), *(outcome for outcome in judged.outcomes if outcome.clause == clause)]
        others = ", ".join(sorted(judged.clauses("failed"))) or "nothing"
        told = [f"{clause} has to fail, but what failed is {others}", *map(str, seen)]
        raise AssertionError(counterexample(suite, dialect, name, judged, told))


def insist_on_equality(suite: Suite, one: Dialect, other: Dialect) -> None:
    """Two dialects that say the same get the same verdicts."""
    first, second = suite.verdict(one), suite.verdict(other)
    differing = first.by_clause() ^ second.by_clause()
    if differing:
        told = [f"{clause}: {verdict} in one of them alone" for clause, verdict in sorted(differing)]
        told += [str(outcome) for outcome in second.those("failed", "warned", "blocked", "error")]
        raise AssertionError(counterexample(suite, other, "", second, [f"said in other words: {one}", *told]))


def untried(judged: Judged) -> list[Outcome]:
    """What was not tried although the configuration gives all that it needs."""
    excused = (*UNGIVEN, *UNREADABLE)
    return [
        each
        for each in judged.those("untestable")
        if not any(word in f"{each.place} {each.reason}" for word in excused)
    ]


def silent_clauses(judged: Judged, dialect: Dialect) -> frozenset[str]:
    """Clauses that a fault of this dialect would break, and that were tried nowhere."""
    breakable = frozenset(fault.clause for fault in faults().values() if fault.shown_by(dialect))
    return breakable - judged.clauses("passed", "failed", "warned")


def counterexample(suite: Suite, dialect: Dialect, fault: str, judged: Judged, told: list[str]) -> str:
    """What is wrong, and a folder in which a person can see it."""
    folder = written(suite.folder, dialect, fault)
    lines = [f"{dialect}{' with the fault ' + fault if fault else ''}", f"  exit code {judged.code}"]
    lines += [f"  {line}" for line in told[:SHOWN]]
    if not judged.outcomes:
        lines += judged.printed.strip().splitlines()[-10:]
    return "\n".join([*lines, f"To see it: cd {folder} && conformance run"])


def written(folder: Path, dialect: Dialect, fault: str) -> Path:
    """The folder of the counterexample, which the next smaller one replaces."""
    place = folder / f"counterexample{'-' + fault if fault else ''}"
    for old in place.glob("*.*"):
        old.unlink()
    write_folder(place, dialect, fault)
    return place
