"""Receivers that ask for a pause, that are gone, or that fail in every attempt."""

from conformance.marks import for_each_script, given, requirement, variants
from conformance.servers.receiver_scripts import asking_for_pause
from conformance.servers.webhook_receiver import Answer

ONE_DAY = (("Retry-After", "86400"),)
CAUSES = {"gone": "gone", "exhausted": "exhausted"}


@requirement("WHD-RETRY-AFTER-HONOURED")
@for_each_script(asking_for_pause)
def test_retry_after_postpones_the_next_attempt(scripted_hook, requested_pause, subscriber, deliveries):
    """A receiver asks for a pause longer than the retry delay; the next attempt comes, and not before its end."""
    occurrence = subscriber.trigger(scripted_hook)
    attempts = deliveries.attempts(scripted_hook, occurrence, 2, after=requested_pause)

    assert len(attempts) > 1
    assert deliveries.spaced_by(attempts, requested_pause)


@requirement("WHD-RETRY-AFTER-HONOURED")
@variants("status", {"429": 429, "503": 503})
def test_retry_after_is_capped(hook, short_retry_after_limit, subscriber, deliveries, status):
    """A receiver asks for a pause of a day; the next attempt comes when the declared limit has passed."""
    hook.endpoint.answers = [Answer(status=status, headers=ONE_DAY)]
    occurrence = subscriber.trigger(hook)
    attempts = deliveries.attempts(hook, occurrence, 2, after=short_retry_after_limit)

    assert len(attempts) > 1
    assert deliveries.spaced_by(attempts, short_retry_after_limit)


@requirement("WHD-410-DISABLES")
def test_a_receiver_that_is_gone_is_not_called_again(
    disabled_hook, second_hook, hook_answering, subscriber, deliveries
):
    """A receiver answers 410 and is disabled; while another one fails three times, it is not called again."""
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


@requirement("WHD-410-DISABLES")
def test_a_receiver_that_is_gone_at_a_retry_is_disabled_too(failed_hook, is_disabled):
    """A receiver answers 500, and 410 to the next attempt; its owner sees it disabled, and no further call comes."""
    gone = failed_hook("gone at a retry")

    assert is_disabled(gone)
    assert len(gone.endpoint.received) == 2


@requirement("WHD-410-DISABLES")
def test_a_receiver_that_is_gone_at_a_ping_is_disabled_too(failed_hook, is_disabled):
    """A receiver answers 410 to a ping; its owner sees it disabled."""
    gone = failed_hook("gone at a ping")

    assert is_disabled(gone)


@requirement("WHD-EXHAUSTED-DISABLES")
def test_a_receiver_that_always_fails_is_disabled(failed_hook, is_disabled):
    """A receiver fails in every attempt of the schedule; its owner sees it disabled."""
    exhausted = failed_hook("exhausted")

    assert is_disabled(exhausted)


@requirement("WHD-EXHAUSTED-DISABLES")
def test_a_receiver_that_always_failed_gets_no_more_deliveries(disabled_hook, second_hook, subscriber, deliveries):
    """A receiver that failed in every attempt is disabled; the next event is delivered to another one, not to it."""
    exhausted = disabled_hook("exhausted")
    occurrence = subscriber.trigger(exhausted)
    deliveries.wait_for(second_hook, occurrence)
    deliveries.before_fence(second_hook)

    assert [delivery for delivery in exhausted.endpoint.received if occurrence.in_delivery(delivery)] == []


@requirement("WHD-DISABLED-SHOWS-WHY")
@variants("cause", CAUSES)
def test_the_reason_for_disabling_is_shown(disabled_hook, second_hook, disabled_reason, cause):
    """A receiver is disabled by the target; it shows a reason, and an enabled receiver shows none."""
    hook = disabled_hook(cause)

    assert disabled_reason(hook)
    assert not disabled_reason(second_hook)


@requirement("WHD-DISABLED-SHOWS-WHY")
@variants("cause", CAUSES)
def test_the_reason_disappears_when_the_receiver_is_enabled(disabled_hook, registrations, disabled_reason, cause):
    """A receiver that the target has disabled is enabled by its owner; it shows no reason any more."""
    hook = disabled_hook(cause)
    registrations.enable(hook)

    assert not disabled_reason(hook)


@requirement("WHD-ENABLED-AGAIN")
@variants("cause", CAUSES)
def test_a_receiver_that_is_enabled_again_gets_deliveries(disabled_hook, registrations, subscriber, deliveries, cause):
    """A receiver that the target has disabled is enabled by its owner; the next event is delivered to it."""
    hook = disabled_hook(cause)
    registrations.enable(hook)
    occurrence = subscriber.trigger(hook)

    assert deliveries.received(hook, occurrence) != []


@requirement("WHD-ENABLED-AGAIN")
@variants("cause", CAUSES)
def test_a_receiver_that_is_enabled_again_may_fail_again(disabled_hook, registrations, subscriber, deliveries, cause):
    """A receiver that the target has disabled is enabled, and fails once; the event is tried again."""
    hook = disabled_hook(cause)
    registrations.enable(hook)
    hook.endpoint.answer(500)
    attempts = deliveries.attempts(hook, subscriber.trigger(hook), 2)

    assert len(attempts) == 2


@requirement("WHD-RETRY-FOLLOWS")
@given("retries_follow")
def test_a_waiting_retry_goes_to_the_new_url(hook_answering, registrations, deliveries, subscriber):
    """A first attempt fails, and the receiver's URL is changed; the event arrives at the new one."""
    failing = hook_answering(500)
    occurrence = subscriber.trigger(failing)
    deliveries.wait_for(failing, occurrence)
    moved = registrations.move_to_new_endpoint(failing)

    assert deliveries.retried(moved, occurrence)


@requirement("WHD-PAUSE-DROPS")
@given("pauses_drop")
def test_what_happens_in_a_pause_is_not_sent_later(hook, second_hook, registrations, deliveries, subscriber):
    """A receiver is disabled while an event is told to another one, and enabled; before the fence it is not told."""
    registrations.disable(hook)
    occurrence = subscriber.trigger(second_hook)
    deliveries.wait_for(second_hook, occurrence)
    registrations.enable(hook)
    received = deliveries.before_fence(hook)

    assert not [delivery for delivery in received if occurrence.in_delivery(delivery)]


@requirement("WHD-PAUSE-DROPS")
@given("pauses_drop")
def test_what_waited_in_a_pause_is_not_tried_again(paused_hook, hook_answering, deliveries, subscriber):
    """A receiver that failed is disabled and enabled; while another one fails three times, it is not called again."""
    paused, occurrence, settled = paused_hook
    other = hook_answering(500)
    deliveries.require_attempts(other, subscriber.trigger(other), 3)

    assert len(deliveries.received(paused, occurrence)) == settled
