"""The report as JSON, for machines; report.schema.json beside this file describes it."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from conformance.results.digest import chapter_counts, failed_first
from conformance.results.model import PRECEDENCE, ClauseResult, Exchange, Outcome, Places, Report, Verdict

VERSION = 1  # of the format: another one where a member leaves or changes its meaning

# Outcomes of the other verdicts are told with the exchanges of one place for each reason.
FULLY_TOLD = {Verdict.FAILED, Verdict.WARNED, Verdict.ERROR}


def to_json(report: Report) -> str:
    """The report as an ASCII JSON document that report.schema.json accepts."""
    document = {
        "version": VERSION,
        "verdict": report.verdict,
        "partial": bool(report.stopped),
        "suite": report.suite,
        "contract": report.contract,
        "operations": report.operations,
        "events": report.events,
        "target": report.target,
        "seed": report.seed,
        "started": report.started,
        "seconds": round(report.seconds, 3),
        "requests": report.requests,
        "counts": {verdict.value: report.counts[verdict] for verdict in Verdict},
        "places": _places(report.places),
        "at_least": report.at_least,
        "unanswered": report.unanswered,
        "stopped": report.stopped,
        "chapters": [
            {"name": name, "title": report.chapters.get(name, name), "counts": counts}
            for name, counts in chapter_counts(report).items()
        ],
        "clauses": [_clause(clause) for clause in failed_first(report.clauses)],
        "gaps": [asdict(gap) for gap in report.gaps],
        "left": report.left,
        "lifted": report.lifted,
        "accepted": report.accepted,
        "stale": report.stale,
    }
    return json.dumps(_encodable(document), indent=2) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the report."""
    text = files("conformance.reports").joinpath("report.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _clause(clause: ClauseResult) -> dict[str, object]:
    cause = clause.causes[0] if clause.causes else None
    return {
        "id": clause.id,
        "chapter": clause.chapter,
        "level": clause.level,
        "text": clause.text,
        "source": clause.source,
        "check": clause.check,
        "verdict": clause.verdict,
        "reason": clause.reason,
        "expected": cause.expected if cause else "",
        "observed": cause.observed if cause else "",
        "looks_like": clause.looks_like,
        "places": _places(clause.places),
        "evidence": _evidence(clause),
    }


def _places(places: Places) -> dict[str, int]:
    return {"tried": places.tried, "of": places.applicable, **{verdict.value: places[verdict] for verdict in Verdict}}


def _evidence(clause: ClauseResult) -> list[dict[str, object]]:
    told: set[tuple[Verdict, str]] = set()
    evidence = []
    for outcome in sorted(clause.outcomes, key=lambda outcome: PRECEDENCE.index(outcome.verdict)):
        kind = (outcome.verdict, outcome.reason)
        exchanges = outcome.exchanges if outcome.verdict in FULLY_TOLD or kind not in told else ()
        told.add(kind)
        evidence.append(_outcome(outcome, exchanges))
    return evidence


def _outcome(outcome: Outcome, exchanges: tuple[Exchange, ...]) -> dict[str, object]:
    cell = {"cell": asdict(outcome.cell)} if outcome.cell else {}
    statement = {"statement": [asdict(line) for line in outcome.statement]} if outcome.statement else {}
    return {
        "place": outcome.place,
        "operation": outcome.operation,
        "verdict": outcome.verdict,
        "check": outcome.check,
        "reason": outcome.reason,
        "expected": outcome.expected,
        "observed": outcome.observed,
        "blame": outcome.blame,
        "seconds": round(outcome.seconds, 3),
        "explained_by": outcome.explained_by,
        "several": outcome.several,
        "exchanges": [asdict(exchange) for exchange in exchanges],
        **cell,
        **statement,
    }


def _encodable(value: Any) -> Any:
    """The value with lone surrogates written as escapes, because many parsers of JSON refuse them."""
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(item) for item in value]
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value
