"""The report as SARIF 2.1.0, for tools that show findings beside the lines of the contract."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.results.digest import failed_first
from conformance.results.model import Verdict
from conformance.results.untrusted_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.reading.source_lines import SourceLines
    from conformance.results.model import ClauseResult, Outcome, Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Verdict.FAILED: "error", Verdict.WARNED: "warning"}


def to_sarif(report: Report, lines: SourceLines | None) -> str:
    """The failed and warned places as results, each clause a rule, as an ASCII JSON document.

    Without `lines` the results are about the target alone, and say of no line that it is wrong.
    """
    clauses = failed_first(report.clauses)
    numbers = {clause.id: number for number, clause in enumerate(clauses)}
    driver = {"name": "api-conformance", "version": report.suite, "rules": [_rule(clause) for clause in clauses]}
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": not report.unanswered, "startTimeUtc": report.started}],
        "results": [_result(clause, outcome, numbers, lines) for clause, outcome in _found(clauses)],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2) + "\n"


def _found(clauses: list[ClauseResult]) -> Iterator[tuple[ClauseResult, Outcome]]:
    return ((clause, outcome) for clause in clauses for outcome in clause.outcomes if outcome.verdict in LEVELS)


def _rule(clause: ClauseResult) -> dict[str, Any]:
    help_text = visible(f"{clause.check}\n\nSource: {clause.source}")
    return {
        "id": visible(clause.id, keep=""),
        "shortDescription": {"text": visible(clause.text, keep="")},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": "error" if clause.level == "MUST" else "warning"},
        "properties": {"tags": [visible(clause.chapter, keep=""), clause.level]},
    }


def _result(
    clause: ClauseResult, outcome: Outcome, numbers: dict[str, int], lines: SourceLines | None
) -> dict[str, Any]:
    seen = f"expected {outcome.expected}, observed {outcome.observed}" if outcome.expected else outcome.reason
    repeat = next((exchange.curl for exchange in outcome.exchanges if exchange.decisive and exchange.curl), "")
    location: dict[str, Any] = {"logicalLocations": [{"name": visible(outcome.place or "the target", keep="")}]}
    if lines is not None:
        region = {"startLine": lines.line(outcome.operation)}
        location["physicalLocation"] = {"artifactLocation": {"uri": lines.uri}, "region": region}
    return {
        "ruleId": visible(clause.id, keep=""),
        "ruleIndex": numbers[clause.id],
        "level": LEVELS[outcome.verdict],
        "message": {"text": visible(f"{outcome.check or clause.text} {seen}".strip())},
        "locations": [location],
        "partialFingerprints": {"clauseAndPlace/v1": visible(f"{clause.id} {outcome.place}", keep="")},
        "properties": {"repeat": visible(repeat, keep="")} if repeat else {},
    }
