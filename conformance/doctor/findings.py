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
    message: str
    place: str = ""  # the table of conformance.toml that is to be mended
    blame: Blame = Blame.NOBODY
    final: bool = False  # as long as this is wrong, nothing else can be asked

    @property
    def line(self) -> str:
        return f"{self.mark} {self.subject}: {self.message}"

    @property
    def sentence(self) -> str:
        """The line without its sign, by the place that is to be mended."""
        return f"{self.place}: {self.message}" if self.place else self.message

    @property
    def misconfigured(self) -> bool:
        return self.mark is Mark.WRONG and self.blame is Blame.CONFIGURATION

    @property
    def unusable(self) -> bool:
        """The target cannot be judged at all."""
        return self.mark is Mark.WRONG and self.blame is Blame.TARGET and self.final


def exit_code(findings: list[Finding]) -> int:
    """The exit code: what is configured wrongly can be mended here, so that comes first."""
    wrong = [finding for finding in findings if finding.mark is Mark.WRONG]
    if any(finding.misconfigured for finding in wrong):
        return 2
    return 4 if wrong else 0


def fine(subject: str, message: str) -> Finding:
    """It is as it should be."""
    return Finding(subject=subject, mark=Mark.FINE, message=message)


def note(subject: str, message: str) -> Finding:
    """A run will do, but this is worth knowing."""
    return Finding(subject=subject, mark=Mark.NOTE, message=message)


def skipped(subject: str, message: str) -> Finding:
    """It was not looked at, and why."""
    return Finding(subject=subject, mark=Mark.UNTRIED, message=f"not tried, {message}")


def misconfigured(subject: str, message: str, *, place: str = "", final: bool = False) -> Finding:
    """The configuration is to blame."""
    blame = Blame.CONFIGURATION
    return Finding(subject=subject, mark=Mark.WRONG, message=message, place=place, blame=blame, final=final)


def defective(subject: str, message: str) -> Finding:
    """The target is to blame, and can be judged nevertheless."""
    return Finding(subject=subject, mark=Mark.WRONG, message=message, blame=Blame.TARGET)


def unusable(subject: str, message: str) -> Finding:
    """The target is to blame, and nothing that it answers would prove anything."""
    return Finding(subject=subject, mark=Mark.WRONG, message=message, blame=Blame.TARGET, final=True)
