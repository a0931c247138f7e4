"""Receivers that have to consent before they are told of events."""

from conformance.marks import given, requirement, variants
from conformance.servers.webhook_handshake import ORIGIN_FIELD, allow_origin
from conformance.servers.webhook_receiver import Answer

WITHOUT_CONSENT = {
    "ignored": lambda _origin: Answer(status=204),
    "ignored-with-200": lambda _origin: Answer(status=200),
    "refused": lambda _origin: Answer(status=403),
    "other-origin": lambda _origin: allow_origin("other.example"),
    "longer-origin": lambda origin: allow_origin(f"{origin}.other.example"),
}
IGNORED = {"ignored": WITHOUT_CONSENT["ignored"]}


@requirement("WHR-OWNERSHIP-HANDSHAKE")
def test_a_receiver_is_asked_before_it_is_told(origin, hook, deliveries):
    """A registered receiver is told of an event; before, it was asked for its consent by the declared name."""
    delivery = deliveries.of_new_event(hook)
    before = [asked for asked in hook.endpoint.handshakes if asked.arrived <= delivery.arrived]

    assert {asked.headers.get(ORIGIN_FIELD) for asked in before} == {origin}


@requirement("WHR-OWNERSHIP-HANDSHAKE")
def test_a_receiver_is_asked_at_its_new_address(origin, hook, registrations, deliveries):
    """A receiver that consented is moved and told of an event; it was asked at its new address before."""
    deliveries.of_new_event(hook)
    moved = registrations.move_to_new_endpoint(hook)
    delivery = deliveries.of_new_event(moved)
    before = [asked for asked in moved.endpoint.handshakes if asked.arrived <= delivery.arrived]

    assert {asked.headers.get(ORIGIN_FIELD) for asked in before} == {origin}


@requirement("WHR-HANDSHAKE-ENFORCED")
@variants("answer", WITHOUT_CONSENT)
def test_a_receiver_that_does_not_consent_is_not_told(registered_refusing_endpoint, hook, deliveries_of_next_event):
    """A receiver gives no consent when it is asked; of an event another one is told, and it is not."""
    assert deliveries_of_next_event(registered_refusing_endpoint, hook) == []


@requirement("WHR-HANDSHAKE-ENFORCED")
@variants("answer", IGNORED)
def test_a_new_address_has_to_consent(
    refusing_endpoint, hook, second_hook, registrations, deliveries, deliveries_of_next_event
):
    """A receiver that consented is moved to where nobody does; of an event another one is told, and it is not."""
    deliveries.of_new_event(hook)
    registrations.move(hook, refusing_endpoint.url)

    assert deliveries_of_next_event(refusing_endpoint, second_hook) == []


@requirement("WHR-HANDSHAKE-ENFORCED")
@given("origin")
def test_a_receiver_that_allows_every_origin_is_told(any_origin_hook, subscriber, deliveries):
    """A receiver allows `*` when it is asked; it is told of the next event."""
    occurrence = subscriber.trigger(any_origin_hook)

    assert deliveries.received(any_origin_hook, occurrence)


@requirement("WHR-HANDSHAKE-ENFORCED")
@variants("answer", IGNORED)
def test_a_receiver_that_consents_later_is_told(
    registered_refusing_endpoint, hook, deliveries_of_next_event, register_with_consent, subscriber, deliveries
):
    """A receiver that gave no consent was not told; it is registered again, consents, and is told of the next event."""
    before = deliveries_of_next_event(registered_refusing_endpoint, hook)
    again = register_with_consent()
    occurrence = subscriber.trigger(again)

    assert before == []
    assert deliveries.received(again, occurrence)


@requirement("WHR-HANDSHAKE-ORIGIN")
def test_deliveries_name_the_origin(origin, hook, deliveries):
    """A receiver that consented is told of an event; the delivery names the origin that it allowed."""
    delivery = deliveries.of_new_event(hook)

    assert delivery.headers.get(ORIGIN_FIELD) == origin
