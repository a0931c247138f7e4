"""What a run found, as typed values; the writers beside this file turn them into files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from conformance.results.wording import without_identifiers

if TYPE_CHECKING:
    from collections.abc import Iterable


class Verdict(StrEnum):
    """What is said of a clause, and of each place where it was tried."""

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    BLOCKED = "blocked"
    ERROR = "error"
    UNTESTABLE = "untestable"
    INAPPLICABLE = "inapplicable"


class Blame(StrEnum):
    """Who has to act on a blocked outcome."""

    NOBODY = ""
    CONFIGURATION = "configuration"
    TARGET = "target"


# The first of these that a place of the clause has is the verdict of the clause (decision 0016): nothing hides a
# failure, and what could not be tried takes nothing from what was.
PRECEDENCE = (
    Verdict.FAILED,
    Verdict.WARNED,
    Verdict.ERROR,
    Verdict.PASSED,
    Verdict.BLOCKED,
    Verdict.UNTESTABLE,
    Verdict.INAPPLICABLE,
)
TRIED = (Verdict.PASSED, Verdict.FAILED, Verdict.WARNED)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and its answer, secrets masked; bodies are text, cut where they are long.

    Of the exchanges of an outcome the decisive one, on which it was decided, stands first; the others in their order.
    """

    label: str  # "control", "attempt", "arrangement", "delivery"
    identity: str  # who asked: "alice", "nobody", "receiver"
    operation: str  # operationId, or "" where none is addressed
    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...] = ()
    request_body: str = ""
    status: int = 0  # 0: no answer
    response_headers: tuple[tuple[str, str], ...] = ()
    response_body: str = ""
    seconds: float = 0.0
    decisive: bool = False
    curl: str = ""  # a line that repeats it, with ${TOKEN_ALICE} and the like in the place of secrets
    resent: bool = False  # sent twice: the target had closed the connection that was kept open for it


class Due(StrEnum):
    """What the contract has a caller get."""

    ADMITTED = "admitted"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Where an outcome stands in the authorisation grid: an operation or event, a kind of caller, what is due to it."""

    row: str  # operationId, or name of the event
    event: bool
    caller: str
    group: str  # of callers
    detail: str  # what tells it from other callers of its kind: "without things:read", "by apiKey"
    due: Due
    number: int  # in the order of the contract


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a statement: what a channel was to show, and what it shows."""

    channel: str
    expected: str
    seen: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A clause tried at one place: an operation, an event, a vector, or the target as a whole ("")."""

    clause: str
    place: str
    verdict: Verdict
    operation: str = ""  # operationId, where the place is one of an operation
    reason: str = ""
    expected: str = ""
    observed: str = ""
    blame: Blame = Blame.NOBODY
    seconds: float = 0.0
    check: str = ""  # what is done and seen, in the words of the check that was made here
    exchanges: tuple[Exchange, ...] = ()
    explained_by: str = ""  # the clause whose finding explains this one
    several: str = ""  # why it takes more than the decisive exchange to see it again, if so
    cell: Cell | None = None  # where the clause is about the authorisation grid
    statement: tuple[Line, ...] = ()  # where what several channels show was compared


@dataclass(frozen=True)
class Places:
    """How many places came out how."""

    counts: Counter[Verdict]

    @classmethod
    def among(cls, outcomes: Iterable[Outcome]) -> Places:
        return cls(Counter(outcome.verdict for outcome in outcomes))

    def __getitem__(self, verdict: Verdict) -> int:
        return self.counts[verdict]

    @property
    def tried(self) -> int:
        """Places where something was seen that speaks for the target or against it."""
        return sum(self.counts[verdict] for verdict in TRIED)

    @property
    def applicable(self) -> int:
        """Places that the contract does not leave out."""
        return self.counts.total() - self.counts[Verdict.INAPPLICABLE]

    @property
    def percent(self) -> int:
        """How much of what applies was tried; 100 only where nothing is left."""
        return 100 * self.tried // self.applicable if self.applicable else 100


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Failed places that failed in the same way."""

    expected: str
    observed: str
    reason: str
    places: tuple[str, ...]
    exchanges: tuple[Exchange, ...]
    check: str = ""
    several: str = ""
    explained_by: str = ""
    statement: tuple[Line, ...] = ()

    @property
    def repeat(self) -> str:
        """The line that repeats the decisive exchange, else the last one that can be repeated."""
        lines = [exchange.curl for exchange in self.exchanges if exchange.decisive]
        return next(iter(lines or [exchange.curl for exchange in self.exchanges[::-1] if exchange.curl]), "")


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something sensible that the target does and the contract does not say."""

    what: str
    places: tuple[str, ...]
    mend: str  # the lines that would mend the contract


@dataclass(frozen=True, kw_only=True)
class ClauseResult:
    """A clause, what was done to check it, and the verdict."""

    id: str
    chapter: str
    level: str  # MUST, SHOULD, MAY
    text: str
    source: str
    check: str  # what is done and seen, in the words of its checks
    outcomes: tuple[Outcome, ...]
    looks_like: str = ""  # the known wrong implementation that fails in the same way, if one is known

    @property
    def verdict(self) -> Verdict:
        seen = {outcome.verdict for outcome in self.outcomes}
        return next((verdict for verdict in PRECEDENCE if verdict in seen), Verdict.INAPPLICABLE)

    @cached_property
    def places(self) -> Places:
        return Places.among(self.outcomes)

    @property
    def decisive(self) -> tuple[Outcome, ...]:
        """The outcomes that make the verdict."""
        return tuple(outcome for outcome in self.outcomes if outcome.verdict is self.verdict)

    @property
    def explained_by(self) -> str:
        """The clause whose finding explains this one wherever it decided the verdict; empty if it stands for itself."""
        named = {outcome.explained_by for outcome in self.decisive}
        return min(named) if named and "" not in named else ""

    @property
    def reason(self) -> str:
        return next((outcome.reason for outcome in self.decisive if outcome.reason), "")

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The decisive outcomes, grouped by what was expected and observed, whatever ids and times stand in it.

        Last come those that another finding explains.
        """
        groups: dict[tuple[str, ...], list[Outcome]] = {}
        for outcome in sorted(self.decisive, key=lambda outcome: bool(outcome.explained_by)):
            told = map(without_identifiers, (outcome.expected, outcome.observed, outcome.reason))
            same = (*told, outcome.check, outcome.explained_by)
            groups.setdefault(same, []).append(outcome)
        return tuple(
            Cause(
                expected=group[0].expected,
                observed=group[0].observed,
                reason=group[0].reason,
                places=tuple(outcome.place for outcome in group),
                exchanges=group[0].exchanges,
                check=group[0].check,
                several=group[0].several,
                explained_by=group[0].explained_by,
                statement=group[0].statement,
            )
            for group in groups.values()
        )


@dataclass(frozen=True, kw_only=True)
class Report:
    """A whole run."""

    suite: str  # version of the suite
    contract: str  # title and version
    operations: int
    events: int
    target: str  # URL
    seed: int
    started: str  # RFC 3339
    seconds: float
    requests: int
    clauses: tuple[ClauseResult, ...]
    chapters: dict[str, str]  # chapter name → title, in the order of reading
    gaps: tuple[Gap, ...] = ()
    left: tuple[str, ...] = ()  # what was made and could not be removed, a sentence for each reason
    lifted: tuple[str, ...] = ()  # what the configuration lifted for this run, a sentence each
    accepted: tuple[str, ...] = ()  # failures that the baseline knows, a sentence each
    stale: tuple[str, ...] = ()  # baseline entries that no longer fail
    unanswered: str = ""  # why the target could not be judged at all, if so
    stopped: str = ""  # why the run ended before it was through, if so
    at_least: float = 0.0  # percent of the places where clauses apply that are to be tried

    @cached_property
    def counts(self) -> Counter[str]:
        """Clauses by verdict, with every verdict."""
        tally: Counter[str] = Counter({verdict.value: 0 for verdict in Verdict})
        tally.update(clause.verdict.value for clause in self.clauses)
        return tally

    @cached_property
    def places(self) -> Places:
        """The places of all clauses."""
        return Places(sum((clause.places.counts for clause in self.clauses), Counter()))

    @property
    def too_little(self) -> bool:
        """Less was tried than is demanded."""
        return 100 * self.places.tried < self.at_least * self.places.applicable

    @property
    def verdict(self) -> str:
        """`conformant`, `not conformant`, `not judged` (nothing passed, or less than was demanded) or `suite error`."""
        if self.unanswered:
            return "not judged"
        if self.places[Verdict.FAILED] or self.stale:
            return "not conformant"
        if self.places[Verdict.ERROR]:
            return "suite error"
        if not self.places[Verdict.PASSED] or (self.stopped and (self.too_little or not self.at_least)):
            return "not judged"
        return "not conformant" if self.too_little else "conformant"
