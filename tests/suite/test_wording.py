"""Compared values in the words of a report."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import conformance as suite
from conformance.judgement.expectations import status
from conformance.results.wording import containment, described, expectation, from_first_difference

PACKAGE = Path(suite.__file__).parent
UNFILLED = re.compile(r"\{[a-z_]+\.[a-z_.]+\}")


def test_no_sentence_shows_what_should_have_been_filled_in():
    """The name of a variable in braces is Python; placeholders that users write are single words."""
    texts = [
        (str(path.relative_to(PACKAGE)), node.value)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert [(path, text) for path, text in texts if UNFILLED.search(text)] == []


def test_values_are_told_without_python():
    told = {
        "nothing": None,
        "true": True,
        "3000": 3000.0,
        "14": 14,
        "“a text”": "a text",
        "an empty text": "",
        "none": [],
        "GET, POST": frozenset({"POST", "GET"}),
        "1; nothing": (1, None),
        "aud does not name the client": ["aud does not name the client"],
        "active: false": {"active": False},
        "401 or 403": status(401, 403),
    }
    assert {described(value): value for value in told.values()} == told


def test_relations_are_told_in_words():
    assert expectation("<=", 2) == "at most 2"
    assert expectation("!=", status(412)) == "anything but 412"
    assert expectation("in", ["lax", "strict"]) == "one of “lax”, “strict”"
    assert containment("not in", "code=") == "no “code=” in it"


def test_what_is_cut_begins_where_it_begins_to_differ():
    same = "x" * 500
    assert from_first_difference(f"{same}a", f"{same}b") == (f"…{'x' * 40}a", f"…{'x' * 40}b")
    assert from_first_difference("401", "200") == ("401", "200")
