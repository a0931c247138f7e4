"""What exists already, by owner, and values of parameters, in every room."""

from __future__ import annotations

import json

import pytest
from bad_input import command
from loopback import serving_app

from identities.offices import Offices, document

ENVIRONMENT = {"ANN": "key-of-ann-1f7c20", "BEN": "key-of-ben-93d0b1"}
IDENTITIES = "".join(f'[identities.{name}]\nkind = "api-key"\nkey = "env:{name.upper()}"\n' for name in ("ann", "ben"))
GIVEN = """
[values]
region = "north"

[values.readOffice]
floor = 3

[objects.ann]
"/offices/{office}" = "o-7001"
customerId = "c-8001"

[objects.ben]
office = "o-7002"
customerId = "c-8002"
"""


def judged(folder, offices, given, *only, target=""):
    (folder / "openapi.json").write_text(json.dumps(document()), encoding="utf-8")
    with serving_app(offices) as url:
        text = f"[target]\nurl = '{url}'\ncontract = 'openapi.json'\ndeadline = 30\n{target}\n{IDENTITIES}{given}"
        (folder / "conformance.toml").write_text(text, encoding="utf-8")
        words = [word for clause in only for word in ("--only", clause)]
        return command.conformance("run", *words, folder=folder, environment=ENVIRONMENT)


def places(told, clause, verdict):
    [found] = [each for each in told.report["clauses"] if each["id"] == clause]
    return {each["place"] for each in found["evidence"] if each["verdict"] == verdict}


def test_what_exists_is_used_and_left_as_it_was(tmp_path):
    offices = Offices()
    told = judged(
        tmp_path,
        offices,
        GIVEN,
        "AUTH-REQUIRED-EVERY-OPERATION",
        "GRID-ADMITTED",
        "GRID-REFUSED",
        "OBJ-READ-FOREIGN",
        "robustness",
    )

    accused = {name: verdict for name, verdict in told.verdicts.items() if verdict in {"failed", "blocked", "error"}}
    assert accused == {}, told.words
    assert told.verdicts["OBJ-READ-FOREIGN"] == "passed", told.words
    assert offices.closed == [], "what the suite did not make stays"
    assert offices.letters == {}, "all is cleaned up"
    assert "3" in offices.floors


def test_without_them_little_can_be_judged(tmp_path):
    told = judged(tmp_path, Offices(), "", "OBJ-READ-FOREIGN")

    assert told.verdicts["OBJ-READ-FOREIGN"] == "untestable", told.words


class ReadsForAnybody(Offices):
    """An office is read by whoever knows its name."""

    def read_office(self, request, caller, office):
        return super().read_office(request, {"o-7001": "ann", "o-7002": "ben"}.get(office, caller), office)


def test_a_stranger_to_what_exists_is_tried(tmp_path):
    told = judged(tmp_path, ReadsForAnybody(), GIVEN, "OBJ-READ-FOREIGN")

    assert told.verdicts == {"OBJ-READ-FOREIGN": "failed"}, told.words


def test_what_exists_is_changed_where_it_may_be(tmp_path):
    offices = Offices()
    judged(tmp_path, offices, GIVEN, "GRID-ADMITTED", target='may-change = ["closeOffice"]')

    assert set(offices.closed) == {"o-7001"}


WRONG = {
    "an owner with a text": ("[objects]\nann = 'o-7001'", "[objects.ann] must be a table"),
    "an identifier that is a list": ("[objects.ann]\noffice = ['o-7001']", "office must be an identifier"),
    "one thing of two": ("[objects.ann]\noffice = 'a'\n[objects.ben]\noffice = 'a'", "have the same office"),
    "nobody's": ("[objects.carl]\noffice = 'a'", "[objects.carl] is of nobody under [identities]"),
    "an unknown name": ("[objects.ann]\nroom = 'a'", "room is no parameter and no member"),
    "an unknown path": ("[objects.ann]\n'/rooms/{room}' = 'a'", "/rooms/{room} is no parameter"),
    "a value of nothing": ("[values]\nzone = 'a'", "zone is no parameter"),
    "a value of no operation": ("[values.readRoom]\nzone = 'a'", "readRoom is no operation"),
}


@pytest.mark.parametrize(("given", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_by_its_line(tmp_path, given, words):
    told = judged(tmp_path, Offices(), given, "OBJ-READ-FOREIGN")

    assert (told.code, told.err.count("\n")) == (2, 1), told.words
    assert words in told.err
