"""Receivers that ask for a pause, that are gone, or that never answer."""

from conformance.marks import for_each_script, requirement, variants
from conformance.servers.receiver_scripts import asking_for_pause
from conformance.servers.webhook_receiver import Answer

FAR = (("Retry-After", "86400"),)
WAYS = {"gone": "gone", "exhausted": "exhausted"}


@requirement("WHD-RETRY-AFTER-HONOURED")
@for_each_script(asking_for_pause)
def test_a_busy_receiver_is_left_alone(scripted_hook, requested_pause, subscriber, deliveries):
    """A receiver asks for a pause longer than the schedule's; the next attempt comes, and not before its end."""
    occurrence = subscriber.trigger(scripted_hook)
    attempts = deliveries.attempts(scripted_hook, occurrence, 2, after=requested_pause)

    assert len(attempts) > 1
    assert deliveries.spaced_by(attempts, requested_pause)


@requirement("WHD-RETRY-AFTER-HONOURED")
@variants("status", {"429": 429, "503": 503})
def test_nobody_is_left_alone_for_ever(hook, short_retry_after_limit, subscriber, deliveries, status):
    """A receiver asks for a pause of a day; the next attempt comes when the declared cap is over."""
    hook.endpoint.answers = [Answer(status=status, headers=FAR)]
    occurrence = subscriber.trigger(hook)

    assert len(deliveries.attempts(hook, occurrence, 2, after=short_retry_after_limit)) > 1


@requirement("WHD-410-DISABLES")
def test_a_receiver_that_is_gone_is_not_called_again(
    disabled_hook, second_hook, hook_answering, subscriber, deliveries
):
    """A receiver answers 410 and is disabled; while another one fails three times, nothing comes to it any more."""
    gone, failing = disabled_hook("gone"), hook_answering(500)
    occurrence = subscriber.trigger(failing)
    deliveries.wait_for(second_hook, occurrence)
    deliveries.require_attempts(failing, occurrence, 3)

    assert len(gone.endpoint.received) == 1


@requirement("WHD-410-DISABLES")
def test_a_receiver_that_is_gone_is_disabled(failed_hook, is_disabled):
    """A receiver answers 410; its owner sees it disabled."""
    gone = failed_hook("gone")

    assert is_disabled(gone)


@requirement("WHD-EXHAUSTED-DISABLES")
def test_a_receiver_that_always_fails_is_disabled(failed_hook, is_disabled):
    """A receiver fails in every attempt of the schedule; its owner sees it disabled."""
    exhausted = failed_hook("exhausted")

    assert is_disabled(exhausted)


@requirement("WHD-EXHAUSTED-DISABLES")
def test_a_receiver_that_always_failed_is_told_no_more(disabled_hook, second_hook, subscriber, deliveries):
    """A receiver that failed in every attempt is disabled; of the next event another one is told, and it is not."""
    exhausted = disabled_hook("exhausted")
    occurrence = subscriber.trigger(exhausted)
    deliveries.wait_for(second_hook, occurrence)
    deliveries.before_fence(second_hook)

    assert not [delivery for delivery in exhausted.endpoint.received if occurrence.in_delivery(delivery)]


@requirement("WHD-DISABLED-SHOWS-WHY")
@variants("way", WAYS)
def test_the_reason_is_shown(disabled_hook, second_hook, disabled_reason, way):
    """A receiver is disabled by the server; it shows a reason, and a receiver that is well shows none."""
    hook = disabled_hook(way)

    assert disabled_reason(hook)
    assert not disabled_reason(second_hook)


@requirement("WHD-DISABLED-SHOWS-WHY")
@variants("way", WAYS)
def test_the_reason_is_not_shown_for_ever(disabled_hook, registrations, disabled_reason, way):
    """A receiver that the server has disabled is enabled by its owner; it shows no reason any more."""
    hook = disabled_hook(way)
    registrations.enable(hook)

    assert not disabled_reason(hook)


@requirement("WHD-ENABLED-AGAIN")
@variants("way", WAYS)
def test_a_receiver_that_is_enabled_again_is_told(disabled_hook, registrations, subscriber, deliveries, way):
    """A receiver that the server has disabled is enabled by its owner; the next event is told to it."""
    hook = disabled_hook(way)
    registrations.enable(hook)
    occurrence = subscriber.trigger(hook)

    assert deliveries.received(hook, occurrence)
