"""Events are delivered in the declared form, to the right receivers, and again after failures."""

from conformance.contract.operation import is_json
from conformance.marks import for_each_emission, for_each_event, for_each_operation, given, requirement, variants
from conformance.observations.event_order import increasing_members
from conformance.selection.operations import (
    both,
    cookie_authenticated,
    creation,
    emitting,
    emitting_for_anybody,
    emitting_upon_object,
    merge_patching,
    taking_if_match,
)

SLACK = 2  # timeouts within which an attempt must have been given up


@requirement("WHD-EVENT-DELIVERED")
@for_each_emission(emitting)
def test_an_event_is_delivered(single_event_hook, operation, event, subscriber, deliveries):
    """An event is triggered by the operation; a delivery that mentions its object arrives within the bound."""
    occurrence = subscriber.trigger(single_event_hook, event, operation)

    assert deliveries.mentioning(single_event_hook, occurrence) != []


@requirement("WHD-EVENT-DELIVERED")
@for_each_emission(emitting_for_anybody)
def test_an_event_is_told_to_the_owner_of_its_object(single_event_hook, occurrence_by_another, deliveries):
    """Somebody else does to Alice's object what anybody may do; her receiver is told."""
    assert deliveries.mentioning(single_event_hook, occurrence_by_another)


@requirement("WHD-EVENT-DELIVERED")
@for_each_emission(both(emitting, cookie_authenticated))
def test_what_is_done_in_a_browser_is_told(session_hook, operation, event, subscriber, deliveries):
    """Somebody who is logged in registers a receiver and triggers the event with the session; it is delivered."""
    occurrence = subscriber.trigger(session_hook, event, operation)

    assert deliveries.mentioning(session_hook, occurrence) != []


@requirement("WHD-EVENT-DELIVERED")
@for_each_event()
def test_a_receiver_of_every_kind_is_told_of_each(hook, event, subscriber, deliveries):
    """A receiver is registered for all events that there are, and one is triggered; it is delivered."""
    occurrence = subscriber.trigger(hook, event)

    assert deliveries.mentioning(hook, occurrence) != []


@requirement("WHD-EVENT-DELIVERED")
def test_none_of_many_events_is_lost(hook, subscriber, deliveries, at_once):
    """Twenty events are triggered at the same time; each of them is delivered."""
    occurrences = at_once(20, lambda: subscriber.trigger(hook))

    assert deliveries.missing(hook, occurrences) == []


@requirement("WHD-EVENT-DELIVERED")
@for_each_emission(emitting_upon_object)
@given("normative")
def test_an_event_is_told_in_every_state(single_event_hook, outcomes_in_other_states, deliveries):
    """An object is brought into another state before the operation; where that is accepted, its event arrives."""
    assert deliveries.missing(single_event_hook, outcomes_in_other_states.accepted) == []


@requirement("WHD-EVENT-DELIVERED")
@for_each_emission(both(creation, emitting))
@given("normative")
def test_what_is_made_otherwise_is_told(single_event_hook, turned_occurrence, deliveries):
    """A thing is made with each of its truth values turned; its event arrives."""
    assert deliveries.missing(single_event_hook, [turned_occurrence]) == []


@requirement("WHD-EVENT-DELIVERED")
@for_each_emission(emitting_upon_object)
def test_what_happens_to_the_work_of_a_job_is_told(single_event_hook, occurrence_upon_item, deliveries):
    """Something is done to a thing that an item of a job has made; its event arrives."""
    assert deliveries.missing(single_event_hook, [occurrence_upon_item]) == []


@requirement("WHD-EVENT-DELIVERED")
@for_each_emission(both(emitting_upon_object, taking_if_match))
def test_a_guarded_change_is_told(single_event_hook, guarded_occurrence, deliveries):
    """The operation is carried out with the current tag of its object in If-Match; its event arrives."""
    assert deliveries.missing(single_event_hook, [guarded_occurrence]) == []


@requirement("WHD-EVENT-DELIVERED")
@for_each_emission(both(emitting_upon_object, merge_patching))
@given("normative")
def test_a_change_of_each_member_is_told(untold_members):
    """The members of an object are changed one by one, each to another value; an event arrives each time."""
    assert untold_members == []


@requirement("WHD-POST-JSON-CONTRACT")
def test_a_delivery_is_a_post_to_the_registered_url(single_event_hook, event_delivery):
    """A receiver is registered with path and query; its delivery is a POST of JSON to exactly this URL."""
    assert event_delivery.method == "POST"
    assert is_json(event_delivery.headers.get("content-type", ""))
    assert single_event_hook.endpoint.url.endswith(event_delivery.target)


@requirement("WHD-POST-JSON-CONTRACT")
@for_each_emission(emitting)
@given("operation")
def test_the_body_is_the_declared_message(event_delivery, event, subscriber):
    """The delivery of an event is received; its body is valid for the payload schema of the message."""
    assert subscriber.payload_errors(event, event_delivery) == []


@requirement("WHD-POST-JSON-CONTRACT")
@for_each_event()
def test_the_headers_are_the_declared_ones(event_delivery, event, subscriber):
    """The delivery of an event is received; its headers are valid for the headers schema of the message."""
    assert subscriber.header_errors(event, event_delivery) == []


@requirement("WHD-EVENT-FILTER")
def test_only_the_subscribed_events_are_delivered(single_event_hook, other_events, subscriber, deliveries):
    """A receiver of one event is registered and all others triggered; before the fence, none of them is delivered."""
    others = [subscriber.trigger(single_event_hook, event) for event in other_events]
    received = deliveries.before_fence(single_event_hook)

    assert [delivery for delivery in received if any(other.in_delivery(delivery) for other in others)] == []


@requirement("WHD-TENANT-ISOLATION")
@for_each_emission(emitting)
def test_events_of_bob_are_not_delivered_to_alice(hook, bobs_hook, operation, event, subscriber, deliveries):
    """An event of Bob's is delivered to him; before the fence, Alice's receiver gets no delivery that mentions it."""
    occurrence = subscriber.trigger(bobs_hook, event, operation)
    deliveries.wait_for(bobs_hook, occurrence)
    received = deliveries.before_fence(hook)

    assert [delivery for delivery in received if occurrence.mentioned_in(delivery)] == []


@requirement("WHD-TENANT-ISOLATION")
@for_each_emission(emitting_for_anybody)
def test_whoever_acts_is_not_told_of_others(hook, bobs_hook, occurrence_by_another, deliveries):
    """Bob does to Alice's object what anybody may do; she is told, and before the fence his receiver is not."""
    deliveries.wait_for(hook, occurrence_by_another)
    received = deliveries.before_fence(bobs_hook)

    assert not [delivery for delivery in received if occurrence_by_another.mentioned_in(delivery)]


@requirement("WHD-NO-EVENT-FOR-FAILED")
@for_each_operation(emitting)
@variants("reason", {reason: reason for reason in ("scope", "stranger", "body", "precondition", "conflict")})
def test_a_refused_request_leads_to_no_delivery(hook, refused_occurrence, deliveries):
    """A request that would trigger an event is refused; before the fence, no delivery of it arrives."""
    received = deliveries.before_fence(hook)

    assert [delivery for delivery in received if refused_occurrence.in_delivery(delivery)] == []


@requirement("WHD-NO-EVENT-FOR-FAILED")
@for_each_emission(emitting_upon_object)
def test_what_is_refused_in_another_state_leads_to_no_delivery(hook, outcomes_in_other_states, deliveries):
    """An object is brought into a state in which the operation is refused; before the fence, no delivery arrives."""
    received = deliveries.before_fence(hook)

    assert [each for each in received if outcomes_in_other_states.was_refused(each)] == []


@requirement("WHD-SUCCESS-IS-2XX")
def test_any_2xx_ends_a_delivery(hook_answering, subscriber, deliveries):
    """Receivers answer with five 2xx statuses; none is called again while another one fails three times."""
    failing, accepting = hook_answering(500), [hook_answering(status) for status in (200, 201, 202, 204, 299)]
    occurrence = subscriber.trigger(failing)
    deliveries.require_attempts(failing, occurrence, 3)

    assert [len(deliveries.received(hook, occurrence)) for hook in accepting] == [1, 1, 1, 1, 1]


@requirement("WHD-SUCCESS-IS-2XX")
@variants("status", {str(status): status for status in (301, 302, 304, 400, 404, 500, 503)})
def test_anything_else_is_a_failure(hook_answering, subscriber, deliveries, status):
    """A receiver answers with a status that is not 2xx; it is called again."""
    failing = hook_answering(status)
    occurrence = subscriber.trigger(failing)

    assert len(deliveries.attempts(failing, occurrence, 2)) > 1


@requirement("WHD-RETRY-UNTIL-SUCCESS")
def test_a_failed_delivery_is_tried_again(hook, subscriber, deliveries):
    """Two attempts fail; a third one is made."""
    hook.endpoint.answer(500, 503)
    occurrence = subscriber.trigger(hook)

    assert len(deliveries.attempts(hook, occurrence, 3)) == 3


@requirement("WHD-RETRY-UNTIL-SUCCESS")
def test_a_success_ends_the_retries(hook, subscriber, deliveries):
    """One attempt fails and the second is accepted; in the time of the next delay no third one comes."""
    hook.endpoint.answer(500)
    occurrence = subscriber.trigger(hook)
    deliveries.require_attempts(hook, occurrence, 2)

    assert len(deliveries.attempts_beyond(hook, occurrence, 2)) == 2


@requirement("WHD-AT-LEAST-ONCE-DEDUP")
def test_a_repetition_is_known_by_its_id(hook, deliveries, signatures_with_id):
    """A receiver fails after it has read a delivery; the repetition has the same id and the same body."""
    first, again = deliveries.attempts_until_accepted(hook, 2)

    assert signatures_with_id.id(again) == signatures_with_id.id(first)
    assert again.body == first.body


@requirement("WHD-AT-LEAST-ONCE-DEDUP")
def test_events_of_one_object_have_different_ids(hook, subscriber, deliveries, signatures_with_id):
    """One object is changed three times; the three deliveries have three ids."""
    found = {signatures_with_id.id(deliveries.wait_for(hook, change)) for change in subscriber.trigger_changes(hook, 3)}

    assert len(found) == 3


@requirement("WHD-ISOLATION-SLOW-ENDPOINT")
def test_an_unresponsive_receiver_delays_no_other(hook, unresponsive_hook, subscriber, deliveries, bounds):
    """A receiver does not answer while ten events happen; all reach another one, and the API answers in time."""
    occurrences = [subscriber.trigger(unresponsive_hook) for _ in range(10)]

    assert deliveries.missing(hook, occurrences) == []
    assert all(occurrence.reply.seconds < bounds.delivery_timeout for occurrence in occurrences)


@requirement("WHD-NO-ORDER-ASSUMPTION")
def test_events_of_one_object_can_be_ordered(hook, subscriber, deliveries):
    """One object is changed five times; some number or time in the deliveries grows from each change to the next."""
    received = [deliveries.wait_for(hook, change) for change in subscriber.trigger_changes(hook, 5)]

    assert increasing_members([delivery.payload for delivery in received]) != []


@requirement("WHD-BACKOFF")
def test_attempts_keep_the_declared_delays(hook, deliveries):
    """All attempts but the fourth fail; each comes no sooner than the declared delay after the one before."""
    attempts = deliveries.attempts_until_accepted(hook, 4)

    assert deliveries.premature_attempts(attempts) == []


@requirement("WHD-TIMEOUT")
def test_an_attempt_without_an_answer_is_given_up(unresponsive_hook, timeout, deliveries):
    """A receiver that is called does not answer; when the declared timeout has passed, the caller hangs up."""
    deliveries.of_new_event(unresponsive_hook)

    assert unresponsive_hook.endpoint.wait_for_hang_up(within=SLACK * timeout)


@requirement("WHD-TIMEOUT")
def test_an_attempt_without_an_answer_has_failed(unresponsive_hook, timeout, subscriber, deliveries):
    """A receiver that is called does not answer; after the declared timeout it is called again."""
    occurrence = subscriber.trigger(unresponsive_hook)
    deliveries.wait_for(unresponsive_hook, occurrence)

    assert len(deliveries.attempts(unresponsive_hook, occurrence, 2, after=timeout)) > 1
