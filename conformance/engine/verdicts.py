"""What an exception, or none, means for the clause (design: verdicts)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conformance.errors import BlockedError, ConfigurationError, InapplicableError, UntestableError
from conformance.results.model import Blame, Verdict
from conformance.results.wording import words

if TYPE_CHECKING:
    import pytest

COMPARED = "what was compared is told apart"  # in the place of what pytest would say of a comparison
LONGEST = 1000  # characters of a reason
NEW_LINE = "\n"

Judgement = tuple[Verdict, str, Blame]


def judged(call: pytest.CallInfo[None], level: str, *, exchanged: bool) -> Judgement:
    """Verdict, reason and who is to act, of one phase of a check."""
    if call.excinfo is None:
        if exchanged:
            return Verdict.PASSED, "", Blame.NOBODY
        return Verdict.ERROR, "the check passed without a single exchange, so it proves nothing", Blame.NOBODY
    error = call.excinfo.value
    told = _told(error)
    if told is not None:
        return told
    if isinstance(error, AssertionError) and call.when == "call":
        return (Verdict.FAILED if level == "MUST" else Verdict.WARNED), _assertion(error), Blame.NOBODY
    if isinstance(error, AssertionError):
        return Verdict.BLOCKED, f"an arrangement failed: {_assertion(error)}".rstrip(": "), Blame.TARGET
    where = call.excinfo.traceback[-1]
    what = f"{words(type(error).__name__)}: {str(error).partition(NEW_LINE)[0]}".rstrip(": ")
    reason = f"the suite broke in {Path(where.path).name}, line {where.lineno + 1}, by a {what}. Please report it."
    return Verdict.ERROR, reason, Blame.NOBODY


def _told(error: BaseException) -> Judgement | None:
    if isinstance(error, UntestableError):
        return Verdict.UNTESTABLE, str(error), Blame.CONFIGURATION
    if isinstance(error, InapplicableError):
        return Verdict.INAPPLICABLE, str(error), Blame.NOBODY
    if isinstance(error, BlockedError):
        return Verdict.BLOCKED, str(error), Blame(error.blame)
    if isinstance(error, ConfigurationError):
        return Verdict.BLOCKED, str(error), Blame.CONFIGURATION
    return None


def _assertion(error: AssertionError) -> str:
    """What the assertion says beyond what was compared, which is told apart."""
    said = str(error).partition("\n")[0].strip()
    return "" if said.startswith("assert ") or COMPARED in said else said
