"""Undeclared 5xx as outcomes of the clause that owns them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.engine.evidence.writer import Evidence, EvidenceWriter
from conformance.engine.messages import ServerErrorFound
from conformance.results.explanations import SERVER_ERRORS
from conformance.results.model import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.harness import Harness
    from conformance.judgement.server_errors import ServerError


def server_errors_found(harness: Harness) -> Iterator[ServerErrorFound]:
    """Those that nobody was told of yet."""
    for error in harness.server_errors.untold():
        yield ServerErrorFound(cause=error.cause, outcome=_outcome(harness, error))


def with_server_errors(outcomes: Iterable[Outcome], errors: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes of the clause; where a 5xx was seen it takes the place of what the check says."""
    found = list(errors)
    broken = {error.place for error in found}
    return [*found, *(outcome for outcome in outcomes if outcome.place not in broken)]


def _outcome(harness: Harness, error: ServerError) -> Outcome:
    reply = error.record.reply
    assert reply is not None
    evidence = Evidence(records=[error.record])
    return Outcome(
        clause=SERVER_ERRORS,
        place=error.place,
        operation=error.operation,
        verdict=Verdict.FAILED,
        expected="a considered answer; a 5xx only where the contract declares it",
        observed=harness.redaction(repr(reply)),
        check="Whatever is sent during the run is answered without an undeclared 5xx.",
        seconds=reply.seconds,
        exchanges=EvidenceWriter.at(harness).exchanges(evidence, Verdict.FAILED),
        several=evidence.several,
    )
