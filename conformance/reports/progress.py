"""How far each chapter of a run is, as lines for a terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.text import Text

from conformance.results.digest import MARKS
from conformance.results.model import PRECEDENCE, Outcome, Verdict
from conformance.results.untrusted_text import one_line, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BAR = 16  # cells
SOON = 5  # seconds after which what is left can be guessed
MINUTE, HOUR = 60, 3600  # seconds
LONGEST = 200  # characters of a place

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


def board(chapters: Iterable[ChapterProgress], width: int, height: int, seconds: float) -> Text:
    """How far the run is after so many seconds, and the chapters in as many lines as there is room for.

    Their names stand in a column of this width. Where there are more, those that are through are counted in a line.
    """
    shown = [chapter for chapter in chapters if chapter.planned or chapter.done]
    through = [chapter for chapter in shown if chapter.through]
    lines = [total_line(shown, seconds)]
    if len(shown) <= height - 1:
        return Text("\n").join([*lines, *(chapter_line(chapter, width) for chapter in shown)])
    if through:
        lines.append(_through_line(through, width))
    waiting = sorted((chapter for chapter in shown if not chapter.through), key=lambda chapter: not chapter.done)
    return Text("\n").join([*lines, *(chapter_line(chapter, width) for chapter in waiting)][:height])


def total_line(chapters: Sequence[ChapterProgress], seconds: float) -> Text:
    """What part of the run is done, and about how long the rest takes if it goes on like this."""
    done, planned = sum(chapter.done for chapter in chapters), sum(chapter.planned for chapter in chapters)
    line = Text(f"  {done:,} of {planned:,}", style="bold")
    if done and done < planned and seconds >= SOON:
        line.append(f"   about {duration(seconds * (planned - done) / done)} left", style="dim")
    return line


def duration(seconds: float) -> str:
    """A time as a person says it: 40 s, 3 min, 2 h."""
    if seconds < MINUTE:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < HOUR else f"{seconds / HOUR:.1f} h"


def failure_line(outcome: Outcome) -> Text:
    """The first failure of a clause, as it comes."""
    line = Text(f"  {MARKS[outcome.verdict]} {outcome.clause}", style=STYLES[outcome.verdict])
    return line.append(f" on {one_line(outcome.place, LONGEST)}" if outcome.place else "")


def _through_line(chapters: Sequence[ChapterProgress], width: int) -> Text:
    """The chapters that are through, as if they were one."""
    line = Text(f"  {plural(len(chapters), 'chapter'):<{width}}  ")
    whole = ChapterProgress(name="", planned=0)
    for chapter in chapters:
        whole.verdicts |= chapter.verdicts
    return line.append_text(_counts(whole, *MARKS))


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
