"""Overlays add to a contract from outside, and say so where they miss."""

from __future__ import annotations

import pytest

from conformance.contract import openapi
from conformance.contract.document import ContractError

CONTRACT = """
openapi: 3.1.0
info: {title: Orders, version: "1"}
x-elsewhere: {get: {operationId: far, responses: {"200": {description: There}}}}
paths:
  /orders:
    post: {operationId: order, tags: [a], responses: {"201": {description: Made}}}
  /elsewhere: {$ref: "#/x-elsewhere"}
  /admin:
    post: {operationId: flush, responses: {"204": {description: Done}}}
"""


@pytest.fixture
def read(tmp_path):
    (tmp_path / "contract.yaml").write_text(CONTRACT)

    def with_actions(actions):
        (tmp_path / "overlay.yaml").write_text(
            f"overlay: 1.0.0\ninfo: {{title: More, version: '1'}}\nactions: {actions}\n"
        )
        return openapi.read(tmp_path / "contract.yaml", None, [tmp_path / "overlay.yaml"])

    return with_actions


def test_an_update_is_merged_into_what_is_there(read):
    contract = read(
        "[{target: \"$.paths['/orders'].post\","
        " update: {x-idempotency: {header: Request-Key, scope: [principal]}, summary: Order}}]"
    )

    assert contract.operation("order").idempotency.header == "Request-Key"
    assert contract.operation("order").summary == "Order"
    assert contract.operation("order").tags == ("a",)


def test_an_update_adds_an_entry_to_a_list(read):
    contract = read("[{target: \"$.paths['/orders'].post.tags\", update: b}]")

    assert contract.operation("order").tags == ("a", "b")


def test_what_one_action_gives_to_many_is_not_shared_by_them(read):
    contract = read(
        "[{target: '$.paths.*.post', update: {x-here: {a: 1}}},"
        " {target: \"$.paths['/orders'].post\", update: {x-here: {b: 2}}}]"
    )

    assert contract.document["paths"]["/orders"]["post"]["x-here"] == {"a": 1, "b": 2}
    assert contract.document["paths"]["/admin"]["post"]["x-here"] == {"a": 1}


def test_an_action_can_remove(read):
    contract = read("[{target: \"$.paths['/admin']\", remove: true}]")

    assert [operation.id for operation in contract.operations] == ["order", "far"]


@pytest.mark.parametrize(
    ("actions", "told"),
    [
        ("[{target: \"$.paths['/gone']\", update: {a: 1}}]", "nowhere in the contract"),
        ("[{target: '$..[', update: {a: 1}}]", "no JSONPath"),
        ("[{update: {a: 1}}]", "has no target"),
        ("[{target: $.info.title, update: {a: 1}}]", "neither an object nor a list"),
        ("[{target: $, remove: true}]", "whole contract"),
    ],
)
def test_an_action_that_misses_is_told_in_a_sentence(read, actions, told):
    with pytest.raises(ContractError, match=told):
        read(actions)


def test_what_is_behind_a_reference_is_told(read):
    with pytest.raises(ContractError, match=r"At \$\.paths\['/elsewhere'\] \w+ a reference to #/x-elsewhere, which no"):
        read("[{target: \"$.paths['/elsewhere'].get\", update: {x-login: true}}]")


def test_an_action_that_does_nothing_is_told(read):
    with pytest.raises(ContractError, match="action 1 has neither `update` nor `remove`"):
        read("[{target: \"$.paths['/orders'].post\"}]")
