"""What a sender makes of receivers that are slow, broken, hostile or not what they say."""

from conformance.marks import for_each_script, requirement
from conformance.servers.receiver_scripts import answering_in_time, endless, interim, unanswered

LEISURE = 2  # timeouts after which nobody should be waiting any more


@requirement("WHD-ANSWERED-IN-TIME")
@for_each_script(answering_in_time)
def test_a_success_in_time_ends_a_delivery(played, duration, subscriber, deliveries):
    """A receiver plays the script; in the time of the answer and the first delay it is not called again."""
    occurrence = subscriber.happen(played)
    deliveries.of(played, occurrence)

    assert len(deliveries.further(played, occurrence, 1, after=duration)) == 1


@requirement("WHD-BROKEN-IS-FAILED")
@for_each_script(unanswered)
def test_no_answer_is_a_failure(played, duration, subscriber, deliveries):
    """A receiver plays the script, which brings no status; it is called again."""
    occurrence = subscriber.happen(played)

    assert len(deliveries.attempts(played, occurrence, 2, after=duration)) > 1


@requirement("WHD-ANSWER-BOUNDED")
@for_each_script(endless)
def test_an_answer_without_an_end_is_given_up(played, timeout, subscriber, deliveries):
    """A receiver that is called goes on answering; when the declared timeout has passed, the caller has hung up."""
    deliveries.of(played, subscriber.happen(played))

    assert played.endpoint.wait_for_hang_up(within=LEISURE * timeout)


@requirement("WHD-INTERIM-ANSWERS")
@for_each_script(interim)
def test_an_interim_answer_is_passed_over(played, answering, subscriber, deliveries):
    """A receiver sends an interim answer before a success; while another one fails thrice, it is not called again."""
    failing = answering(500)
    occurrence = subscriber.happen(failing)
    deliveries.insist(failing, occurrence, 3)

    assert len(deliveries.arrived(played, occurrence)) == 1


@requirement("WHD-TLS-VERIFIED")
def test_an_unknown_certificate_is_told_nothing(hook, disguised, subscriber, deliveries, unveiling):
    """An event is told over http; at an https URL with an unknown certificate, callers go away without a request."""
    occurrence = subscriber.happen(hook)
    deliveries.of(hook, occurrence)
    unveiling()

    assert disguised.endpoint.received == []
