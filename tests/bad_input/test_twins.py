"""What a manipulated request is accused of is what its twin without the manipulation does not show."""

from __future__ import annotations

import re

import pytest
from flask import request

from bad_input.variants import Notes, serving_notes

TWICE = re.compile(r'"text": "[^"]*", "text": (?P<second>\d+)')
GATEWAY = "GW-INTERNAL-HEADERS-IGNORED"
PRIVATE = """
overlay: 1.0.0
info: {title: Whose they are, version: "1"}
actions: [{target: $, update: {x-ownership: {visibility: private}}}]
"""


class Shared(Notes):
    """Lets everybody with a token read every note."""

    def _own(self, user, number):
        return super()._own(self._notes.get(number, (user, ""))[0], number)


class TrustsFields(Notes):
    """Believes the name of the caller that a gateway is supposed to have written."""

    def user(self, operation):
        return request.headers.get("X-User-Id") or super().user(operation)


def test_forged_fields_are_not_blamed_for_what_is_possible_without_them(judge, folder):
    (folder / "overlay.yaml").write_text(PRIVATE, encoding="utf-8")
    with serving_notes(Shared) as url:
        target = f"url = '{url}'\noverlays = ['overlay.yaml']"
        told = judge("--only", GATEWAY, "--only", "OBJ-READ-FOREIGN", target=target)

    assert told.verdicts == {GATEWAY: "passed", "OBJ-READ-FOREIGN": "failed"}, told.words
    assert "without what was to be tried" in told.words


def test_forged_fields_are_blamed_for_what_they_open(judge):
    with serving_notes(TrustsFields) as url:
        told = judge("--only", GATEWAY, target=f"url = '{url}'")

    assert told.verdicts == {GATEWAY: "failed"}, told.words


class TakesNumbers(Notes):
    """Writes a number down where a text is wanted."""

    def text(self):
        text = self.parsed(request.get_data()).get("text")
        return str(text) if type(text) is int else super().text()


class TakesTheSecond(Notes):
    """Looks at the first of two members of one name, and writes the second one down."""

    def text(self):
        content = request.get_data().decode("utf-8", "replace")
        first = next(iter(TWICE.finditer(content)), None)
        return first["second"] if first else super().text()


@pytest.mark.parametrize(("notes", "verdict"), [(TakesNumbers, "untestable"), (TakesTheSecond, "failed")])
def test_a_member_that_is_given_twice_smuggles_nothing_in_that_is_taken_anyway(judge, notes, verdict):
    with serving_notes(notes) as url:
        told = judge("--only", "ROB-NESTING-AND-NUMBERS", target=f"url = '{url}'", deadline=5)

    (clause,) = told.report["clauses"]
    found = {place["verdict"] for place in clause["evidence"] if place["check"].startswith("A member is given twice")}
    assert found == {verdict}, told.words
