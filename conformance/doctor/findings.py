"""What the doctor says: one line for each thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conformance.results.model import Blame


class Mark(StrEnum):
    """The sign at the beginning of a line."""

    FINE = "✓"
    NOTE = "!"  # worth knowing, in nobody's way
    WRONG = "✗"
    UNTRIED = "–"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at; of what is wrong, the cause and the remedy in sentences."""

    subject: str
    mark: Mark
    told: str
    place: str = ""  # the table of conformance.toml that is to be mended
    blame: Blame = Blame.NOBODY
    final: bool = False  # as long as this is wrong, nothing else can be asked

    @property
    def line(self) -> str:
        return f"{self.mark} {self.subject}: {self.told}"

    @property
    def sentence(self) -> str:
        """The line without its sign, by the place that is to be mended."""
        return f"{self.place}: {self.told}" if self.place else self.told

    @property
    def misconfigured(self) -> bool:
        return self.mark is Mark.WRONG and self.blame is Blame.CONFIGURATION

    @property
    def unfit(self) -> bool:
        """The target cannot be judged at all."""
        return self.mark is Mark.WRONG and self.blame is Blame.TARGET and self.final


def ending(findings: list[Finding]) -> int:
    """The exit code: what is configured wrongly can be mended here, so that comes first."""
    wrong = [finding for finding in findings if finding.mark is Mark.WRONG]
    if any(finding.misconfigured for finding in wrong):
        return 2
    return 4 if wrong else 0


def fine(subject: str, told: str) -> Finding:
    """It is as it should be."""
    return Finding(subject=subject, mark=Mark.FINE, told=told)


def note(subject: str, told: str) -> Finding:
    """A run will do, but this is worth knowing."""
    return Finding(subject=subject, mark=Mark.NOTE, told=told)


def untried(subject: str, told: str) -> Finding:
    """It was not looked at, and why."""
    return Finding(subject=subject, mark=Mark.UNTRIED, told=f"not tried, {told}")


def misconfigured(subject: str, told: str, *, place: str = "", final: bool = False) -> Finding:
    """The configuration is to blame."""
    blame = Blame.CONFIGURATION
    return Finding(subject=subject, mark=Mark.WRONG, told=told, place=place, blame=blame, final=final)


def defective(subject: str, told: str) -> Finding:
    """The target is to blame, and can be judged nevertheless."""
    return Finding(subject=subject, mark=Mark.WRONG, told=told, blame=Blame.TARGET)


def unfit(subject: str, told: str) -> Finding:
    """The target is to blame, and nothing that it answers would prove anything."""
    return Finding(subject=subject, mark=Mark.WRONG, told=told, blame=Blame.TARGET, final=True)
