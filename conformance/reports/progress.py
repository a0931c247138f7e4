"""How far each chapter of a run is, as lines for a terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.text import Text

from conformance.results.digest import MARKS
from conformance.results.model import PRECEDENCE, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

BAR = 16  # cells

STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "bold red",
    Verdict.WARNED: "yellow",
    Verdict.BLOCKED: "bold magenta",
    Verdict.ERROR: "bold red reverse",
    Verdict.UNTESTABLE: "dim",
    Verdict.INAPPLICABLE: "dim",
}


@dataclass(kw_only=True)
class ChapterProgress:
    """A chapter while it runs: outcomes seen, and the verdict of each clause so far."""

    name: str
    planned: int
    done: int = 0
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """A planned outcome has come."""
        self.done += 1
        self.note(outcome)

    def note(self, outcome: Outcome) -> None:
        """The verdict of its clause with one more outcome."""
        known = self.verdicts.get(outcome.clause, outcome.verdict)
        self.verdicts[outcome.clause] = min(known, outcome.verdict, key=PRECEDENCE.index)

    @property
    def through(self) -> bool:
        return self.done >= self.planned


def board(chapters: Iterable[ChapterProgress], width: int) -> Text:
    """The chapters under one another, their names in a column of this width."""
    shown = [chapter for chapter in chapters if chapter.planned or chapter.done]
    return Text("\n").join(chapter_line(chapter, width) for chapter in shown)


def chapter_line(chapter: ChapterProgress, width: int) -> Text:
    """The counts of clauses of a chapter that is through, else its bar and what is amiss so far."""
    line = Text(f"  {chapter.name:<{width}}  ")
    if chapter.through:
        return line.append_text(_counts(chapter, *MARKS))
    line.append_text(_bar(chapter.done, chapter.planned))
    line.append(f"  {chapter.done:>4,} of {chapter.planned:,}", style="dim")
    return line.append_text(_counts(chapter, Verdict.FAILED, Verdict.WARNED, Verdict.BLOCKED, Verdict.ERROR))


def _counts(chapter: ChapterProgress, *verdicts: Verdict) -> Text:
    seen = list(chapter.verdicts.values())
    cells = Text()
    for verdict in verdicts:
        number = seen.count(verdict)
        if number:
            cells.append(f"{number:>4,} {MARKS[verdict]}  ", style=STYLES[verdict])
    cells.rstrip()
    return cells


def _bar(done: int, planned: int) -> Text:
    filled = BAR * done // planned
    bar = Text("━" * filled, style="cyan")
    if filled < BAR:
        bar.append("╸", style="cyan" if done else "dim")
        bar.append("━" * (BAR - filled - 1), style="bright_black")
    return bar
