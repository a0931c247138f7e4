"""Receivers that ask for a pause, that are gone, or that never answer."""

from conformance.marks import for_each_script, requirement, variants
from conformance.servers.receiver_scripts import busy
from conformance.servers.webhook_receiver import Answer

FAR = (("Retry-After", "86400"),)
WAYS = {"gone": "gone", "exhausted": "exhausted"}


@requirement("WHD-RETRY-AFTER-HONOURED")
@for_each_script(busy)
def test_a_busy_receiver_is_left_alone(played, pause_asked_for, subscriber, deliveries):
    """A receiver asks for a pause longer than the schedule's; the next attempt comes, and not before its end."""
    occurrence = subscriber.happen(played)
    attempts = deliveries.attempts(played, occurrence, 2, after=pause_asked_for)

    assert len(attempts) > 1
    assert deliveries.apart(attempts, pause_asked_for)


@requirement("WHD-RETRY-AFTER-HONOURED")
@variants("status", {"429": 429, "503": 503})
def test_nobody_is_left_alone_for_ever(hook, put_off, subscriber, deliveries, status):
    """A receiver asks for a pause of a day; the next attempt comes when the declared cap is over."""
    hook.endpoint.answers = [Answer(status=status, headers=FAR)]
    occurrence = subscriber.happen(hook)

    assert len(deliveries.attempts(hook, occurrence, 2, after=put_off)) > 1


@requirement("WHD-410-DISABLES")
def test_a_receiver_that_is_gone_is_not_called_again(shut_down, sibling, answering, subscriber, deliveries):
    """A receiver answers 410 and is disabled; while another one fails three times, nothing comes to it any more."""
    gone, failing = shut_down("gone"), answering(500)
    occurrence = subscriber.happen(failing)
    deliveries.of(sibling, occurrence)
    deliveries.insist(failing, occurrence, 3)

    assert len(gone.endpoint.received) == 1


@requirement("WHD-410-DISABLES")
def test_a_receiver_that_is_gone_is_disabled(stopped, is_disabled):
    """A receiver answers 410; its owner sees it disabled."""
    gone = stopped("gone")

    assert is_disabled(gone)


@requirement("WHD-EXHAUSTED-DISABLES")
def test_a_receiver_that_always_fails_is_disabled(stopped, is_disabled):
    """A receiver fails in every attempt of the schedule; its owner sees it disabled."""
    exhausted = stopped("exhausted")

    assert is_disabled(exhausted)


@requirement("WHD-EXHAUSTED-DISABLES")
def test_a_receiver_that_always_failed_is_told_no_more(shut_down, sibling, subscriber, deliveries):
    """A receiver that failed in every attempt is disabled; of the next event another one is told, and it is not."""
    exhausted = shut_down("exhausted")
    occurrence = subscriber.happen(exhausted)
    deliveries.of(sibling, occurrence)
    deliveries.before_fence(sibling)

    assert not [delivery for delivery in exhausted.endpoint.received if occurrence.in_delivery(delivery)]


@requirement("WHD-DISABLED-SHOWS-WHY")
@variants("way", WAYS)
def test_the_reason_is_shown(shut_down, sibling, reason, way):
    """A receiver is disabled by the server; it shows a reason, and a receiver that is well shows none."""
    hook = shut_down(way)

    assert reason(hook)
    assert not reason(sibling)


@requirement("WHD-DISABLED-SHOWS-WHY")
@variants("way", WAYS)
def test_the_reason_is_not_shown_for_ever(shut_down, registrations, reason, way):
    """A receiver that the server has disabled is enabled by its owner; it shows no reason any more."""
    hook = shut_down(way)
    registrations.enable(hook)

    assert not reason(hook)


@requirement("WHD-ENABLED-AGAIN")
@variants("way", WAYS)
def test_a_receiver_that_is_enabled_again_is_told(shut_down, registrations, subscriber, deliveries, way):
    """A receiver that the server has disabled is enabled by its owner; the next event is told to it."""
    hook = shut_down(way)
    registrations.enable(hook)
    occurrence = subscriber.happen(hook)

    assert deliveries.arrived(hook, occurrence)
