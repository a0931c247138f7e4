"""What a reader asks first of a report: what is the verdict, what to mend first, what was not tested and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.results.model import Blame, ClauseResult, Outcome, Report, Verdict
from conformance.results.share import share
from conformance.results.untrusted_text import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# The order in which verdicts are told, and the mark of each.
MARKS = {
    Verdict.PASSED: "✓",
    Verdict.FAILED: "✗",
    Verdict.WARNED: "!",
    Verdict.BLOCKED: "⊘",
    Verdict.ERROR: "‼",
    Verdict.UNTESTABLE: "?",
    Verdict.INAPPLICABLE: "○",
}

# A table, a key, an option, or to add one.
REMEDY = re.compile(r"\[\w[\w.-]*\]|`[\w.-]+`|--\w|\b(?:Add|Give|Name|Show|Declare)\b")
LEVELS = ("MUST", "SHOULD", "MAY")

Tried = tuple[ClauseResult, Outcome]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Places with the same verdict for the same reason, and the clauses that they belong to."""

    verdict: Verdict
    what: str  # the reason that they share; where there is none, what was expected and seen
    blame: Blame
    clauses: tuple[ClauseResult, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def who(self) -> str:
        """Who has to mend it; of the configuration only where the sentence names what to add to it."""
        if self.blame is Blame.CONFIGURATION and not REMEDY.search(self.what):
            return ""
        return f"the {self.blame}" if self.blame else ""

    def extent(self, clause: ClauseResult) -> str:
        """At how many places of the clause it was so: `3 of 14`; "" if at all of them."""
        here = sum(outcome.clause == clause.id for outcome in self.outcomes)
        return "" if here >= clause.places.applicable else f"{here:,} of {clause.places.applicable:,}"


def with_verdict(report: Report, *verdicts: Verdict) -> tuple[ClauseResult, ...]:
    """The clauses that got one of these verdicts, MUST before SHOULD, else in the order of the report."""
    found = [clause for clause in report.clauses if clause.verdict in verdicts]
    return tuple(sorted(found, key=_level))


def failed_first(clauses: Iterable[ClauseResult]) -> list[ClauseResult]:
    """The clauses that failed, MUST before SHOULD, then the others in their order."""
    return sorted(clauses, key=lambda clause: _level(clause) if clause.verdict is Verdict.FAILED else len(LEVELS) + 1)


def explains(report: Report, clause: ClauseResult) -> list[tuple[ClauseResult, int]]:
    """The other clauses that failed by what this one found, each with the number of its places."""
    counts = ((other, sum(outcome.explained_by == clause.id for outcome in other.outcomes)) for other in report.clauses)
    return [(other, count) for other, count in counts if count]


def is_listed_elsewhere(report: Report, clause: ClauseResult) -> bool:
    """It failed by nothing but what another clause that failed has found, and is told under that."""
    return any(other.id == clause.explained_by and other.verdict is Verdict.FAILED for other in report.clauses)


def mend_first(report: Report) -> tuple[Finding, ...]:
    """Failures that look like one wrong implementation, MUST first; then what blocked, by reason, the widest first."""
    own = (each for each in _places(report, Verdict.FAILED) if not is_listed_elsewhere(report, each[0]))
    failures = _grouped(own, lambda clause, _: clause.looks_like or clause.id)
    failures.sort(key=lambda finding: (_level(finding.clauses[0]), -len(finding.clauses)))
    return (*failures, *by_reason(report, Verdict.BLOCKED))


def by_reason(report: Report, *verdicts: Verdict) -> tuple[Finding, ...]:
    """The places with these verdicts, grouped by verdict and what is told of them, the widest first.

    Sentences that differ in the operation and in what they quote are one kind, of which the first is told.
    What a contract leaves out is told of whole clauses only: that each operation has its own is no finding.
    """
    return tuple(
        _whole(finding)
        for verdict in verdicts
        for finding in sorted(
            _grouped(_places(report, verdict), lambda _, outcome: _kind(outcome)),
            key=lambda finding: -len(finding.clauses),
        )
    )


def told(outcome: Outcome) -> str:
    """The reason in words; where there is none, what was expected and what was seen."""
    seen = f"expected {outcome.expected}, observed {outcome.observed}" if outcome.expected or outcome.observed else ""
    return outcome.reason or seen or "no reason was given"


def chapter_counts(report: Report) -> dict[str, dict[Verdict, int]]:
    """Chapter → verdict → number of clauses, for the chapters that have clauses, in the order of reading."""
    names = dict.fromkeys((*report.chapters, *(clause.chapter for clause in report.clauses)))
    counts = {name: dict.fromkeys(MARKS, 0) for name in names}
    for clause in report.clauses:
        counts[clause.chapter][clause.verdict] += 1
    return {name: tally for name, tally in counts.items() if any(tally.values())}


def headline(report: Report) -> str:
    """The verdict, explained in a few sentences."""
    return " ".join(_sentences(report))


def _sentences(report: Report) -> Iterator[str]:
    clauses, places = report.counts, report.places
    if report.stopped:
        yield f"This is a part of a run. {report.stopped}"
    if report.unanswered:
        yield f"The target could not be judged: {report.unanswered}"
        return
    if clauses[Verdict.FAILED]:
        yield f"{plural(clauses[Verdict.FAILED], 'clause')} failed."
    if places[Verdict.ERROR]:
        yield f"The suite itself broke in {plural(places[Verdict.ERROR], 'place')}; that says nothing of the target."
    if places[Verdict.PASSED]:
        yield f"{plural(clauses[Verdict.PASSED], 'clause')} held, {share(places)}."
    else:
        yield "No clause passed, so nothing is known to be right."
    if report.too_little:
        yield f"At least {report.at_least:g} % of the places have to be tried."
    if report.stale:
        yield f"The baseline is stale: {plural(len(report.stale), 'known failure')} did not fail."


def _places(report: Report, verdict: Verdict) -> Iterator[Tried]:
    """The places with a verdict, those of MUST clauses first."""
    for clause in sorted(report.clauses, key=_level):
        if verdict is not Verdict.INAPPLICABLE or clause.verdict is verdict:
            yield from ((clause, outcome) for outcome in clause.outcomes if outcome.verdict is verdict)


def _grouped(places: Iterable[Tried], key: Callable[[ClauseResult, Outcome], str]) -> list[Finding]:
    groups: dict[str, list[Tried]] = {}
    for clause, outcome in places:
        groups.setdefault(key(clause, outcome), []).append((clause, outcome))
    return [
        Finding(
            verdict=group[0][1].verdict,
            what=told(group[0][1]),
            blame=group[0][1].blame,
            clauses=tuple({clause.id: clause for clause, _ in group}.values()),
            outcomes=tuple(outcome for _, outcome in group),
        )
        for group in groups.values()
    ]


def _kind(outcome: Outcome) -> str:
    """What is told without what is special to the operation; where there is no reason, what its clause expected."""
    sentence = outcome.reason or f"{outcome.clause}: {outcome.expected or told(outcome)}"
    named = rf"\b{re.escape(outcome.operation)}\b" if outcome.operation else "(?!)"
    return re.sub(rf'{named}|"[^"]*"', "…", sentence)


def _whole(finding: Finding) -> Finding:
    """The finding with how many other sentences of its kind it stands for."""
    others = len({told(outcome) for outcome in finding.outcomes}) - 1
    if not others:
        return finding
    return replace(finding, what=f"{finding.what.rstrip('.')}. The same is so in {plural(others, 'other place')}.")


def _level(clause: ClauseResult) -> int:
    return LEVELS.index(clause.level) if clause.level in LEVELS else len(LEVELS)
