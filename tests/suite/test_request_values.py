"""Values that are right together, and tokens that lack what they shall lack, whatever else they lack."""

from __future__ import annotations

import json
import re

import pytest

from conformance.contract import openapi
from conformance.errors import UntestableError
from conformance.identity.credential_sources import FixedTokens
from conformance.requests.request_generator import RequestGenerator
from conformance.schemas.free_texts import free_texts, with_text_at
from conformance.schemas.pattern_texts import PatternTexts
from conformance.schemas.values import Values

DAY = {"type": "string", "format": "date"}


@pytest.mark.parametrize(("first", "last"), [("from", "to"), ("startDate", "endDate"), ("end_of_term", "begin")])
def test_what_begins_comes_before_what_ends(first, last):
    begin, end = sorted((first, last), key=lambda name: "end" in name.lower() or name == "to")
    schema = {"type": "object", "required": [last, first], "properties": {last: DAY, first: DAY}}
    values = Values(document={}, permits=lambda *_: True)

    drawn = [values.of(schema) for _ in range(40)]

    assert sum(each[begin] < each[end] for each in drawn) >= 39, "but where the days begin anew"


def test_bodies_are_of_the_media_type_that_is_sent(tmp_path):
    patches = {
        "application/json-patch+json": {"schema": {"type": "array", "items": {"type": "object"}}},
        "application/merge-patch+json": {"schema": {"type": "object", "properties": {"level": {"type": "integer"}}}},
    }
    patch = {"operationId": "change", "requestBody": {"content": patches}, "responses": {"200": {"description": "It."}}}
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/thing": {"patch": patch}}}
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    contract = openapi.read(tmp_path / "openapi.json")
    operation = contract.operation("change")

    bodies = RequestGenerator(contract.document, seed=1).bodies(operation, count=8)

    assert operation.media_type == "application/merge-patch+json"
    assert bodies
    assert all(isinstance(body, dict) for body in bodies)


def test_a_token_may_lack_more_than_it_must_but_nothing_that_is_needed():
    texts = {"read": "r", "write": "w", "read write purge": "all"}
    source = FixedTokens(name="alice", tokens={frozenset(scopes.split()): text for scopes, text in texts.items()})

    assert source.lesser_token(frozenset({"read", "purge"}), frozenset({"write"})) == "r"
    assert source.lesser_token(frozenset({"write", "purge"}), frozenset({"read"})) == "w"
    with pytest.raises(UntestableError, match="exactly these scopes: purge write"):
        source.lesser_token(frozenset({"write", "purge"}), frozenset({"write", "purge", "read"}))


def test_a_marker_stands_in_the_first_of_what_is_made_in_bulk():
    text = {"type": "string", "maxLength": 40}
    schema = {"type": "array", "items": {"type": "object", "properties": {"name": text, "code": text}}}
    value = [{"name": "a", "code": "b"}, {"name": "c"}]

    found = {each.path: each.meaningful for each in free_texts({}, schema, value)}

    assert found == {(0, "name"): False, (0, "code"): True}
    assert with_text_at(value, (0, "name"), "x") == [{"name": "x", "code": "b"}, {"name": "c"}]


def matches(schema, text):
    return bool(re.fullmatch(schema["pattern"], text))


def test_texts_of_a_pattern_are_each_given_once():
    texts = PatternTexts()
    schema = {"type": "string", "pattern": "^[a-z]{8,20}$", "maxLength": 12}

    given = [Values(document={}, permits=matches, texts=texts).of(schema) for _ in range(100)]

    assert len(set(given)) == 100
    assert all(re.fullmatch("[a-z]{8,12}", text) for text in given)


def test_a_pattern_that_few_texts_match_gives_them_again():
    texts, schema = PatternTexts(), {"type": "string", "pattern": "^(left|right)$"}

    given = [Values(document={}, permits=matches, texts=texts).of(schema) for _ in range(9)]

    assert set(given) == {"left", "right"}
