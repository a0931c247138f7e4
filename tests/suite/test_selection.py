"""Predicates that select operations, and the rules of idempotency that they read."""

from __future__ import annotations

from conformance.contract.operation import Operation, Parameter
from conformance.contract.vocabulary import Idempotency, Ownership
from conformance.selection.bodies import taking_json
from conformance.selection.operations import (
    both,
    key_optional,
    key_required,
    keyed,
)


def operation(*, demanded=False, json_body=True, **idempotency):
    return Operation(
        id="placeOrder",
        method="POST",
        path="/orders",
        summary="",
        tags=(),
        alternatives=(("anything",),),
        parameters=(Parameter(name="Request-Key", place="header", required=demanded, schema={}),),
        bodies={"application/json": {}} if json_body else {},
        body_required=True,
        answers=(),
        ownership=Ownership(),
        idempotency=Idempotency.of(idempotency),
    )


def test_whether_a_key_is_required_is_read_off_its_header_parameter():
    assert key_required(operation(demanded=True, header="request-key"))
    assert not key_required(operation(header="request-key"))
    assert key_optional(operation(header="request-key"))
    assert not key_optional(operation())


def test_a_status_that_x_idempotency_leaves_out_is_not_presumed():
    rules = Idempotency.of({"header": "Request-Key", "mismatch": 409, "max-length": 64})
    assert rules == Idempotency(header="Request-Key", mismatch=409, max_length=64)
    assert (rules.in_progress, rules.malformed, rules.missing) == (0, 0, 0)


def test_both_predicates_must_hold_and_both_are_described():
    where = both(keyed, taking_json)
    assert where(operation(header="Request-Key"))
    assert not where(operation(header="Request-Key", json_body=False))
    assert not where(operation())
    assert where.__doc__ == "takes an idempotency key and takes a JSON body"
