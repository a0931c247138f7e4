"""SARIF 2.1.0: what failed or warned, each with its rule and the line of the contract that it is about."""

from __future__ import annotations

import json
from pathlib import Path

from sample_report import rich_report

from conformance.contract import openapi
from conformance.contract.reading.source_lines import SourceLines
from conformance.reports.sarif import to_sarif
from conformance.results.model import Verdict
from conformance.results.untrusted_text import visible

PLAIN = Path(__file__).parents[1] / "plain" / "openapi.yaml"


def run(lines=None):
    [only] = json.loads(to_sarif(rich_report(), lines))["runs"]
    return only


def test_each_failed_or_warned_place_is_a_result_of_its_rule():
    report = rich_report()
    found = [
        (clause.id, outcome.verdict)
        for clause in report.clauses
        for outcome in clause.outcomes
        if outcome.verdict in {Verdict.FAILED, Verdict.WARNED}
    ]
    told = run()
    levels = {"failed": "error", "warned": "warning"}

    assert sorted((each["ruleId"], each["level"]) for each in told["results"]) == sorted(
        (name, levels[verdict]) for name, verdict in found
    )
    rules = told["tool"]["driver"]["rules"]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in told["results"])
    assert all(rule["help"]["text"] for rule in rules)


def texts(node):
    """All strings of a JSON document."""
    if isinstance(node, str):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from texts(child)


def test_nothing_hostile_is_left_as_it_came():
    assert to_sarif(rich_report(), None).isascii()
    assert [text for text in texts(run()) if visible(text) != text] == []


def test_a_result_points_at_the_line_of_its_operation():
    lines = SourceLines(contract=openapi.read(PLAIN), location=PLAIN)
    written = PLAIN.read_text(encoding="utf-8").splitlines()

    assert "operationId: readNote" in written[lines.line("readNote")]
    assert written[lines.line("readNote") - 1].strip() == "get:"
    assert lines.line("no such operation") == 1
    assert lines.uri.endswith("tests/plain/openapi.yaml")


def test_a_document_that_is_gone_has_no_lines(tmp_path):
    path = tmp_path / "openapi.yaml"
    path.write_text(PLAIN.read_text(encoding="utf-8"), encoding="utf-8")
    lines = SourceLines(contract=openapi.read(path), location=path)
    path.unlink()

    assert lines.line("readNote") == 1
    assert all(each["locations"][0]["physicalLocation"]["region"]["startLine"] == 1 for each in run(lines)["results"])
