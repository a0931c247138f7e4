"""How the target takes the answers of receivers that are slow, broken, hostile or untrusted."""

from conformance.marks import for_each_script, requirement
from conformance.servers.receiver_scripts import answering_in_time, endless, interim, unanswered

SLACK = 2  # timeouts within which an attempt must have been given up


@requirement("WHD-ANSWERED-IN-TIME")
@for_each_script(answering_in_time)
def test_a_success_in_time_ends_a_delivery(scripted_hook, script_duration, subscriber, deliveries):
    """A receiver follows the script; in the time of the answer and the first delay it is not called again."""
    occurrence = subscriber.trigger(scripted_hook)
    deliveries.wait_for(scripted_hook, occurrence)

    assert len(deliveries.attempts_beyond(scripted_hook, occurrence, 1, after=script_duration)) == 1


@requirement("WHD-BROKEN-IS-FAILED")
@for_each_script(unanswered)
def test_no_answer_is_a_failure(scripted_hook, script_duration, subscriber, deliveries):
    """A receiver follows the script, which gives no status; it is called again."""
    occurrence = subscriber.trigger(scripted_hook)

    assert len(deliveries.attempts(scripted_hook, occurrence, 2, after=script_duration)) > 1


@requirement("WHD-ANSWER-BOUNDED")
@for_each_script(endless)
def test_an_answer_without_an_end_is_given_up(scripted_hook, timeout, subscriber, deliveries):
    """A receiver that is called goes on answering; when the declared timeout has passed, the caller has hung up."""
    deliveries.wait_for(scripted_hook, subscriber.trigger(scripted_hook))

    assert scripted_hook.endpoint.wait_for_hang_up(within=SLACK * timeout)


@requirement("WHD-INTERIM-ANSWERS")
@for_each_script(interim)
def test_an_interim_answer_is_passed_over(scripted_hook, hook_answering, subscriber, deliveries):
    """A receiver sends an interim answer before a success; while another one fails thrice, it is not called again."""
    failing = hook_answering(500)
    occurrence = subscriber.trigger(failing)
    deliveries.require_attempts(failing, occurrence, 3)

    assert len(deliveries.received(scripted_hook, occurrence)) == 1


@requirement("WHD-TLS-VERIFIED")
def test_nothing_is_sent_to_an_untrusted_certificate(
    hook, untrusted_https_hook, subscriber, deliveries, cause_two_tls_connections
):
    """An event is delivered over http; at an https URL with an untrusted certificate, no request is sent."""
    occurrence = subscriber.trigger(hook)
    deliveries.wait_for(hook, occurrence)
    cause_two_tls_connections()

    assert untrusted_https_hook.endpoint.received == []
