"""Robustness against malformed, invalid, ambiguous and oversized input."""

from conformance.fixtures.http.moments import EDGES_OF_TIME, MOMENTS, NO_MOMENTS
from conformance.fixtures.http.robustness import TELLING_TEXTS
from conformance.judgement.expectation import each
from conformance.judgement.expectations import accepted, no_server_error, refusal, refused, refused_or_like, success
from conformance.judgement.server_errors import undeclared
from conformance.marks import for_each_operation, given, requirement, variants
from conformance.selection.bodies import with_size_limit, writing_synchronously
from conformance.selection.operations import (
    addressed,
    any_operation,
    both,
    creation,
    paged,
    reading,
)
from conformance.selection.promises import with_unique_member
from conformance.serialization.ambiguous_json import AMBIGUOUS_VALUES


@requirement("ROB-NO-5XX-ON-INPUT")
@for_each_operation(any_operation)
def test_no_input_crashes_it(exploration):
    """Valid and invalid generated requests are sent; neither they nor others get a 5xx that is not declared."""
    crashes = [reply for reply in exploration.replies if undeclared(reply, exploration.operation)]

    assert crashes == []


@requirement("ROB-NO-5XX-ON-INPUT")
@for_each_operation(reading)
def test_no_header_crashes_it(ready, odd_header_replies):
    """A plain reading is repeated with header fields that say nothing sensible; no answer is an undeclared 5xx."""
    crashes = [reply for reply in odd_header_replies if undeclared(reply, ready.operation)]

    assert crashes == []


@requirement("ROB-ALWAYS-ANSWERS")
@for_each_operation(any_operation)
def test_no_input_keeps_it_from_answering(unanswered):
    """Generated requests are sent; none goes without an answer, twice, while a plain one is answered in between."""
    assert unanswered == []


@requirement("ROB-ALWAYS-ANSWERS")
@for_each_operation(both(addressed, reading))
def test_an_identifier_that_is_no_text_is_answered(unanswered_reading):
    """An object is asked for by bytes that are no UTF-8; that is answered, if need be at the second try."""
    assert unanswered_reading == []


@requirement("ROB-INVALID-REFUSED")
@for_each_operation(any_operation)
def test_what_the_contract_forbids_is_refused(accepted_though_forbidden):
    """Generated requests that break the contract's schemas as they stand on the wire are sent; none is accepted.

    Where the contract leaves room, too large a page may be answered with the largest.
    """
    assert accepted_though_forbidden == []


@requirement("ROB-VALID-ACCEPTED")
@for_each_operation(any_operation)
def test_what_the_contract_permits_is_not_refused_for_its_form(refused_though_permitted):
    """Generated requests that fit the contract's schemas are sent; none is refused as malformed or invalid.

    Where the contract leaves room for more rules, only values count that it enumerates or bounds.
    """
    assert refused_though_permitted == []


@requirement("ROB-VALID-ACCEPTED")
@for_each_operation(paged)
@variants("bound", {"least": "minimum", "most": "maximum"})
def test_a_limit_at_its_bound_is_accepted(pagination, bound):
    """A page is asked for with the least, or the greatest, limit that the contract permits; it is accepted."""
    reply = pagination.page_of_size(pagination.limit_bound(bound))

    assert reply == success


@requirement("ROB-LONGEST-TEXT")
@for_each_operation(writing_synchronously)
def test_a_text_of_full_length_is_kept(owner, longest_text, stored_texts):
    """One character beyond the first plane is written, and as many as the schema permits; these are read back too."""
    reply = owner.send(longest_text.request)

    assert reply == accepted(longest_text.operation)
    assert longest_text.text in stored_texts(reply)


@requirement("ROB-LONGEST-TEXT")
@for_each_operation(writing_synchronously)
@given("normative")
def test_an_address_of_full_length_is_kept(owner, longest_address, stored_texts):
    """An address is written with as many characters as the schema permits; it is accepted, and read back whole."""
    reply = owner.send(longest_address.request)

    assert reply == accepted(longest_address.operation)
    assert longest_address.text in stored_texts(reply)


@requirement("ROB-LONGEST-TEXT")
@for_each_operation(creation)
@given("normative")
def test_an_address_of_full_length_is_shown_whole(cut_readings):
    """Something is made with an address as long as may be; whatever shows the beginning of that shows all of it."""
    assert cut_readings == []


@requirement("ROB-TEXT-KEPT")
@for_each_operation(writing_synchronously)
@given("normative")
@variants("text", TELLING_TEXTS)
def test_a_text_is_kept_as_it_was_written(owner, text_request, refused_or_storing, text):
    """A text of white space, of letters in parts, or of markup is written; it is refused, or read back as it was."""
    reply = owner.send(text_request)

    assert reply == refused_or_storing(text)


@requirement("ROB-VALID-ACCEPTED")
@for_each_operation(writing_synchronously)
@given("normative")
@variants("spelling", MOMENTS)
def test_a_moment_in_any_spelling_is_accepted(owner, moment, spelling):
    """A moment that was just written is written in small letters, or to the nanosecond; it is accepted."""
    reply = owner.send(moment.request.with_members(**{moment.member: spelling}))

    assert reply == accepted(moment.operation)


@requirement("ROB-INVALID-REFUSED")
@for_each_operation(writing_synchronously)
@given("normative")
@variants("no_moment", NO_MOMENTS)
def test_what_is_no_moment_is_refused(owner, moment, no_moment):
    """A day, a time without an offset, or a number is written in the place of a moment; it is refused."""
    reply = owner.send(moment.request.with_members(**{moment.member: no_moment}))

    assert reply == refused


@requirement("ROB-NO-5XX-ON-INPUT")
@for_each_operation(writing_synchronously)
@variants("edge", EDGES_OF_TIME)
def test_no_moment_crashes_it(owner, moment, edge):
    """A moment that its offset carries beyond the calendar, or in a leap second, is written; there is no 5xx."""
    reply = owner.send(moment.request.with_members(**{moment.member: edge}))

    assert reply == no_server_error


@requirement("ROB-NESTING-AND-NUMBERS")
@for_each_operation(writing_synchronously)
@variants("ambiguous_value", AMBIGUOUS_VALUES)
def test_odd_json_is_refused_or_kept(owner, with_ambiguous_json, refused_or_storing, ambiguous_value):
    """A text in a valid body is replaced by odd JSON; it is refused, or read back exactly as it was sent."""
    reply = owner.send(with_ambiguous_json(ambiguous_value))

    assert reply == no_server_error
    assert reply == refused_or_storing(ambiguous_value.accepted_text)


@requirement("ROB-NESTING-AND-NUMBERS")
@for_each_operation(writing_synchronously)
def test_a_member_given_twice_smuggles_nothing_in(owner, duplicate_member_request, second_value_not_stored):
    """A member is given twice, first as the schema wants it and then not; the second value is not kept."""
    reply = owner.send(duplicate_member_request)

    assert reply == no_server_error
    assert reply == second_value_not_stored


@requirement("ROB-PAYLOAD-LIMIT")
@for_each_operation(with_size_limit)
@variants("framing", {"announced": {}, "chunked": {"Transfer-Encoding": "chunked"}})
def test_a_body_that_is_far_too_large_is_refused(owner, ready, oversized, framing):
    """A valid body padded to 8 MiB is sent, and then as it was; the first is refused, the second still accepted."""
    reply = owner.send(oversized(framing))
    after = owner.send(ready.request, "control")

    assert reply == refusal(ready.operation, 413)
    assert after == accepted(ready.operation)


@requirement("ROB-PAYLOAD-LIMIT-EXACT")
@for_each_operation(with_size_limit)
def test_the_largest_body_is_accepted_and_no_larger_one(owner, operation, request_of_size, largest_body):
    """A valid body is padded to the largest size, and another one by a byte more; the first alone is accepted."""
    within = owner.send(request_of_size(largest_body))
    beyond = owner.send(request_of_size(largest_body + 1))

    assert within == accepted(operation)
    assert beyond == refusal(operation, 413)


@requirement("ROB-PARAMETER-POLLUTION")
@for_each_operation(paged)
@variants("order", {"the-sound-one-first": 1, "the-sound-one-last": -1})
def test_a_limit_that_is_given_twice_counts_once(pagination, order):
    """A page of one is asked for, again with a limit beside it that is forbidden; it is refused, or the same page."""
    pagination.fill(2)
    control = pagination.page_of_size(1)

    reply = pagination.page_of_size(*(1, pagination.limit_bound("maximum") + 1)[::order])

    assert reply == refused_or_like(control)


@requirement("ROB-UNIQUE-CODE-RACE")
@for_each_operation(with_unique_member)
@variants("round_", {"first": 1, "second": 2, "third": 3})
def test_one_of_many_rivals_gets_it(unique_value_race, round_):
    """Ten creations by two people race for one value; one gets it, and the others are refused."""
    winners, losers = unique_value_race.race(10)

    assert len(winners) == 1, round_
    assert losers == each(refusal(unique_value_race.operation, 409))


@requirement("ROB-UNIQUE-CODE-RACE")
@for_each_operation(with_unique_member)
def test_who_comes_too_late_learns_nothing_of_the_winner(unique_value_race):
    """A value is taken, and asked for by others; their refusals show nothing of whose it is, or of what."""
    winners, losers = unique_value_race.race(4)

    assert unique_value_race.disclosed(winners, losers) == []
