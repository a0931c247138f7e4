"""The validation handshake: receivers consent before events are delivered to them."""

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
def test_a_receiver_is_asked_before_the_first_delivery(origin, hook, deliveries):
    """An event is delivered to a receiver; before, the receiver was asked for its consent with the declared origin."""
    delivery = deliveries.of_new_event(hook)
    before = [asked for asked in hook.endpoint.handshakes if asked.arrived <= delivery.arrived]

    assert {asked.headers.get(ORIGIN_FIELD) for asked in before} == {origin}


@requirement("WHR-OWNERSHIP-HANDSHAKE")
def test_a_receiver_is_asked_at_its_new_url(origin, hook, registrations, deliveries):
    """A receiver that consented changes its URL and gets a delivery; before, it was asked at the new URL."""
    deliveries.of_new_event(hook)
    moved = registrations.move_to_new_endpoint(hook)
    delivery = deliveries.of_new_event(moved)
    before = [asked for asked in moved.endpoint.handshakes if asked.arrived <= delivery.arrived]

    assert {asked.headers.get(ORIGIN_FIELD) for asked in before} == {origin}


@requirement("WHR-HANDSHAKE-ENFORCED")
@variants("answer", WITHOUT_CONSENT)
def test_a_receiver_that_does_not_consent_gets_no_delivery(refused_hook, hook, deliveries_of_next_event):
    """A receiver refuses its consent; an event is delivered to another one, and not to it."""
    assert deliveries_of_next_event(refused_hook, hook) == []


@requirement("WHR-HANDSHAKE-ENFORCED")
@variants("answer", IGNORED)
def test_a_new_url_must_consent(
    refusing_endpoint, hook, second_hook, registrations, deliveries, deliveries_of_next_event
):
    """A receiver that consented moves to a URL that does not; an event is delivered to another one, and not to it."""
    deliveries.of_new_event(hook)
    registrations.move(hook, refusing_endpoint.url)

    assert deliveries_of_next_event(refusing_endpoint, second_hook) == []


@requirement("WHR-HANDSHAKE-ENFORCED")
@given("origin")
def test_a_receiver_that_allows_every_origin_gets_deliveries(any_origin_hook, subscriber, deliveries):
    """A receiver allows `*` when it is asked; the next event is delivered to it."""
    occurrence = subscriber.trigger(any_origin_hook)

    assert deliveries.received(any_origin_hook, occurrence) != []


@requirement("WHR-HANDSHAKE-ENFORCED")
@variants("answer", IGNORED)
def test_a_receiver_that_consents_later_gets_deliveries(
    refused_hook, hook, deliveries_of_next_event, register_with_consent, subscriber, deliveries
):
    """A receiver without consent gets nothing; registered again, it consents, and the next event is delivered to it."""
    before = deliveries_of_next_event(refused_hook, hook)
    again = register_with_consent()
    occurrence = subscriber.trigger(again)

    assert before == []
    assert deliveries.received(again, occurrence) != []


@requirement("WHR-HANDSHAKE-ORIGIN")
def test_deliveries_name_the_origin(origin, hook, deliveries):
    """An event is delivered to a receiver that consented; the delivery names the origin that it allowed."""
    delivery = deliveries.of_new_event(hook)

    assert delivery.headers.get(ORIGIN_FIELD) == origin
