"""The findings of `conformance doctor`: one line for each subject."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conformance.results.model import Blame


class Mark(StrEnum):
    """The mark at the beginning of a finding's line."""

    FINE = "✓"
    NOTE = "!"  # does not keep a run from succeeding
    WRONG = "✗"
    UNTRIED = "–"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding; the message of a wrong one says the cause and the remedy."""

    subject: str
    mark: Mark
    message: str
    place: str = ""  # the table of conformance.toml that is to be mended
    blame: Blame = Blame.NOBODY
    final: bool = False  # ends the examination if wrong

    @property
    def line(self) -> str:
        return f"{self.mark} {self.subject}: {self.message}"

    @property
    def sentence(self) -> str:
        """The message, after the table of the configuration that is to be mended."""
        return f"{self.place}: {self.message}" if self.place else self.message

    @property
    def misconfigured(self) -> bool:
        return self.mark is Mark.WRONG and self.blame is Blame.CONFIGURATION

    @property
    def unusable(self) -> bool:
        """Whether the target cannot be judged at all."""
        return self.mark is Mark.WRONG and self.blame is Blame.TARGET and self.final


def exit_code(findings: list[Finding]) -> int:
    """The exit code: 2 for a wrong configuration, else 4 for a wrong target, else 0."""
    wrong = [finding for finding in findings if finding.mark is Mark.WRONG]
    if any(finding.misconfigured for finding in wrong):
        return 2
    return 4 if wrong else 0


def fine(subject: str, message: str) -> Finding:
    """A finding without anything wrong."""
    return Finding(subject=subject, mark=Mark.FINE, message=message)


def note(subject: str, message: str) -> Finding:
    """A finding that is worth knowing and does not keep a run from succeeding."""
    return Finding(subject=subject, mark=Mark.NOTE, message=message)


def skipped(subject: str, message: str) -> Finding:
    """A probe that was not made; the message is the reason."""
    return Finding(subject=subject, mark=Mark.UNTRIED, message=f"not tried, {message}")


def misconfigured(subject: str, message: str, *, place: str = "", final: bool = False) -> Finding:
    """A wrong configuration."""
    blame = Blame.CONFIGURATION
    return Finding(subject=subject, mark=Mark.WRONG, message=message, place=place, blame=blame, final=final)


def defective(subject: str, message: str) -> Finding:
    """A defect of the target that lets it be judged nevertheless."""
    return Finding(subject=subject, mark=Mark.WRONG, message=message, blame=Blame.TARGET)


def unusable(subject: str, message: str) -> Finding:
    """A defect of the target that makes its answers prove nothing."""
    return Finding(subject=subject, mark=Mark.WRONG, message=message, blame=Blame.TARGET, final=True)
