"""AsyncAPI 3 and 2: what the platform sends by HTTP is read, and everything else is named."""

from __future__ import annotations

import pytest

from conformance.contract import asyncapi
from conformance.contract.document import ContractError

THREE = """
asyncapi: {version}
info: {{title: Events, version: "1"}}
{more}
channels:
  callbacks:
    messages:
      order.placed: {{payload: {{type: object, required: [id]}}}}
      order.sent: {{$ref: "#/components/messages/Sent"}}
operations:
  tell: {{action: send, channel: {{$ref: "#/channels/callbacks"}}}}
components:
  messages:
    Sent: {{summary: It is on its way, traits: [{{$ref: "#/components/messageTraits/Common"}}]}}
  messageTraits:
    Common: {{summary: Common, headers: {{type: object, required: [X-Id]}}}}
"""
TWO = """
asyncapi: 2.6.0
info: {title: Events, version: "1"}
servers:
  hooks: {url: "https://example.com", protocol: https}
  broker: {url: "kafka.example.com", protocol: kafka}
channels:
  orders:
    servers: [hooks]
    subscribe:
      operationId: tellOrders
      x-delivery: {timeout: 3, schedule: [1, 2]}
      message:
        oneOf: [{$ref: "#/components/messages/order.placed"}, {name: order.sent, payload: {type: object}}]
    publish: {message: {name: order.asked, payload: {type: object}}}
  ledger:
    servers: [broker]
    subscribe: {message: {$ref: "#/components/messages/order.placed"}}
components:
  messages:
    order.placed: {payload: {type: object, required: [id]}, schemaFormat: application/schema+json;version=draft-07}
"""


@pytest.fixture
def events(written):
    return lambda text: asyncapi.read(written({"asyncapi.yaml": text}) / "asyncapi.yaml")


def told(read):
    return [(omission.what, omission.place) for omission in read.omissions]


@pytest.mark.parametrize("version", ["3.0.0", "3.1.0"])
def test_messages_without_a_name_have_that_of_their_channel(events, version):
    read = events(THREE.format(version=version, more=""))

    assert [(event.name, event.summary) for event in read] == [
        ("order.placed", ""),
        ("order.sent", "It is on its way"),
    ]
    assert read.named("order.placed").payload == {"type": "object", "required": ["id"]}
    assert read.named("order.sent").headers == {"type": "object", "required": ["X-Id"]}
    assert told(read) == []


def test_channels_of_other_protocols_are_named(events):
    read = events(THREE.format(version="3.0.0", more="servers: {broker: {host: b.example.com, protocol: amqp}}"))

    assert (list(read), told(read)) == ([], [("channels of the protocol amqp are not judged", "callbacks")])


def test_a_channel_that_has_http_too_is_judged(events):
    more = "servers: {broker: {host: b.example.com, protocol: amqp}, hooks: {host: example.com, protocol: https}}"

    assert len(list(events(THREE.format(version="3.0.0", more=more)))) == 2


def test_bindings_tell_the_protocol_where_no_server_does(events):
    text = THREE.format(version="3.0.0", more="").replace("  callbacks:\n", "  callbacks:\n    bindings: {ws: {}}\n")

    assert told(events(text)) == [("channels of the protocol ws are not judged", "callbacks")]


def test_a_payload_of_another_format_is_named(events):
    text = THREE.format(version="3.0.0", more="").replace(
        "{type: object, required: [id]}",
        "{schemaFormat: 'application/vnd.apache.avro;version=1.9.0', schema: {type: x}}",
    )
    read = events(text)

    assert read.named("order.placed").payload == {}
    assert told(read) == [
        ("the payload of a message in application/vnd.apache.avro;version=1.9.0 is not judged", "order.placed")
    ]


def test_what_a_channel_of_version_2_is_subscribed_to_is_sent(events):
    read = events(TWO)

    assert [event.name for event in read] == ["order.placed", "order.sent"]
    assert read.named("order.placed").payload == {"type": "object", "required": ["id"]}
    assert read.delivery.schedule == (1, 2)
    assert [place for _, place in told(read)] == ["asyncapi 2.6.0", "ledger"]


def test_all_errors_are_told_with_their_lines(events):
    with pytest.raises(ContractError) as found:
        events("asyncapi: 2.6.0\ninfo: {}\nchannels:\n  a: {subscribe: 3}\n  b:\n    publish: {message: 4}\n")

    assert [line.rpartition(".yaml:")[2].split(":")[0] for line in str(found.value).splitlines()[1:]] == ["4", "6"]
