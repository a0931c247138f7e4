"""Judging dialects with the suite, as a user does: by its command line, and by what it writes into report.json."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from dialects.folder import write_folder

if TYPE_CHECKING:
    from types import TracebackType

    from dialects.dialect import Dialect

LIMIT = 300  # seconds for one run
ARGUMENTS = ("run", "--workers", "1", "--seed", "7", "--examples", "1", "--quiet", "--report-dir", "report")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one clause at one place."""

    clause: str
    place: str
    verdict: str
    reason: str

    def __str__(self) -> str:
        return f"{self.verdict} {self.clause} on {self.place or 'no operation'}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What one run came to."""

    code: int
    printed: str
    outcomes: tuple[Outcome, ...] = ()
    left: tuple[str, ...] = ()  # what could not be removed
    requests: int = 0
    seconds: float = 0
    cpu: float = 0

    def those(self, *verdicts: str) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.verdict in verdicts)

    def clauses(self, *verdicts: str) -> frozenset[str]:
        """The clauses that have such a verdict somewhere."""
        return frozenset(outcome.clause for outcome in self.those(*verdicts))

    def by_clause(self) -> frozenset[tuple[str, str]]:
        """Each clause with each of its verdicts."""
        return frozenset((outcome.clause, outcome.verdict) for outcome in self.outcomes)


@dataclass(kw_only=True)
class Suite:
    """A warm process of the suite, and what it has judged already, so that equal questions get equal answers."""

    folder: Path
    judged: dict[tuple[str, str], Judged] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        command = [sys.executable, str(Path(__file__).with_name("warm_suite.py"))]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self.process is not None
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def verdict(self, dialect: Dialect, fault: str = "") -> Judged:
        """The verdict on the server of a dialect, sound or with a fault."""
        question = (repr(dialect), fault)
        if question not in self.judged:
            self.judged[question] = self._run(dialect, fault)
        return self.judged[question]

    def _run(self, dialect: Dialect, fault: str) -> Judged:
        folder = self.folder / f"{len(self.judged):04}"
        write_folder(folder, dialect, fault)
        job = {"folder": str(folder), "arguments": ARGUMENTS, "seconds": LIMIT}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        done = json.loads(self.process.stdout.readline())
        return read(folder, code=done["code"], cpu=done["cpu"])


def read(folder: Path, *, code: int, cpu: float) -> Judged:
    """What a run has left in its folder."""
    printed = (folder / "printed.txt").read_text(encoding="utf-8")
    path = folder / "report" / "report.json"
    if not path.is_file():
        return Judged(code=code, printed=printed, cpu=cpu)
    report = json.loads(path.read_text(encoding="utf-8"))
    outcomes = tuple(outcome(clause["id"], each) for clause in report["clauses"] for each in clause["evidence"])
    return Judged(
        code=code,
        printed=printed,
        cpu=cpu,
        outcomes=outcomes,
        left=tuple(report["left"]),
        requests=report["requests"],
        seconds=report["seconds"],
    )


def outcome(clause: str, told: dict[str, Any]) -> Outcome:
    reason = told.get("reason") or f"expected {told.get('expected')}, observed {told.get('observed')}"
    return Outcome(clause=clause, place=told.get("place", ""), verdict=told["verdict"], reason=reason[:300])
