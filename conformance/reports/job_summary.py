"""The report as Markdown, short enough for the summary page of a CI job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reports.markdown import block, code, prose
from conformance.results.digest import (
    MARKS,
    Finding,
    by_reason,
    explains,
    headline,
    is_listed_elsewhere,
    with_verdict,
)
from conformance.results.model import Cause, ClauseResult, Report, Verdict
from conformance.results.share import partly
from conformance.results.untrusted_text import cut, listed, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FAILURES = 40  # CI systems refuse summaries of more than about a megabyte
CAUSES = 3
IDS = 12


def to_markdown(report: Report) -> str:
    """The verdict, the counts, the failures, and what was not tested and why."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {report.verdict.capitalize()}\n"
    yield f"{prose(headline(report))}\n"
    yield f"Contract {code(report.contract)} · target {code(report.target)} · suite {code(report.suite)}"
    yield f"· seed {report.seed} · {plural(report.requests, 'request')} in {report.seconds:,.0f} s\n"
    yield f"| {' | '.join(MARKS)} |"
    yield f"|{' ---: |' * len(MARKS)}"
    yield f"| {' | '.join(f'{report.counts[verdict]:,}' for verdict in MARKS)} |\n"
    yield from _failures(report)
    yield from _reasons(report, "Warnings", Verdict.WARNED)
    yield from _reasons(report, "Could not be judged", Verdict.ERROR, Verdict.BLOCKED)
    yield from _reasons(report, "Not tested", Verdict.UNTESTABLE, Verdict.INAPPLICABLE)
    yield from _bullets("Gaps of the contract", (f"{gap.what} {listed(gap.places)}" for gap in report.gaps))
    yield from _bullets("Left at the target", report.left)
    yield from _bullets("Lifted by the configuration", report.lifted)
    yield from _bullets("Known failures", report.accepted)
    yield from _bullets("No longer failing: remove from the baseline", report.stale)


def _failures(report: Report) -> Iterator[str]:
    failed = with_verdict(report, Verdict.FAILED)
    clauses = [clause for clause in failed if not is_listed_elsewhere(report, clause)]
    if clauses:
        yield "## Failures\n"
    for clause in clauses[:FAILURES]:
        yield f"### {code(clause.id)} ({prose(clause.level)}, {prose(clause.source)})\n"
        yield f"{prose(clause.text)}\n"
        if partly(clause):
            yield f"{partly(clause).capitalize()}.\n"
        for cause in clause.causes[:CAUSES]:
            yield from _cause(cause)
        if len(clause.causes) > CAUSES:
            yield f"It failed in {plural(len(clause.causes) - CAUSES, 'other way')} too.\n"
        if others := explains(report, clause):
            yield f"Explains {', '.join(f'{code(other.id)} ({count:,})' for other, count in others)}.\n"
        if clause.looks_like:
            yield f"Looks like {prose(clause.looks_like)}\n"
    if len(clauses) > FAILURES:
        yield f"{plural(len(clauses) - FAILURES, 'other failure')} stand in the full report.\n"


def _cause(cause: Cause) -> Iterator[str]:
    if cause.check:
        yield f"{prose(cause.check)}\n"
    if places := listed(cause.places):
        yield f"{prose(places)}\n"
    told = (("expected", cause.expected), ("observed", cause.observed), ("because", cause.reason))
    lines = [f"{label:<10}{cut(value, 1000)}" for label, value in told if value]
    lines += [f"{label:<10}{value}" for label, value in (("repeat", cause.repeat), ("", cause.several)) if value]
    yield block("\n".join(lines)) + "\n"
    if cause.statement:
        yield "| channel | expected | seen |"
        yield "| --- | --- | --- |"
        for line in cause.statement:
            yield f"| {prose(line.channel)} | {prose(line.expected)} | {prose(line.seen)} |"
        yield ""


def _reasons(report: Report, title: str, *verdicts: Verdict) -> Iterator[str]:
    groups = by_reason(report, *verdicts)
    if groups:
        yield f"## {title}\n"
    for group in groups:
        ids = ", ".join(_named(group, clause) for clause in group.clauses[:IDS])
        rest = f" and {len(group.clauses) - IDS} more" if len(group.clauses) > IDS else ""
        blame = f" (to be mended in {group.who})" if group.who else ""
        yield f"- **{group.verdict}**: {prose(group.what)}{blame}: {ids}{rest}"
    if groups:
        yield ""


def _named(group: Finding, clause: ClauseResult) -> str:
    extent = group.extent(clause)
    return f"{code(clause.id)} ({extent})" if extent else code(clause.id)


def _bullets(title: str, sentences: Iterable[str]) -> Iterator[str]:
    told = [f"- {prose(sentence)}" for sentence in sentences]
    if told:
        yield "\n".join((f"## {title}\n", *told, ""))
