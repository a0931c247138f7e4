"""What a server tells of its deliveries, and what it sends again."""

from conformance.judgement.expectations import refusal, success
from conformance.marks import for_each_script, requirement
from conformance.servers.receiver_scripts import every_script

LONGER_THAN_A_SECOND = 1.1


@requirement("WHD-LOG-ACCURATE")
@for_each_script(every_script)
def test_the_log_agrees_with_the_receiver(logged_delivery, script, delivery_log, policy):
    """A receiver plays the script; when all is over, the log shows each call with its answer, and how it ended."""
    entry, calls = logged_delivery

    assert len(entry.attempts) == len(calls)
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
def test_every_attempt_has_its_own_time(hook, deliveries, delivery_log, signatures_with_id):
    """Attempts fail for more than a second; the times that the log shows of them grow."""
    attempts = deliveries.attempts_until_accepted(hook, deliveries.attempt_after(LONGER_THAN_A_SECOND))
    entry = delivery_log.entry_with_attempts(hook, signatures_with_id.id(attempts[0]), len(attempts))

    times = delivery_log.attempt_times(entry)

    assert times == sorted(times)
    assert times[0] < times[-1]


@requirement("WHD-REDELIVER")
def test_what_was_delivered_is_sent_again(accepted_delivery, delivery_log, deliveries, signatures_with_id):
    """A delivery that was accepted is asked for again; it comes once more, with the same id and body."""
    hook, occurrence, entry = accepted_delivery
    reply = delivery_log.redeliver(hook, entry)
    first, *further = deliveries.wait_for_repeats(hook, occurrence.in_delivery, 2)

    assert reply == success
    assert [signatures_with_id.id(again) for again in further] == [signatures_with_id.id(first)]
    assert [again.body for again in further] == [first.body]


@requirement("WHD-REDELIVER")
def test_what_has_changed_since_is_sent_as_it_was(hook, subscriber, deliveries, delivery_log, signatures_with_id):
    """A thing is changed twice; the delivery of the first change is asked for again, and comes as it was."""
    first, _ = [deliveries.wait_for(hook, change) for change in subscriber.trigger_changes(hook, 2)]
    delivery_log.redeliver(hook, delivery_log.completed_entry(hook, signatures_with_id.id(first)))
    calls = deliveries.wait_for_repeats(hook, lambda call: signatures_with_id.same_id(call, first), 2)

    assert [call.body for call in calls] == [first.body] * 2


@requirement("WHD-REDELIVER")
def test_what_was_given_up_is_sent_again(reenabled_delivery, delivery_log, deliveries, signatures_with_id):
    """A delivery that failed in every attempt is asked for again, of an enabled receiver; it comes as it was."""
    hook, occurrence, entry = reenabled_delivery
    before = len(entry.attempts)
    reply = delivery_log.redeliver(hook, entry)
    calls = deliveries.wait_for_repeats(hook, occurrence.in_delivery, before + 1)

    assert reply == success
    assert len(calls) == before + 1
    assert len({(signatures_with_id.id(call), call.body) for call in calls}) == 1


@requirement("WHD-REDELIVER")
def test_a_redelivery_is_in_the_log(accepted_delivery, delivery_log, deliveries):
    """A delivery that was accepted is asked for again; the log shows two attempts, each with what was answered."""
    hook, occurrence, entry = accepted_delivery
    delivery_log.redeliver(hook, entry)
    deliveries.wait_for_repeats(hook, occurrence.in_delivery, 2)

    assert delivery_log.entry_after_redelivery(hook, entry).statuses == [204, 204]


@requirement("WHD-REDELIVER")
def test_what_never_was_is_not_sent_again(accepted_delivery, delivery_log):
    """A delivery is asked for again, and so is one that there never was; the second is refused."""
    hook, _, entry = accepted_delivery
    control, reply = delivery_log.redeliver(hook, entry), delivery_log.redeliver_unknown(hook, entry)

    assert control == success
    assert reply == refusal(delivery_log.redelivery_operation, 404)


@requirement("WHS-REDELIVERY-CURRENT-KEY")
def test_a_redelivery_is_signed_with_the_secret_of_today(
    accepted_delivery, fully_rotated_hook, delivery_log, deliveries, timestamped_signatures
):
    """A secret is rotated, the former one retired; what is sent again verifies with the new one alone, and is newer."""
    hook, occurrence, entry = accepted_delivery
    delivery_log.redeliver(hook, entry)
    calls = deliveries.wait_for_repeats(hook, occurrence.in_delivery, 2)
    times = [timestamped_signatures.timestamp(call) for call in calls]

    assert [timestamped_signatures.verifies(fully_rotated_hook, call) for call in calls] == [False, True]
    assert [timestamped_signatures.verifies(hook, call) for call in calls] == [True, False]
    assert times[0] < times[-1]


@requirement("WHR-NO-RESPONSE-DISCLOSURE")
def test_the_end_of_a_large_answer_is_not_shown(large_answer, delivery_log, message_id_of, subscriber):
    """A receiver answers with a mebibyte; neither its end nor a header field of its own is in the log."""
    hook, marks = large_answer
    entry = delivery_log.entry_with_attempts(hook, message_id_of(hook, subscriber.trigger(hook)), 1)

    assert entry.attempts
    assert not [mark for mark in marks if mark in entry.text]


@requirement("WHR-NO-RESPONSE-DISCLOSURE")
def test_what_there_is_at_a_forbidden_address_is_not_told(hook, port_probe_differences):
    """The canary's forbidden address is registered, and so are two where nothing listens; all are answered alike."""
    differing = port_probe_differences(hook)

    assert differing == {}
