"""The run on a terminal, moving while it works; in a log, a line for each chapter that is through."""

from __future__ import annotations

import io
import sys
import time
from threading import Lock
from typing import TYPE_CHECKING, Self, TextIO, TypedDict, Unpack

from rich.console import Console
from rich.live import Live
from rich.text import Text

from conformance.reports.progress import ChapterProgress, board, chapter_line, failure_line
from conformance.reports.terminal_findings import Findings
from conformance.results.model import Verdict
from conformance.results.untrusted_text import one_line, plural

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.results.model import Outcome, Report

TOLD_AT_ONCE = (Verdict.FAILED, Verdict.ERROR)
MARGIN = 3  # lines of the screen that are left for what is told as it comes
LOG_WIDTH = 10_000  # a log is searched line by line, so nothing in it is wrapped


class RunFacts(TypedDict):
    """What the header says of a run."""

    suite: str  # version of the suite
    contract: str  # title and version
    operations: int
    events: int
    target: str  # URL
    seed: int


class Terminal:
    """Tells the run to a person: a header, the chapters as they go, the findings, the verdict.

    `progress` may be called from several threads. Leaving the `with` block gives the cursor back after an interruption.
    """

    def __init__(self, *, quiet: bool, stream: TextIO | None = None) -> None:
        self._quiet = quiet
        self._stream = stream or sys.stdout
        self._console = _console(self._stream)
        self._chapters: dict[str, ChapterProgress] = {}
        self._lock = Lock()
        self._live: Live | None = None
        self._failed: set[str] = set()  # clauses whose failure is told
        self._begun = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def started(self, *, planned: dict[str, int], **facts: Unpack[RunFacts]) -> None:
        """The header; `planned` says how many outcomes each chapter will have."""
        self._chapters = {name: ChapterProgress(name=name, planned=number) for name, number in planned.items()}
        if self._quiet:
            return
        header = (
            f"api-conformance {facts['suite']} · contract {facts['contract']}:"
            f" {plural(facts['operations'], 'operation')}, {plural(facts['events'], 'event')}"
            f" · target {facts['target']} · seed {facts['seed']}"
        )
        self._console.print(Text(one_line(header, 2000), style="bold"), soft_wrap=True)
        self._console.print()
        if self._console.is_terminal:
            self._live = Live(console=self._console, get_renderable=self._board, refresh_per_second=8)
            self._live.start(refresh=True)

    def progress(self, chapter: str, outcome: Outcome) -> None:
        """One more outcome; a chapter that is not planned is shown from its first one."""
        with self._lock:
            state = self._chapters.setdefault(chapter, ChapterProgress(name=chapter, planned=0))
            state.add(outcome)
            self._tell_failure(outcome)
            if self._live is None and not self._quiet and state.done == state.planned:
                self._console.print(chapter_line(state, self._width()), soft_wrap=True)

    def unplanned(self, chapter: str, outcome: Outcome) -> None:
        """One more outcome, which the plan did not count."""
        with self._lock:
            self._chapters.setdefault(chapter, ChapterProgress(name=chapter, planned=0)).note(outcome)
            self._tell_failure(outcome)

    def _tell_failure(self, outcome: Outcome) -> None:
        """A clause that fails is told when it first does."""
        if outcome.verdict not in TOLD_AT_ONCE or outcome.clause in self._failed or self._quiet:
            return
        self._failed.add(outcome.clause)
        self._console.print(failure_line(outcome), soft_wrap=True)

    def finished(self, report: Report, html: Path | None) -> None:
        """The findings and the verdict; only the verdict line when quiet."""
        told_alive = self._live is not None
        self._stop()
        # If a signal came while the old one wrote, it keeps to itself whatever it is given.
        self._console = _console(self._stream)
        if not told_alive and not self._quiet:
            self._tell_unfinished()
        findings = Findings(self._console)
        if not self._quiet:
            findings.tell(report)
        findings.verdict(report)
        if not self._quiet:
            findings.totals(report, html)

    def _tell_unfinished(self) -> None:
        for state in self._chapters.values():
            if state.done and not state.through:
                self._console.print(chapter_line(state, self._width()), soft_wrap=True)

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _board(self) -> Text:
        with self._lock:
            room = self._console.height - MARGIN
            return board(self._chapters.values(), self._width(), room, time.monotonic() - self._begun)

    def _width(self) -> int:
        return max((len(name) for name in self._chapters), default=0)


def _console(stream: TextIO) -> Console:
    if isinstance(stream, io.TextIOWrapper):
        # A log in an encoding without "✓" shows an escape instead of breaking the run.
        stream.reconfigure(errors="backslashreplace")
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = LOG_WIDTH
    return console
