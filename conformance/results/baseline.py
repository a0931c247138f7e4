"""Known failures: each with its reason, and none that has ceased to fail."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.errors import ConfigurationError
from conformance.results.model import ClauseResult, Outcome, Places, Report, Verdict

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {"clause", "operation", "reason"}
SHAPE = "Write [[known]] entries with clause, reason and, if it is about one, operation, each a text."


@dataclass(frozen=True, kw_only=True)
class Known:
    """A failure that is known; `operation` is empty where the clause fails as a whole."""

    clause: str
    reason: str
    operation: str = ""

    def concerns(self, outcome: Outcome) -> bool:
        return outcome.clause == self.clause and self.operation in {"", outcome.place, outcome.operation}

    def covers(self, outcome: Outcome) -> bool:
        return outcome.verdict is Verdict.FAILED and self.concerns(outcome)


def read(path: Path) -> tuple[Known, ...]:
    """The entries `[[known]]` of a baseline file, as they stand. Raises ConfigurationError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"There is no baseline at {path}. Create it or leave --baseline out.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read as TOML: {error}. Mend it there.") from None
    entries = table.get("known", [])
    if set(table) - {"known"} or not isinstance(entries, list):
        raise ConfigurationError(f"{path} is no baseline. {SHAPE}")
    for number, entry in enumerate(entries, 1):
        if not _sound(entry):
            raise ConfigurationError(f"{path}, entry {number}, is incomplete. {SHAPE}")
    return tuple(Known(**entry) for entry in entries)


def _sound(entry: object) -> bool:
    if not isinstance(entry, dict) or not {"clause", "reason"} <= set(entry) <= KEYS:
        return False
    return all(isinstance(value, str) and value for value in entry.values())


def apply(report: Report, baseline: tuple[Known, ...]) -> Report:
    """The report with known failures as warnings; entries that were tried and match no failure are stale."""
    if not baseline or report.unanswered:
        return report
    outcomes = [outcome for clause in report.clauses for outcome in clause.outcomes]
    used = {known for known in baseline for outcome in outcomes if known.covers(outcome)}
    return replace(
        report,
        clauses=tuple(_accepting(clause, baseline) for clause in report.clauses),
        accepted=tuple(_sentence(known) for known in baseline if known in used),
        stale=tuple(_sentence(known) for known in baseline if known not in used and _held(known, outcomes)),
    )


def _held(known: Known, outcomes: list[Outcome]) -> bool:
    """It was tried where the entry says; where a place was blocked it may fail still."""
    places = Places.among(outcome for outcome in outcomes if known.concerns(outcome))
    return bool(places.tried) and not (places[Verdict.BLOCKED] or places[Verdict.ERROR])


def _accepting(clause: ClauseResult, baseline: tuple[Known, ...]) -> ClauseResult:
    return replace(clause, outcomes=tuple(_accepted(outcome, baseline) for outcome in clause.outcomes))


def _accepted(outcome: Outcome, baseline: tuple[Known, ...]) -> Outcome:
    known = next((entry for entry in baseline if entry.covers(outcome)), None)
    if known is None:
        return outcome
    return replace(outcome, verdict=Verdict.WARNED, reason=f"known failure: {known.reason}")


def _sentence(known: Known) -> str:
    place = f" on {known.operation}" if known.operation else ""
    return f"{known.clause}{place}: {known.reason}"
