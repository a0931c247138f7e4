"""What may be registered, and what becomes of it."""

from ipaddress import IPv4Address

from conformance.judgement.expectations import refused, success
from conformance.marks import requirement, variants

FORMS = {
    "ftp": "ftp://{receiver}/in",
    "file": "file:///etc/hostname",
    "gopher": "gopher://{receiver}/in",
    "javascript": "javascript:alert(1)",
    "data": "data:application/json,{}",
    "relative": "/in",
    "without-scheme": "//{receiver}/in",
    "without-host": "http:///in",
    "empty-host": "http://:8080/in",
    "user-information": "http://user:password@{receiver}/in",
    "impossible-port": "http://127.0.0.1:99999/in",
    "space": "http://{receiver}/in here",
}

LOOPBACK = {"address": "127.0.0.1", "name": "localhost", "unspecified": str(IPv4Address(0))}

EVENTS = {
    "unknown": ["conformance.unknown"],
    "none": [],
    "text": "conformance.unknown",
    "number": [7],
}

ENDS = {"disabling": "disabling", "deleting": "deleting"}


@requirement("WHR-CREATE")
def test_a_registration_is_accepted(alice, subscriber, receiver):
    """A receiver of the suite is registered for every event; that succeeds as declared."""
    reply = alice.send(subscriber.request(url=receiver.open("/in?source=platform").url))

    assert reply == success


@requirement("WHR-CREATE")
def test_a_registration_is_kept_as_sent(sole_hook, event, registrations):
    """A receiver is registered for one event; what can be read afterwards is its very URL and this one event."""
    subscription = registrations.subscription

    assert registrations.seen(sole_hook, subscription.url) == sole_hook.endpoint.url
    assert registrations.seen(sole_hook, subscription.events) == [event.name]


@requirement("WHR-SECRET-SHOWN-ONCE")
def test_the_secret_is_not_shown_again(hook, shown_secret, registrations):
    """A registered receiver is read, listed, pinged and changed; no reply contains its secret."""
    replies = registrations.looks(hook)

    assert not [reply for reply in replies if shown_secret in reply.whole]


@requirement("WHR-URL-FORM")
@variants("url", FORMS)
def test_a_url_that_cannot_be_called_is_refused(hook, unfit_url, subscriber):
    """A proper receiver is accepted; a registration with a URL of another form is refused."""
    reply = hook.account.send(subscriber.request(url=unfit_url))

    assert reply == refused


@requirement("WHR-EVENT-TYPES-CHECKED")
@variants("events", EVENTS)
def test_undeclared_events_are_refused(hook, unfit_events, subscriber):
    """A proper receiver is accepted; a registration for events that the schema does not permit is refused."""
    reply = hook.account.send(subscriber.request(url=hook.endpoint.url, events=unfit_events))

    assert reply == refused


@requirement("WHR-UPDATE-REVALIDATES")
@variants("url", FORMS)
def test_a_change_to_a_url_that_cannot_be_called_is_refused(hook, unfit_url, registrations):
    """A registered receiver is moved to a URL of another form; that is refused, and the URL stays."""
    reply = registrations.move(hook, unfit_url)

    assert reply == refused
    assert registrations.seen(hook, registrations.subscription.url) == hook.endpoint.url


@requirement("WHR-UPDATE-REVALIDATES")
@variants("host", LOOPBACK)
def test_a_change_to_loopback_is_not_called(hook, sibling, baits, host):
    """A registered receiver is moved to the canary and, if that is accepted, events are caused; it is never called."""
    met = baits.moved(hook, sibling, host)

    assert met.reply == refused or met.calls == []


@requirement("WHR-UPDATE-REVALIDATES")
def test_later_events_are_told_at_the_new_url(hook, registrations, deliveries, subscriber):
    """A receiver that was told of an event is moved; the next event is told at the new URL, and not at the old one."""
    deliveries.first(hook)
    moved = registrations.moved(hook)
    occurrence = subscriber.happen(moved)

    assert deliveries.arrived(moved, occurrence)
    assert not [delivery for delivery in hook.endpoint.received if occurrence.in_delivery(delivery)]


@requirement("WHR-DISABLE-DELETE-STOPS")
@variants("way", ENDS)
def test_later_events_are_not_told(hook, sibling, registrations, deliveries, subscriber, way):
    """A receiver is disabled, or deleted, and an event caused; another one is told of it, and this one is not."""
    deliveries.first(hook)
    registrations.end(hook, way)
    occurrence = subscriber.happen(hook)
    deliveries.of(sibling, occurrence)
    deliveries.before_fence(sibling)

    assert not [delivery for delivery in hook.endpoint.received if occurrence.in_delivery(delivery)]


@requirement("WHR-DISABLE-DELETE-STOPS")
@variants("way", ENDS)
def test_pending_retries_stop(answering, registrations, deliveries, subscriber, way):
    """A receiver that fails is disabled, or deleted; while another one fails twice more, it is not called again."""
    ended, other = answering(500), answering(500)
    occurrence = subscriber.happen(ended)
    deliveries.of(ended, occurrence)
    registrations.end(ended, way)
    settled = deliveries.settled(ended, occurrence)
    deliveries.insist(other, occurrence, 3)

    assert len(deliveries.arrived(ended, occurrence)) == settled


@requirement("WHR-PING")
def test_a_ping_is_a_signed_delivery(sole_hook, registrations, deliveries, signatures):
    """A receiver of one event is pinged; the declared message arrives and verifies."""
    ping = registrations.ping(sole_hook)
    found = deliveries.arrived(sole_hook, ping)

    assert [signatures.verifies(sole_hook, sent) for sent in found] == [True]


@requirement("WHR-PING")
def test_a_ping_goes_to_no_other_receiver(hook, sibling, registrations, deliveries):
    """One of two receivers is pinged; before a last event the other one heard nothing of it."""
    ping = registrations.ping(hook)
    deliveries.of(hook, ping)
    told = deliveries.before_fence(sibling)

    assert not [delivery for delivery in told if ping.in_delivery(delivery)]


@requirement("WHR-ROTATE-SECRET")
def test_every_rotation_makes_a_new_secret(hook, sibling, registrations):
    """A secret is rotated twice; with that of another receiver there are four different ones."""
    once = registrations.rotated(hook)
    twice = registrations.rotated(once)

    assert len({hook.secret, sibling.secret, once.secret, twice.secret}) == 4


@requirement("WHR-ROTATE-SECRET")
def test_a_rotation_leaves_others_alone(hook, sibling, registrations, deliveries, shared_signatures):
    """A secret is rotated; a delivery to another receiver bears one signature, made with its own secret."""
    registrations.rotated(hook)
    delivery = deliveries.first(sibling)

    assert shared_signatures.verifies(sibling, delivery)
    assert len(shared_signatures.entries(delivery)) == 1


@requirement("WHR-QUOTA")
def test_no_more_receivers_than_declared(registered_to_the_maximum):
    """As many receivers as there may be are registered, and one more; the first is accepted and the last refused."""
    first, *_, last = registered_to_the_maximum

    assert first == success
    assert last == refused
