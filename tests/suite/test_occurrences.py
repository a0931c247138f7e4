"""By which texts a delivery is told from those of other events."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema_rs
import pytest

from conformance.contract.operation import Operation
from conformance.contract.vocabulary import Ownership
from conformance.errors import UntestableError
from conformance.http.messages import Request
from conformance.servers.webhook_receiver import Delivery
from conformance.webhooks.occurrences import EventForm, identifying_texts, told_of_event

NAMING = Operation(
    id="nameModel",
    method="POST",
    path="/models",
    summary="",
    tags=(),
    alternatives=(),
    parameters=(),
    bodies={"application/json": {}},
    body_required=True,
    answers=(),
    ownership=Ownership(),
    raw={"x-unique": ["/name"]},
)
REQUEST = Request(method="POST", path="/models").with_json({"name": "rxs06qqg"})


def test_it_is_the_marker_else_what_is_unique_else_an_id(reply):
    marked = replace(REQUEST.with_json({"name": "rxs06qqg", "text": "canary-1"}), marker="canary-1")
    addressed = replace(REQUEST, parameters=(("id", "m-77"),))
    plain = replace(NAMING, raw={})

    assert identifying_texts(NAMING, marked, reply(200)) == ("canary-1",)
    assert identifying_texts(NAMING, REQUEST, reply(200)) == ("rxs06qqg",)
    assert identifying_texts(NAMING, addressed, reply(200)) == ("rxs06qqg", "m-77")
    assert identifying_texts(plain, REQUEST, reply(200, b'{"id": 5}')) == ("5",)


def test_without_any_no_delivery_is_missed(reply):
    with pytest.raises(UntestableError, match="x-unique"):
        identifying_texts(replace(NAMING, raw={}), REQUEST, reply(200, b'{"model": {}}'))


def delivered(payload, **headers):
    body = json.dumps(payload).encode()
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Delivery(
        method="POST",
        url="",
        target="/",
        headers=fields,
        repeated_headers=(),
        body=body,
        arrived=0.0,
        payload=payload,
    )


@pytest.mark.parametrize(
    ("delivery", "matches"),
    [
        (delivered({"type": "model.named"}), True),
        (delivered({"type": "model.made"}), False),
        (delivered({"event": "model.made"}), False),
        (delivered({}, x_shop_event="model.made"), False),
        (delivered({"title": "model.made"}), True),
        (delivered({"type": "com.shop.model"}), True),
        (delivered([]), False),
    ],
)
def test_what_is_called_another_event_is_none_of_this_one(delivery, matches):
    schema = jsonschema_rs.Draft202012Validator({"type": "object"})
    form = EventForm(name="model.named", names=frozenset({"model.named", "model.made"}), validator=schema)

    assert form.matches(delivery) is matches


def test_what_is_of_the_delivery_alone_is_not_compared():
    first = {"deliveryId": "d-1", "event": "model.made", "model": {"id": 7}, "tags": ["a"]}
    second = {**first, "deliveryId": "d-2"}
    cloud = {"specversion": "1.0", "id": "e-1", "data": {}}

    assert told_of_event(first) == told_of_event(second) == {"model": {"id": 7}, "tags": ["a"]}
    assert told_of_event(cloud) == cloud
    assert told_of_event({"id": 1}) == {"id": 1}
    assert told_of_event(["a"]) == ["a"]
