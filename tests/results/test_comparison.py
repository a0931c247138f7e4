"""Two reports beside each other, place by place."""

from __future__ import annotations

import json

import pytest
from sample_report import outcome, result, rich_report

from conformance import cli
from conformance.reports.json_report import to_json
from conformance.results.comparison import compared
from conformance.results.model import Verdict

FAILED, PASSED, BLOCKED = Verdict.FAILED, Verdict.PASSED, Verdict.BLOCKED


@pytest.fixture
def written(tmp_path):
    """Writes a report with one clause that came out so at these places; `what` was observed."""

    def write(name, what="200", **verdicts):
        outcomes = [
            outcome("KEY", verdict, place, expected="403", observed=what if verdict is FAILED else "")
            for place, verdict in verdicts.items()
        ]
        document = json.loads(to_json(rich_report()))
        document["clauses"] = json.loads(to_json(rich_report(clauses=(result("KEY", "rest", *outcomes),))))["clauses"]
        path = tmp_path / name
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (PASSED, FAILED, "broken"),
        (BLOCKED, FAILED, "broken"),
        (FAILED, PASSED, "mended"),
        (FAILED, BLOCKED, "lost"),
        (PASSED, BLOCKED, "lost"),
        (FAILED, FAILED, ""),
        (PASSED, PASSED, ""),
        (BLOCKED, PASSED, ""),
    ],
)
def test_each_place_is_of_one_kind(written, before, after, kind):
    found = compared(written("old.json", read=before, write=PASSED), written("new.json", read=after, write=PASSED))

    assert {each: getattr(found, each) for each in ("broken", "changed", "mended", "lost")} == {
        each: [("KEY", "read")] if each == kind else [] for each in ("broken", "changed", "mended", "lost")
    }


@pytest.mark.parametrize(("what", "changed"), [("200 itm_01HZX3J9N2", []), ("500", [("KEY", "read")])])
def test_a_failure_that_differs_in_ids_alone_is_the_same(written, what, changed):
    old = written("old.json", what="200 itm_01HZX3J9N7", read=FAILED)

    assert compared(old, written("new.json", what=what, read=FAILED)).changed == changed


def test_a_place_that_is_gone_is_lost(written):
    found = compared(written("old.json", read=FAILED, write=PASSED), written("new.json", write=PASSED))

    assert found.lost == [("KEY", "read")]


@pytest.mark.parametrize(("after", "code"), [(FAILED, 1), (PASSED, 0)])
def test_the_command_fails_by_what_fails_anew(written, capsys, after, code):
    old, new = written("old.json", read=PASSED), written("new.json", read=after)

    assert cli.main(["compare", str(old), str(new)]) == code
    assert capsys.readouterr().out.startswith(f"Fails anew: {'1 place' if code else 'nothing'}")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"contract": "x", "clauses": [1]}', None])
def test_what_is_no_report_is_told(tmp_path, capsys, content):
    odd = tmp_path / "odd.json"
    if content is not None:
        odd.write_text(content, encoding="utf-8")

    assert cli.main(["compare", str(odd), str(odd)]) == 2
    assert "Name a report.json." in capsys.readouterr().err


def test_reports_of_two_contracts_are_not_compared(written, tmp_path, capsys):
    old = written("old.json", read=PASSED)
    other = tmp_path / "other.json"
    other.write_text(json.dumps({**json.loads(old.read_text()), "contract": "Another 2"}), encoding="utf-8")

    assert cli.main(["compare", str(old), str(other)]) == 2
    assert "Compare reports of one contract." in capsys.readouterr().err
