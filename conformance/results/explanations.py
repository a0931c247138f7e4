"""One cause, one finding: failures that another finding explains name it (decision 0019)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.results.model import ClauseResult, Outcome, Verdict
from conformance.results.wording import essence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.results.model import Exchange

SERVER_ERRORS = "ROB-NO-5XX-ON-INPUT"  # the clause that owns every undeclared 5xx
AMISS = frozenset({Verdict.FAILED, Verdict.WARNED})
STATUS = re.compile(r"\b[1-5]\d\d\b")
LEVELS = ("MUST", "SHOULD", "MAY")

Key = tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """An outcome that is amiss, with its clause."""

    clause: ClauseResult
    outcome: Outcome

    @property
    def decisive(self) -> Exchange | None:
        return next((exchange for exchange in self.outcome.exchanges if exchange.decisive), None)

    @property
    def crash(self) -> Key:
        """The operation and the cause of a 5xx that was the decisive answer; empty where it was none."""
        exchange = self.decisive
        if exchange is None or exchange.status < 500:
            return ()
        place = self.outcome.operation or exchange.operation or f"{exchange.method} {essence(_path(exchange))}"
        return place, str(exchange.status), essence(exchange.response_body)

    @property
    def same(self) -> Key:
        """The request, the answer and its wrong status, without what differs each time; empty where it is unsure."""
        exchange = self.decisive
        if exchange is None or self.outcome.several or not _is_wrong(exchange.status, self.outcome.expected):
            return ()
        if _bears_forged_credentials(exchange):
            return ()  # how it was forged is masked, and tells one cause from another
        fields = (f"{name.lower()}: {essence(value)}" for name, value in sorted(exchange.request_headers))
        request = (exchange.identity, exchange.method, essence(_path(exchange)), *fields)
        return *request, essence(exchange.request_body), str(exchange.status), essence(exchange.response_body)


def explained(clauses: tuple[ClauseResult, ...]) -> tuple[ClauseResult, ...]:
    """The clauses, with the id of what explains it at each outcome that another finding explains.

    An undeclared 5xx explains what failed by it. Of clauses that failed by the same answer to the same request, as none
    of them permits its status, the first, MUST before SHOULD, explains the others.
    """
    crashes = {finding.crash: finding for finding in _findings(clauses) if finding.clause.id == SERVER_ERRORS}
    first: dict[Key, Finding] = {}
    for finding in sorted(_findings(clauses), key=lambda finding: LEVELS.index(finding.clause.level)):
        if finding.same:
            first.setdefault(finding.same, finding)
    return tuple(replace(clause, outcomes=tuple(_with(clause, crashes, first))) for clause in clauses)


def _with(clause: ClauseResult, crashes: dict[Key, Finding], first: dict[Key, Finding]) -> Iterator[Outcome]:
    for outcome in clause.outcomes:
        finding = Finding(clause, outcome)
        cause = crashes.get(finding.crash) or first.get(finding.same) if outcome.verdict in AMISS else None
        yield replace(outcome, explained_by=cause.clause.id) if cause and cause.clause.id != clause.id else outcome


def _findings(clauses: tuple[ClauseResult, ...]) -> Iterator[Finding]:
    for clause in clauses:
        yield from (Finding(clause, outcome) for outcome in clause.outcomes if outcome.verdict in AMISS)


def _path(exchange: Exchange) -> str:
    """Path and query; a target may have been asked for what is no proper URL."""
    return exchange.url.partition("//")[2].partition("/")[2]


def _bears_forged_credentials(exchange: Exchange) -> bool:
    fields = {name.lower() for name, _ in exchange.request_headers}
    return bool(fields & {"authorization", "cookie"}) and "${" not in exchange.curl


def _is_wrong(status: int, expected: str) -> bool:
    """The status alone is what was not expected."""
    named = STATUS.findall(expected.partition(",")[0])
    if "refus" in expected:
        return not 300 <= status < 500
    if "accepted" in expected or "2xx" in expected:
        return not 200 <= status < 300
    return bool(named) and str(status) not in named
