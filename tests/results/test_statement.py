"""What several channels showed of one mutation, in each report."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator
from sample_report import HOSTILE, outcome, report, result

from conformance.reports.html import to_html
from conformance.reports.job_summary import to_markdown
from conformance.reports.json_report import schema, to_json
from conformance.results.model import Line, Verdict

LINES = (
    Line(channel="in the collection", expected="1", seen="1 (itm_1)"),
    Line(channel="item.made", expected="1", seen=f"2 (evt_1, {HOSTILE})"),
)


def told():
    failed = outcome("LEDGER-RACE", Verdict.FAILED, "createItem", expected="one", observed="two", statement=LINES)
    return report(clauses=(result("LEDGER-RACE", "idempotency", failed),))


def test_the_json_report_holds_each_line():
    document = json.loads(to_json(told()))
    (line, other) = document["clauses"][0]["evidence"][0]["statement"]

    Draft202012Validator(schema()).validate(document)
    assert line == {"channel": "in the collection", "expected": "1", "seen": "1 (itm_1)"}
    assert other["channel"] == "item.made"


def test_the_page_shows_a_table():
    page = to_html(told())

    assert '<tr><th scope="row">in the collection</th><td>1</td><td>1 (itm_1)</td></tr>' in page
    assert "<script>alert(1)</script>" not in page


def test_the_summary_shows_a_table():
    lines = to_markdown(told()).splitlines()

    assert "| in the collection | 1 | 1 (itm\\_1) |" in lines
    assert len([line for line in lines if line.startswith("| item.made | 1 | 2")]) == 1
