"""Receivers that have to consent before they are told of events."""

from conformance.marks import given, requirement, variants
from conformance.servers.webhook_handshake import ORIGIN, allowing
from conformance.servers.webhook_receiver import Answer

UNWILLING = {
    "ignored": lambda _origin: Answer(status=204),
    "ignored-with-200": lambda _origin: Answer(status=200),
    "refused": lambda _origin: Answer(status=403),
    "other-origin": lambda _origin: allowing("other.example"),
    "longer-origin": lambda origin: allowing(f"{origin}.other.example"),
}
IGNORED = {"ignored": UNWILLING["ignored"]}


@requirement("WHR-OWNERSHIP-HANDSHAKE")
def test_a_receiver_is_asked_before_it_is_told(origin, hook, deliveries):
    """A registered receiver is told of an event; before, it was asked for its consent by the declared name."""
    delivery = deliveries.first(hook)
    before = [asked for asked in hook.endpoint.asked if asked.arrived <= delivery.arrived]

    assert {asked.headers.get(ORIGIN) for asked in before} == {origin}


@requirement("WHR-OWNERSHIP-HANDSHAKE")
def test_a_receiver_is_asked_at_its_new_address(origin, hook, registrations, deliveries):
    """A receiver that consented is moved and told of an event; it was asked at its new address before."""
    deliveries.first(hook)
    moved = registrations.moved(hook)
    delivery = deliveries.first(moved)
    before = [asked for asked in moved.endpoint.asked if asked.arrived <= delivery.arrived]

    assert {asked.headers.get(ORIGIN) for asked in before} == {origin}


@requirement("WHR-HANDSHAKE-ENFORCED")
@variants("answer", UNWILLING)
def test_a_receiver_that_does_not_consent_is_not_told(unwilling_hook, hook, told_of_next):
    """A receiver gives no consent when it is asked; of an event another one is told, and it is not."""
    assert told_of_next(unwilling_hook, hook) == []


@requirement("WHR-HANDSHAKE-ENFORCED")
@variants("answer", IGNORED)
def test_a_new_address_has_to_consent(unwilling, hook, sibling, registrations, deliveries, told_of_next):
    """A receiver that consented is moved to where nobody does; of an event another one is told, and it is not."""
    deliveries.first(hook)
    registrations.move(hook, unwilling.url)

    assert told_of_next(unwilling, sibling) == []


@requirement("WHR-HANDSHAKE-ENFORCED")
@given("origin")
def test_a_receiver_that_allows_every_origin_is_told(tolerant_hook, subscriber, deliveries):
    """A receiver allows `*` when it is asked; it is told of the next event."""
    occurrence = subscriber.happen(tolerant_hook)

    assert deliveries.arrived(tolerant_hook, occurrence)


@requirement("WHR-HANDSHAKE-ENFORCED")
@variants("answer", IGNORED)
def test_a_receiver_that_consents_later_is_told(unwilling_hook, hook, told_of_next, persuaded, subscriber, deliveries):
    """A receiver that gave no consent was not told; it is registered again, consents, and is told of the next event."""
    before = told_of_next(unwilling_hook, hook)
    again = persuaded()
    occurrence = subscriber.happen(again)

    assert before == []
    assert deliveries.arrived(again, occurrence)


@requirement("WHR-HANDSHAKE-ORIGIN")
def test_deliveries_name_the_origin(origin, hook, deliveries):
    """A receiver that consented is told of an event; the delivery names the origin that it allowed."""
    delivery = deliveries.first(hook)

    assert delivery.headers.get(ORIGIN) == origin
