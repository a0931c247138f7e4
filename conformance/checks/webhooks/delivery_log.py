"""The delivery log, and the redelivery of its entries."""

from conformance.judgement.expectations import refusal, success
from conformance.marks import for_each_event, for_each_script, given, requirement
from conformance.servers.receiver_scripts import every_script

LONGER_THAN_A_SECOND = 1.1


@requirement("WHD-LOG-ACCURATE")
@for_each_script(every_script)
def test_the_log_agrees_with_the_receiver(logged_delivery, script, delivery_log, policy):
    """A receiver follows the script; the log then shows each attempt with its answer, and how the delivery ended."""
    entry, requests = logged_delivery

    assert len(entry.attempts) == len(requests)
    assert script.agrees_with(entry.statuses)
    assert delivery_log.inconsistent_attempts(entry) == []
    assert delivery_log.outcome_of(entry) == script.logged_state(policy)


@requirement("WHD-LOG-ACCURATE")
def test_every_failed_attempt_is_shown(exhausted_delivery, delivery_log):
    """A receiver fails in every attempt of the schedule; the log shows all of them, and that the delivery failed."""
    hook, _, entry = exhausted_delivery

    assert entry.statuses == [500] * len(hook.endpoint.received)
    assert delivery_log.outcome_of(entry) == "failed"


@requirement("WHD-LOG-ACCURATE")
def test_each_delivery_has_its_own_attempts(attempts_at_two_deliveries):
    """A delivery is accepted at the second attempt, and the next one at the first; the log shows two, and one."""
    assert attempts_at_two_deliveries == [2, 1]


@requirement("WHD-LOG-ACCURATE")
def test_every_attempt_has_its_own_time(hook, deliveries, delivery_log, signatures_with_id):
    """Attempts fail for more than a second; the times that the log shows of them grow."""
    attempts = deliveries.attempts_until_accepted(hook, deliveries.attempt_after(LONGER_THAN_A_SECOND))
    entry = delivery_log.entry_with_attempts(hook, signatures_with_id.id(attempts[0]), len(attempts))

    times = delivery_log.attempt_times(entry)

    assert times == sorted(times)
    assert times[0] < times[-1]


@requirement("WHD-REDELIVER")
@for_each_event()
def test_an_accepted_delivery_is_sent_again(accepted_delivery, delivery_log, deliveries, signatures_with_id):
    """Redelivery of an accepted delivery of the event is requested; it arrives once more, with its id and body."""
    hook, occurrence, entry = accepted_delivery
    reply = delivery_log.redeliver(hook, entry)
    first, *further = deliveries.wait_for_repeats(hook, occurrence.in_delivery, 2)

    assert reply == success
    assert [signatures_with_id.id(again) for again in further] == [signatures_with_id.id(first)]
    assert [again.body for again in further] == [first.body]


@requirement("WHD-REDELIVER")
def test_a_redelivery_has_the_body_of_its_time(hook, subscriber, deliveries, delivery_log, signatures_with_id):
    """An object is changed twice; the delivery of the first change is requested again, and has the same body."""
    first, _ = [deliveries.wait_for(hook, change) for change in subscriber.trigger_changes(hook, 2)]
    delivery_log.redeliver(hook, delivery_log.completed_entry(hook, signatures_with_id.id(first)))
    calls = deliveries.wait_for_repeats(hook, lambda call: signatures_with_id.same_id(call, first), 2)

    assert [call.body for call in calls] == [first.body] * 2


@requirement("WHD-REDELIVER")
def test_an_exhausted_delivery_is_sent_again(reenabled_delivery, delivery_log, deliveries, signatures_with_id):
    """Redelivery of a delivery whose attempts all failed is requested; it arrives with the same id and body."""
    hook, occurrence, entry = reenabled_delivery
    before = len(entry.attempts)
    reply = delivery_log.redeliver(hook, entry)
    calls = deliveries.wait_for_repeats(hook, occurrence.in_delivery, before + 1)

    assert reply == success
    assert len(calls) == before + 1
    assert len({(signatures_with_id.id(call), call.body) for call in calls}) == 1


@requirement("WHD-REDELIVER")
@given("normative")
def test_a_redelivery_has_the_whole_schedule(reenabled_delivery, delivery_log, deliveries):
    """A delivery whose attempts all failed is sent again, and fails twice more; it is tried a third time."""
    hook, occurrence, entry = reenabled_delivery
    before = len(entry.attempts)
    hook.endpoint.answer(500, 500)
    delivery_log.redeliver(hook, entry)
    calls = hook.endpoint.wait(occurrence.in_delivery, within=deliveries.redelivery_bound, count=before + 3)

    assert len(calls) == before + 3


@requirement("WHD-REDELIVER")
def test_a_redelivery_that_fails_is_tried_again(accepted_delivery, delivery_log, deliveries):
    """Redelivery of an accepted delivery is requested, and fails once; it is tried again by the declared schedule."""
    hook, occurrence, entry = accepted_delivery
    deliveries.attempt_bound(2)
    hook.endpoint.answer(500)
    delivery_log.redeliver(hook, entry)

    assert len(hook.endpoint.wait(occurrence.in_delivery, within=deliveries.redelivery_bound, count=3)) == 3


@requirement("WHD-REDELIVER")
def test_a_redelivery_is_in_the_log(accepted_delivery, delivery_log, deliveries):
    """Redelivery of an accepted delivery is requested; the log shows two attempts, each with its answer."""
    hook, occurrence, entry = accepted_delivery
    delivery_log.redeliver(hook, entry)
    deliveries.wait_for_repeats(hook, occurrence.in_delivery, 2)

    assert delivery_log.entry_after_redelivery(hook, entry).statuses == [204, 204]


@requirement("WHD-REDELIVER")
def test_redelivery_of_an_unknown_delivery_is_refused(accepted_delivery, delivery_log):
    """Redelivery is requested of a delivery, and of one that does not exist; the second is refused."""
    hook, _, entry = accepted_delivery
    control, reply = delivery_log.redeliver(hook, entry), delivery_log.redeliver_unknown(hook, entry)

    assert control == success
    assert reply == refusal(delivery_log.redelivery_operation, 404)


@requirement("WHS-REDELIVERY-CURRENT-KEY")
def test_a_redelivery_is_signed_with_the_current_secret(
    accepted_delivery, fully_rotated_hook, delivery_log, deliveries, timestamped_signatures
):
    """A secret is rotated and retired; a redelivery verifies with the new one alone, and has a later timestamp."""
    hook, occurrence, entry = accepted_delivery
    delivery_log.redeliver(hook, entry)
    calls = deliveries.wait_for_repeats(hook, occurrence.in_delivery, 2)
    times = [timestamped_signatures.timestamp(call) for call in calls]

    assert [timestamped_signatures.verifies(fully_rotated_hook, call) for call in calls] == [False, True]
    assert [timestamped_signatures.verifies(hook, call) for call in calls] == [True, False]
    assert times[0] < times[-1]


@requirement("WHR-NO-RESPONSE-DISCLOSURE")
def test_the_end_of_a_large_answer_is_not_shown(large_answer, delivery_log, message_id_of, subscriber):
    """A receiver answers with a mebibyte; the log holds neither its end nor a header field of the answer."""
    hook, texts = large_answer
    entry = delivery_log.entry_with_attempts(hook, message_id_of(hook, subscriber.trigger(hook)), 1)

    assert entry.attempts != []
    assert [text for text in texts if text in entry.text] == []


@requirement("WHR-NO-RESPONSE-DISCLOSURE")
def test_open_and_closed_ports_are_answered_alike(hook, port_probe_differences):
    """The canary's forbidden address and two closed ports are registered; all are answered alike."""
    differences = port_probe_differences(hook)

    assert differences == {}
