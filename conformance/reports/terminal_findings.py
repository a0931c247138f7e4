"""What a run found, told on a terminal: failures, what could not be judged, the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from conformance.reports.progress import STYLES
from conformance.results.digest import MARKS, Finding, by_reason, explains, is_listed_elsewhere, with_verdict
from conformance.results.model import Cause, ClauseResult, Report, Verdict
from conformance.results.share import partly, share
from conformance.results.untrusted_text import listed, one_line, plural, visible

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.console import Console

CAUSES = 3  # a clause that fails in more ways than these is told in full by the other reports
LABEL = 11  # cells before what was expected, observed, …
VERDICT_STYLES = {"conformant": "bold green", "not conformant": "bold red"}


class Findings:
    """Writes a report to a console; every foreign text goes through `plain`, and no markup is interpreted."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def tell(self, report: Report) -> None:
        """Failures, then what warned, broke, blocked or was not tested, then what concerns contract and baseline."""
        for clause in with_verdict(report, Verdict.FAILED):
            if not is_listed_elsewhere(report, clause):
                self._failure(clause)
                self._explained(report, clause)
        self._groups("Warnings", by_reason(report, Verdict.WARNED))
        self._groups("Could not be judged", by_reason(report, Verdict.ERROR, Verdict.BLOCKED))
        self._groups("Not tested", by_reason(report, Verdict.UNTESTABLE))
        self._sentences("Gaps of the contract", (f"{gap.what} {listed(gap.places)}" for gap in report.gaps))
        self._sentences("Left at the target", report.left)
        self._sentences("Lifted by the configuration", report.lifted)
        self._sentences("Known failures", report.accepted)
        self._sentences("No longer failing, remove from the baseline", report.stale)
        self._console.print()

    def verdict(self, report: Report) -> None:
        """One line: the verdict, the number of clauses for each, and how much was tried."""
        line = Text().append(report.verdict.upper(), style=VERDICT_STYLES.get(report.verdict, "bold yellow"))
        if report.unanswered:
            line.append(f"   {one_line(report.unanswered)}")
        else:
            counts = ((report.counts[verdict], verdict) for verdict in MARKS)
            told = [f"{number:,} {verdict}" for number, verdict in counts if number or verdict is not Verdict.ERROR]
            line.append("   " + " · ".join([*told, share(report.places)]))
        self._console.print(line, soft_wrap=True)
        if report.too_little:
            self._console.print(Text(f"At least {report.at_least:g} % of the places have to be tried."), soft_wrap=True)
        if report.stopped:
            self._console.print(Text(f"This is a part of a run. {one_line(report.stopped)}"), soft_wrap=True)

    def totals(self, report: Report, html: Path | None) -> None:
        """One line: requests, seconds, and where the report is."""
        line = Text(f"{plural(report.requests, 'request')} in {report.seconds:,.0f} s", style="dim")
        if html is not None:
            line.append(f"   report: {html}")
        self._console.print(line, soft_wrap=True)

    def _failure(self, clause: ClauseResult) -> None:
        self._console.print()
        title = Text().append(f"{MARKS[clause.verdict]} {one_line(clause.id)}", style=STYLES[clause.verdict])
        title.append(f"   {one_line(clause.level)} · {one_line(clause.source)}", style="dim")
        self._console.print(title, soft_wrap=True)
        self._prose(partly(clause), style="dim")
        told = ""
        for cause in clause.causes[:CAUSES]:
            check = cause.check or clause.check or clause.text
            self._prose(check if check != told else "")
            self._cause(cause)
            told = check
        if len(clause.causes) > CAUSES:
            self._prose(f"… and it failed in {plural(len(clause.causes) - CAUSES, 'other way')}; the report tells all.")
        if clause.looks_like:
            self._prose(f"looks like {one_line(clause.looks_like)}")

    def _explained(self, report: Report, clause: ClauseResult) -> None:
        """The other clauses that failed by the same cause."""
        others = [f"{other.id} ({count:,})" for other, count in explains(report, clause)]
        self._field("explains", ", ".join(others))

    def _cause(self, cause: Cause) -> None:
        if places := listed(cause.places):
            self._prose(places, style="cyan")
        self._field("expected", cause.expected)
        self._field("observed", cause.observed)
        if cause.reason not in {cause.expected, cause.observed}:
            self._field("because", cause.reason)
        if cause.repeat:
            # Never wrapped, so that it can be copied.
            self._console.print(Text(f"  {'repeat':<{LABEL - 2}}{visible(cause.repeat, keep='')}"), soft_wrap=True)
        self._field("", cause.several)
        self._field("", f"Explained by {cause.explained_by}." if cause.explained_by else "")

    def _groups(self, title: str, groups: tuple[Finding, ...]) -> None:
        if not groups:
            return
        self._console.print(Text(f"\n{title}", style="bold"))
        for group in groups:
            mark = Text(MARKS[group.verdict], style=STYLES[group.verdict])
            told = Text(one_line(group.what))
            if group.who:
                told.append(f"  (to be mended in {group.who})", style="dim")
            self._console.print(_hanging(mark, told, 2))
            self._console.print(Padding(Text(_ids(group), style="dim"), (0, 0, 0, 4), expand=False))

    def _sentences(self, title: str, sentences: Iterable[str]) -> None:
        told = [one_line(sentence) for sentence in sentences]
        if told:
            self._console.print(Text(f"\n{title}", style="bold"))
        for sentence in told:
            self._console.print(_hanging(Text("·"), Text(sentence), 2))

    def _field(self, label: str, value: str) -> None:
        if value:
            self._console.print(_hanging(Text(label, style="dim"), Text(one_line(value)), LABEL - 2))

    def _prose(self, text: str, style: str = "") -> None:
        if told := one_line(text, 1000):
            self._console.print(Padding(Text(told, style=style), (0, 0, 0, 2), expand=False))


def _ids(group: Finding, limit: int = 6) -> str:
    """The clauses, each with the number of its places where it is not so everywhere."""
    extents = ((one_line(clause.id), group.extent(clause)) for clause in group.clauses[:limit])
    rest = f" and {len(group.clauses) - limit} more" if len(group.clauses) > limit else ""
    return ", ".join(f"{name} ({extent})" if extent else name for name, extent in extents) + rest


def _hanging(mark: Text, text: Text, width: int) -> Padding:
    """The mark, and beside it the text, whose further lines stay in its column."""
    grid = Table.grid()
    grid.add_column(width=width)
    grid.add_column(overflow="fold")
    grid.add_row(mark, text)
    return Padding(grid, (0, 0, 0, 2), expand=False)
