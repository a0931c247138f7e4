"""Idempotency: a request that is repeated with its key has one effect and one response."""

from conformance.judgement.expectation import each
from conformance.judgement.expectations import accepted, replay_of
from conformance.marks import for_each_operation, for_one_operation, given, requirement, variants
from conformance.selection.bodies import taking_body, taking_json
from conformance.selection.operations import (
    addressed,
    both,
    creation,
    emitting,
    keyed,
)
from conformance.selection.promises import marking_replays, storing_conflicts, with_key_retention
from conformance.serialization.idempotency_keys import new_key

TRACING = {
    "traceparent": ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    "request id": ("X-Request-Id", "a-repeat"),
    "encoding": ("Accept-Encoding", "identity"),
    "agent": ("User-Agent", "another-agent/2.0"),
}


@requirement("IDEM-REPLAY-SAME-RESPONSE")
@for_each_operation(keyed)
def test_a_repeat_gets_the_first_answer(keyed_request):
    """The same request with the same key gets the same status, Location and body."""
    first = keyed_request.first()
    again = keyed_request.send()

    assert again == replay_of(first)


@requirement("IDEM-REPLAY-SAME-RESPONSE")
@for_each_operation(both(keyed, addressed))
def test_a_repeat_gets_the_first_answer_after_another_request(keyed_request):
    """Another request, with a key of its own, acts upon the same object; the first one still gets its answer."""
    first = keyed_request.first()
    keyed_request.with_key(new_key()).first()
    again = keyed_request.send()

    assert again == replay_of(first)


@requirement("IDEM-REPLAY-NO-SECOND-EFFECT")
@for_each_operation(keyed)
def test_repeats_change_nothing(keyed_request):
    """After five repeats its owner sees what was there after the first request."""
    keyed_request.first()
    once = keyed_request.state()
    keyed_request.repeat(5)

    assert keyed_request.state() == once


@requirement("IDEM-REPLAY-NO-SECOND-EFFECT")
@for_each_operation(both(keyed, emitting))
def test_repeats_publish_nothing(keyed_request, emitted_events):
    """After five repeats each event has arrived under one id; a later event shows that no other is on its way."""
    first = keyed_request.first()
    keyed_request.repeat(5)

    assert [len(ids) for ids in emitted_events.ids(first)] == [1] * len(keyed_request.operation.emits)


@requirement("IDEM-MISMATCH-422")
@for_each_operation(both(keyed, taking_body))
def test_a_used_key_with_another_body_is_refused(keyed_request):
    """The key of a request comes with a body that is another one after 4 KiB; it gets the declared refusal."""
    spaced = keyed_request.spaced()
    spaced.first()
    reply = spaced.with_other_body().spaced().send()

    assert reply == keyed_request.refusal("mismatch")


@requirement("IDEM-MISMATCH-422")
@for_each_operation(both(keyed, taking_body))
def test_the_other_body_has_no_effect(keyed_request):
    """What the other body asks for is not there afterwards."""
    keyed_request.first()
    altered = keyed_request.with_other_body()
    before = altered.state()
    altered.send()

    assert altered.state() == before


@requirement("IDEM-MISMATCH-422")
@for_each_operation(both(keyed, taking_body))
def test_a_mismatch_leaves_the_first_answer_alone(keyed_request):
    """After the other body was tried, the first request still gets its answer."""
    first = keyed_request.first()
    keyed_request.with_other_body().send()
    again = keyed_request.send()

    assert again == replay_of(first)


@requirement("IDEM-CONCURRENT")
@for_each_operation(keyed)
def test_equal_requests_at_once_have_one_effect(races):
    """Ten times, twenty equal requests are let loose together: one success, one effect, replayed to a later repeat."""
    run = races(10, 20)

    assert run.statuses <= run.permitted
    assert run.answers == [1] * 10
    assert run.effects == [1] * 10
    assert run.replayed == [True] * 10


@requirement("IDEM-AFTER-DELETE")
@for_each_operation(both(keyed, creation))
def test_a_repeat_brings_nothing_back_to_life(delete_created, keyed_request):
    """What a request made is deleted, then the request is repeated: the first answer, and nothing new."""
    first = keyed_request.first()
    delete_created(first)
    gone = keyed_request.state()
    again = keyed_request.send()

    assert again == replay_of(first)
    assert keyed_request.state() == gone


@requirement("IDEM-AFTER-CHANGE")
@for_each_operation(both(keyed, creation))
def test_a_repeat_shows_what_was_made_and_not_what_became_of_it(change_created, keyed_request):
    """What a request made is changed, then the request is repeated: it gets the first answer, without the change."""
    first = keyed_request.first()
    change_created(first)
    again = keyed_request.send()

    assert again == replay_of(first)


@requirement("IDEM-CROSS-WORKER")
@for_each_operation(keyed)
def test_the_connection_does_not_matter(keyed_request):
    """Sixteen more repeats, each over a new connection, get the first answer."""
    first = keyed_request.first()
    again = keyed_request.with_header("Connection", "close").repeat(17)

    assert again == each(replay_of(first))


@requirement("IDEM-FINGERPRINT-STABLE")
@for_each_operation(keyed)
@variants("field", TRACING)
def test_fields_without_meaning_make_no_other_request(keyed_request, field):
    """A repeat with another header field of tracing or transport gets the first answer."""
    first = keyed_request.first()
    again = keyed_request.with_header(*field).send()

    assert again == replay_of(first)


@requirement("IDEM-FINGERPRINT-STABLE")
@for_each_operation(both(keyed, taking_json))
@given("normative")
def test_a_media_type_in_other_words_makes_no_other_request(keyed_request):
    """A repeat whose media type names its charset gets the first answer."""
    first = keyed_request.first()
    again = keyed_request.with_header("Content-Type", f"{keyed_request.operation.media_type}; charset=utf-8").send()

    assert again == replay_of(first)


@requirement("IDEM-TOKEN-REFRESH-SAME-PRINCIPAL")
@for_each_operation(keyed)
def test_a_new_token_makes_no_other_request(keyed_request):
    """A repeat with a newly issued token of the same principal gets the first answer."""
    first = keyed_request.first()
    again = keyed_request.with_new_token().send()

    assert again == replay_of(first)


@requirement("IDEM-OUTCOME-ERROR-REPLAYED")
@for_each_operation(storing_conflicts)
def test_a_refusal_is_given_again_when_its_cause_has_gone(taken_value):
    """A value that is taken is asked for with a key, and refused; once it is free, the key is still refused."""
    first = taken_value.refused()
    taken_value.delete_object()
    again, anew = taken_value.request_value(), taken_value.request_value_with_new_key()

    assert again == replay_of(first)
    assert anew == accepted(taken_value.operation)


@requirement("IDEM-REPLAY-MARKED")
@for_each_operation(marking_replays)
def test_what_is_given_again_says_so(keyed_request):
    """A request is sent three times with its key; the second and the third answer are marked, the first is not."""
    replies = [keyed_request.first(), *keyed_request.repeat(2)]

    assert [keyed_request.is_marked_replay(reply) for reply in replies] == [False, True, True]


@requirement("IDEM-REPLAY-MARKED")
@for_each_operation(both(marking_replays, storing_conflicts))
def test_a_refusal_that_is_given_again_says_so(taken_value):
    """A value that is taken is asked for twice with one key; the second refusal is marked, the first is not."""
    replies = [taken_value.refused(), taken_value.request_value()]

    assert [taken_value.keyed_request.is_marked_replay(reply) for reply in replies] == [False, True]


@requirement("IDEM-REPLAY-SURVIVES-TIME")
@for_one_operation(with_key_retention)
def test_a_key_outlives_the_next_hundred(keyed_request):
    """A key is used, and then a hundred others; a repeat still gets the first answer."""
    first = keyed_request.first()
    keyed_request.use_other_keys(100)

    assert keyed_request.send() == replay_of(first)
