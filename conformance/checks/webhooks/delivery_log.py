"""What a server tells of its deliveries, and what it sends again."""

from conformance.judgement.expectations import refusal, success
from conformance.marks import for_each_script, requirement
from conformance.servers.receiver_scripts import every

LONGER_THAN_A_SECOND = 1.1


@requirement("WHD-LOG-ACCURATE")
@for_each_script(every)
def test_the_log_agrees_with_the_receiver(logged, script, logbook, policy):
    """A receiver plays the script; when all is over, the log shows each call with its answer, and how it ended."""
    entry, calls = logged

    assert len(entry.attempts) == len(calls)
    assert script.agrees(entry.statuses)
    assert logbook.unexplained(entry) == []
    assert logbook.means(entry) == script.state(policy)


@requirement("WHD-LOG-ACCURATE")
def test_every_failed_attempt_is_shown(given_up, logbook):
    """A receiver fails in every attempt of the schedule; the log shows all of them, and that the delivery failed."""
    hook, _, entry = given_up

    assert entry.statuses == [500] * len(hook.endpoint.received)
    assert logbook.means(entry) == "failed"


@requirement("WHD-LOG-ACCURATE")
def test_every_attempt_has_its_own_time(hook, deliveries, logbook, identified_signatures):
    """Attempts fail for more than a second; the times that the log shows of them grow."""
    attempts = deliveries.retried(hook, deliveries.lasting(LONGER_THAN_A_SECOND))
    entry = logbook.about(hook, identified_signatures.id(attempts[0]), len(attempts))

    times = logbook.times(entry)

    assert times == sorted(times)
    assert times[0] < times[-1]


@requirement("WHD-REDELIVER")
def test_what_was_delivered_is_sent_again(accepted, logbook, deliveries, identified_signatures):
    """A delivery that was accepted is asked for again; it comes once more, with the same id and body."""
    hook, occurrence, entry = accepted
    reply = logbook.redelivered(hook, entry)
    first, *further = deliveries.repeated(hook, occurrence.in_delivery, 2)

    assert reply == success
    assert [identified_signatures.id(again) for again in further] == [identified_signatures.id(first)]
    assert [again.body for again in further] == [first.body]


@requirement("WHD-REDELIVER")
def test_what_has_changed_since_is_sent_as_it_was(hook, subscriber, deliveries, logbook, identified_signatures):
    """A thing is changed twice; the delivery of the first change is asked for again, and comes as it was."""
    first, _ = [deliveries.of(hook, change) for change in subscriber.changes(hook, 2)]
    logbook.redelivered(hook, logbook.done(hook, identified_signatures.id(first)))
    calls = deliveries.repeated(hook, lambda call: identified_signatures.same(call, first), 2)

    assert [call.body for call in calls] == [first.body] * 2


@requirement("WHD-REDELIVER")
def test_what_was_given_up_is_sent_again(revived, logbook, deliveries, identified_signatures):
    """A delivery that failed in every attempt is asked for again, of an enabled receiver; it comes as it was."""
    hook, occurrence, entry = revived
    before = len(entry.attempts)
    reply = logbook.redelivered(hook, entry)
    calls = deliveries.repeated(hook, occurrence.in_delivery, before + 1)

    assert reply == success
    assert len(calls) == before + 1
    assert len({(identified_signatures.id(call), call.body) for call in calls}) == 1


@requirement("WHD-REDELIVER")
def test_a_redelivery_is_in_the_log(accepted, logbook, deliveries):
    """A delivery that was accepted is asked for again; the log shows two attempts, each with what was answered."""
    hook, occurrence, entry = accepted
    logbook.redelivered(hook, entry)
    deliveries.repeated(hook, occurrence.in_delivery, 2)

    assert logbook.grown(hook, entry).statuses == [204, 204]


@requirement("WHD-REDELIVER")
def test_what_never_was_is_not_sent_again(accepted, logbook):
    """A delivery is asked for again, and so is one that there never was; the second is refused."""
    hook, _, entry = accepted
    control, reply = logbook.redelivered(hook, entry), logbook.redelivered_unknown(hook, entry)

    assert control == success
    assert reply == refusal(logbook.redelivery, 404)


@requirement("WHS-REDELIVERY-CURRENT-KEY")
def test_a_redelivery_is_signed_with_the_secret_of_today(accepted, retired, logbook, deliveries, timed_signatures):
    """A secret is rotated, the former one retired; what is sent again verifies with the new one alone, and is newer."""
    hook, occurrence, entry = accepted
    logbook.redelivered(hook, entry)
    calls = deliveries.repeated(hook, occurrence.in_delivery, 2)
    times = [timed_signatures.timestamp(call) for call in calls]

    assert [timed_signatures.verifies(retired, call) for call in calls] == [False, True]
    assert [timed_signatures.verifies(hook, call) for call in calls] == [True, False]
    assert times[0] < times[-1]


@requirement("WHR-NO-RESPONSE-DISCLOSURE")
def test_the_end_of_a_large_answer_is_not_shown(large_answer, logbook, message, subscriber):
    """A receiver answers with a mebibyte; neither its end nor a header field of its own is in the log."""
    hook, marks = large_answer
    entry = logbook.about(hook, message(hook, subscriber.happen(hook)), 1)

    assert entry.attempts
    assert not [mark for mark in marks if mark in entry.text]


@requirement("WHR-NO-RESPONSE-DISCLOSURE")
def test_what_there_is_at_a_forbidden_address_is_not_told(hook, probed):
    """The canary's forbidden address is registered, and so are two where nothing listens; all are answered alike."""
    told_apart = probed(hook)

    assert told_apart == {}
