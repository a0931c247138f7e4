"""The registration of receivers, their changes and their end."""

from ipaddress import IPv4Address

from conformance.judgement.expectation import each
from conformance.judgement.expectations import refused, success
from conformance.marks import given, requirement, variants

FORMS = {
    "ftp": "ftp://{receiver}/in",
    "file": "file:///etc/hostname",
    "gopher": "gopher://{receiver}/in",
    "javascript": "javascript:alert(1)",
    "data": "data:application/json,{}",
    "relative": "/in",
    "without-scheme": "//{receiver}/in",
    "empty-host": "http://:8080/in",
    "impossible-port": "http://127.0.0.1:99999/in",
}

MENDED_FORMS = {  # which browsers call all the same, and libraries that read a URL as they do
    "without-host": "http:///in",
    "user-information": "http://user:password@{receiver}/in",
    "space": "http://{receiver}/in here",
}

LOOPBACK = {"address": "127.0.0.1", "name": "localhost", "unspecified": str(IPv4Address(0))}

EVENTS = {
    "unknown": ["conformance.unknown"],
    "none": [],
    "text": "conformance.unknown",
    "number": [7],
}

ENDINGS = {"disabling": "disabling", "deleting": "deleting"}


FORBIDDEN_AT_CREATION = {
    "private": "10.0.0.1",
    "metadata-service": "169.254.169.254",
    "hexadecimal": "0x7f000001",
    "ipv6-unique-local": "[fd00::1]",
}


@requirement("WHR-CREATE")
def test_a_registration_is_accepted(registrar, subscriber, callable_endpoint):
    """A receiver of the suite is registered for every event; that succeeds as declared."""
    reply = registrar.send(subscriber.request(url=callable_endpoint.url))

    assert reply == success


@requirement("WHR-CREATE")
def test_a_registration_is_stored_as_sent(single_event_hook, event, registrations):
    """A receiver is registered for one event; reading it shows exactly its URL and this event."""
    subscription = registrations.subscription

    assert registrations.read_member(single_event_hook, subscription.url) == single_event_hook.endpoint.url
    assert registrations.read_member(single_event_hook, subscription.events) == [event.name]


@requirement("WHR-SECRET-SHOWN-ONCE")
def test_the_secret_is_not_shown_again(hook, second_hook, shown_secret, registrations):
    """A registered receiver is read, listed beside another one, pinged and changed; no reply contains their secrets."""
    replies, secrets = registrations.replies_about(hook), (shown_secret, second_hook.secret)

    assert [reply for reply in replies if any(secret in reply.full_text for secret in secrets)] == []


@requirement("WHR-URL-FORM")
@variants("url", FORMS)
def test_a_url_that_cannot_be_called_is_refused(hook, invalid_url, subscriber):
    """A proper receiver is accepted; a registration with a URL of another form is refused."""
    reply = hook.account.send(subscriber.request(url=invalid_url))

    assert reply == refused


@requirement("WHR-URL-FORM")
@given("normative")
@variants("url", MENDED_FORMS)
def test_a_url_that_has_to_be_mended_is_refused(hook, invalid_url, subscriber):
    """A proper receiver is accepted; a registration with a URL that some would put right is refused."""
    reply = hook.account.send(subscriber.request(url=invalid_url))

    assert reply == refused


@requirement("WHR-EVENT-TYPES-CHECKED")
@variants("events", EVENTS)
def test_undeclared_events_are_refused(hook, invalid_events, subscriber):
    """A proper receiver is accepted; a registration for events that the schema does not permit is refused."""
    reply = hook.account.send(subscriber.request(url=hook.endpoint.url, events=invalid_events))

    assert reply == refused


@requirement("WHR-UPDATE-REVALIDATES")
@variants("url", FORMS)
def test_a_change_to_a_url_that_cannot_be_called_is_refused(hook, invalid_url, registrations):
    """A receiver's URL is changed to one of another form; that is refused, and the URL stays."""
    reply = registrations.move(hook, invalid_url)

    assert reply == refused
    assert registrations.read_member(hook, registrations.subscription.url) == hook.endpoint.url


@requirement("WHR-UPDATE-REVALIDATES")
@given("normative")
@variants("url", MENDED_FORMS)
def test_a_change_to_a_url_that_has_to_be_mended_is_refused(hook, invalid_url, registrations):
    """A receiver's URL is changed to one that some would put right; that is refused, and the URL stays."""
    reply = registrations.move(hook, invalid_url)

    assert reply == refused
    assert registrations.read_member(hook, registrations.subscription.url) == hook.endpoint.url


@requirement("WHR-UPDATE-REVALIDATES")
@variants("host", LOOPBACK)
def test_a_change_to_loopback_is_not_called(hook, second_hook, forbidden_addresses, host):
    """A receiver's URL is changed to the canary and, if that is accepted, events are triggered; it is never called."""
    outcome = forbidden_addresses.move(hook, second_hook, host)

    assert outcome.reply == refused or outcome.calls == []


@requirement("WHR-UPDATE-REVALIDATES")
@variants("host", FORBIDDEN_AT_CREATION)
def test_a_change_to_what_creation_refuses_is_refused(hook, forbidden_addresses, host):
    """An address is refused at registration; a change of a receiver's URL to it is refused too. Nothing is sent."""
    reply = forbidden_addresses.move_foreign(hook, host)

    assert reply == refused


@requirement("WHR-UPDATE-REVALIDATES")
def test_later_events_are_delivered_to_the_new_url(hook, registrations, deliveries, subscriber):
    """A receiver that got a delivery changes its URL; the next event is delivered to the new one, not to the old."""
    deliveries.of_new_event(hook)
    moved = registrations.move_to_new_endpoint(hook)
    occurrence = subscriber.trigger(moved)

    assert deliveries.received(moved, occurrence) != []
    assert [delivery for delivery in hook.endpoint.received if occurrence.in_delivery(delivery)] == []


@requirement("WHR-UPDATE-REVALIDATES")
def test_later_events_are_those_of_the_new_list(hook, second_hook, other_events, registrations, subscriber, deliveries):
    """A receiver that got a delivery is changed to another event; it is told of that one, and no more of the first."""
    deliveries.of_new_event(hook)
    registrations.require_change(hook, registrations.subscription.events, [other_events[0].name])
    former = subscriber.trigger(hook)
    deliveries.wait_for(second_hook, former)
    chosen = subscriber.trigger(hook, other_events[0])

    assert deliveries.received(hook, chosen)
    assert not [delivery for delivery in hook.endpoint.received if former.in_delivery(delivery)]


@requirement("WHR-UPDATE-REVALIDATES")
def test_a_receiver_is_told_again_after_each_pause(hook, registrations, subscriber, deliveries):
    """A receiver is disabled and enabled, and once more; each time the next event is delivered to it."""
    told = []
    registrations.pause(hook)
    told += deliveries.received(hook, subscriber.trigger(hook))
    registrations.pause(hook)
    told += deliveries.received(hook, subscriber.trigger(hook))

    assert len(told) == 2


@requirement("WHR-DISABLE-DELETE-STOPS")
@variants("ending", ENDINGS)
def test_later_events_are_not_delivered(hook, second_hook, registrations, deliveries, subscriber, ending):
    """A receiver is disabled, or deleted, and an event triggered; it is delivered to another one, and not to this."""
    deliveries.of_new_event(hook)
    registrations.end(hook, ending)
    occurrence = subscriber.trigger(hook)
    deliveries.wait_for(second_hook, occurrence)
    deliveries.before_fence(second_hook)

    assert [delivery for delivery in hook.endpoint.received if occurrence.in_delivery(delivery)] == []


@requirement("WHR-DISABLE-DELETE-STOPS")
def test_what_a_colleague_deletes_is_not_called(
    hook, second_hook, hook_in_other_hands, registrations, deliveries, subscriber
):
    """A receiver is deleted by a colleague of its maker; the next event is delivered to another one, and not to it."""
    registrations.delete(hook_in_other_hands)
    occurrence = subscriber.trigger(second_hook)
    deliveries.wait_for(second_hook, occurrence)
    deliveries.before_fence(second_hook)

    assert [delivery for delivery in hook.endpoint.received if occurrence.in_delivery(delivery)] == []


@requirement("WHR-DISABLE-DELETE-STOPS")
def test_what_begins_disabled_is_not_called(resting_hook, second_hook, deliveries, subscriber):
    """A receiver is registered as disabled, and an event triggered; it is delivered to another one, and not to this."""
    occurrence = subscriber.trigger(second_hook)
    deliveries.wait_for(second_hook, occurrence)
    deliveries.before_fence(second_hook)

    assert resting_hook.endpoint.received == []


@requirement("WHR-DISABLE-DELETE-STOPS")
@variants("ending", ENDINGS)
def test_pending_retries_stop(hook_answering, registrations, deliveries, subscriber, ending):
    """A receiver that fails is disabled, or deleted; while another one fails twice more, it is not called again."""
    ended, other = hook_answering(500), hook_answering(500)
    occurrence = subscriber.trigger(ended)
    deliveries.wait_for(ended, occurrence)
    registrations.end(ended, ending)
    settled = deliveries.settled_attempts(ended, occurrence)
    deliveries.require_attempts(other, occurrence, 3)

    assert len(deliveries.received(ended, occurrence)) == settled


@requirement("WHR-PING")
def test_a_ping_is_a_signed_delivery(last_event_hook, registrations, deliveries, signatures):
    """A receiver of the one event that is declared last is pinged; the declared message arrives and verifies."""
    ping = registrations.ping(last_event_hook)
    found = deliveries.received(last_event_hook, ping)

    assert [signatures.verifies(last_event_hook, sent) for sent in found] == [True]


@requirement("WHR-PING")
def test_a_ping_goes_to_no_other_receiver(hook, second_hook, registrations, deliveries):
    """One of two receivers is pinged; before the fence, the other one gets nothing of it."""
    ping = registrations.ping(hook)
    deliveries.wait_for(hook, ping)
    received = deliveries.before_fence(second_hook)

    assert [delivery for delivery in received if ping.in_delivery(delivery)] == []


@requirement("WHR-ROTATE-SECRET")
def test_every_rotation_makes_a_new_secret(hook, second_hook, registrations):
    """A secret is rotated twice; with that of another receiver there are four different ones."""
    once = registrations.rotate_secret(hook)
    twice = registrations.rotate_secret(once)

    assert len({hook.secret, second_hook.secret, once.secret, twice.secret}) == 4


@requirement("WHR-ROTATE-SECRET")
def test_a_rotation_leaves_others_alone(hook, second_hook, registrations, deliveries, shared_secret_signatures):
    """A secret is rotated; a delivery to another receiver bears one signature, made with its own secret."""
    registrations.rotate_secret(hook)
    delivery = deliveries.of_new_event(second_hook)

    assert shared_secret_signatures.verifies(second_hook, delivery)
    assert len(shared_secret_signatures.entries(delivery)) == 1


@requirement("WHR-ROTATE-SECRET")
@given("asymmetric_signatures")
def test_a_rotation_leaves_the_key_pair_alone(hook, registrations):
    """A secret is rotated; the public key of the receiver is the same, and the answer shows that one too."""
    rotated = registrations.rotate_secret(hook)

    assert registrations.public_keys(rotated) == {hook.public_key}


@requirement("WHR-QUOTA")
def test_no_more_receivers_than_declared(receiver_quota, refusal_when_full):
    """As many receivers as there may be are registered, every other one disabled; the others are told of an event.

    Further ones are refused.

    Who begins with none may have them all. Nobody else of the tenant may have a further one, somebody of another may.
    """
    assert receiver_quota.within == each(success)
    assert receiver_quota.untold == 0
    assert receiver_quota.beyond == each(refusal_when_full)
