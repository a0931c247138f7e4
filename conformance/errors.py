"""Why something could not be judged; each carries a sentence for the person who reads the report."""

from __future__ import annotations

from typing import ClassVar


class ReportedError(Exception):
    """Ends a command with a sentence for whoever started it, and with an exit code."""

    exit_code: ClassVar[int]


class ConfigurationError(ReportedError):
    """The configuration cannot be used: what is wrong, where, and what to do."""

    exit_code = 2


class SuiteError(ReportedError):
    """The suite itself is broken."""

    exit_code = 3


class UnreachableError(ReportedError):
    """The target cannot be reached or is no HTTP API."""

    exit_code = 4


class BlockedError(Exception):
    """An arrangement or a control failed, so the clause could not be tried."""

    def __init__(self, reason: str, *, blame: str = "target") -> None:
        super().__init__(reason)
        self.blame = blame  # who has to act: "target" or "configuration"


class NoAnswerError(BlockedError):
    """A request was sent, and no usable answer came; at its address `nothing_listens`, or something does."""

    def __init__(self, reason: str, *, nothing_listens: bool = False) -> None:
        super().__init__(reason)
        self.nothing_listens = nothing_listens


class UntestableError(Exception):
    """Something that the check needs was not given; the reason holds the line of configuration that gives it."""


class InapplicableError(Exception):
    """The contract leaves it out."""
