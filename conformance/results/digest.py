"""What a reader asks first of a report: what is the verdict, what to mend first, what was not tested and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.results.model import Blame, ClauseResult, Report, Verdict
from conformance.results.untrusted_text import plural

if TYPE_CHECKING:
    from collections.abc import Callable

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

LEVELS = ("MUST", "SHOULD", "MAY")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Clauses with the same verdict for the same reason."""

    verdict: Verdict
    what: str  # the known wrong implementation, or the reason they share; "" where there is neither
    blame: Blame
    clauses: tuple[ClauseResult, ...]


def with_verdict(report: Report, *verdicts: Verdict) -> tuple[ClauseResult, ...]:
    """The clauses that got one of these verdicts, MUST before SHOULD, else in the order of the report."""
    found = [clause for clause in report.clauses if clause.verdict in verdicts]
    return tuple(sorted(found, key=_level))


def mend_first(report: Report) -> tuple[Finding, ...]:
    """Failures that look like one wrong implementation, and blocked clauses that share a reason; the widest first."""
    failures = _grouped(with_verdict(report, Verdict.FAILED), lambda clause: clause.looks_like or clause.id)
    blocked = _grouped(with_verdict(report, Verdict.BLOCKED), lambda clause: clause.told)
    return tuple(sorted((*failures, *blocked), key=lambda finding: (-len(finding.clauses), _level(finding.clauses[0]))))


def by_reason(report: Report, *verdicts: Verdict) -> tuple[Finding, ...]:
    """The clauses with these verdicts, grouped by verdict and what is told of them."""
    return tuple(
        finding
        for verdict in verdicts
        for finding in sorted(
            _grouped(with_verdict(report, verdict), lambda clause: clause.told),
            key=lambda finding: -len(finding.clauses),
        )
    )


def chapter_counts(report: Report) -> dict[str, dict[Verdict, int]]:
    """Chapter → verdict → number of clauses, for the chapters that have clauses, in the order of reading."""
    names = dict.fromkeys((*report.chapters, *(clause.chapter for clause in report.clauses)))
    counts = {name: dict.fromkeys(MARKS, 0) for name in names}
    for clause in report.clauses:
        counts[clause.chapter][clause.verdict] += 1
    return {name: tally for name, tally in counts.items() if any(tally.values())}


def headline(report: Report) -> str:
    """The verdict, explained in a sentence or two."""
    number = report.counts
    if report.unanswered:
        return f"The target could not be judged: {report.unanswered}"
    if report.verdict == "suite error":
        return f"The suite itself broke on {plural(number[Verdict.ERROR], 'clause')}; that says nothing of the target."
    if report.verdict == "not judged":
        return "No clause passed, so nothing is known of the target."
    if report.verdict == "conformant":
        untested = number[Verdict.UNTESTABLE]
        held = f"{plural(number[Verdict.PASSED], 'clause')} held, none failed and none was blocked"
        return f"{held}; {untested:,} could not be tested." if untested else f"{held}."
    told = (
        (number[Verdict.FAILED], "failed"),
        (number[Verdict.BLOCKED], "could not be tried because an arrangement failed"),
    )
    sentences = [f"{plural(count, 'clause')} {what}." for count, what in told if count]
    if report.stale:
        sentences.append(f"The baseline is stale: {plural(len(report.stale), 'known failure')} did not fail.")
    return " ".join(sentences)


def _grouped(clauses: tuple[ClauseResult, ...], key: Callable[[ClauseResult], str]) -> list[Finding]:
    groups: dict[str, list[ClauseResult]] = {}
    for clause in clauses:
        groups.setdefault(key(clause), []).append(clause)
    return [
        Finding(
            verdict=group[0].verdict,
            what=group[0].looks_like or group[0].reason,
            blame=group[0].decisive[0].blame if group[0].decisive else Blame.NOBODY,
            clauses=tuple(group),
        )
        for group in groups.values()
    ]


def _level(clause: ClauseResult) -> int:
    return LEVELS.index(clause.level) if clause.level in LEVELS else len(LEVELS)
