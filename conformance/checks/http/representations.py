"""Representations: media types, content negotiation and HEAD (RFC 9110, sections 8, 9.3.2 and 12)."""

from conformance.judgement.expectations import accepted, head_of, not_acceptable_or_like
from conformance.marks import for_each_operation, given, requirement, variants
from conformance.observations.media_types import MEDIA_TYPE_SPELLINGS, has_wrong_media_type
from conformance.selection.bodies import taking_json, writing_json
from conformance.selection.operations import (
    any_operation,
    paged,
    reading,
    taking_if_none_match,
)


@requirement("REST-CONTENT-TYPE-TRUE")
@for_each_operation(any_operation)
def test_content_is_what_its_label_says(answers, exploration):
    """The operation is made to accept and to refuse, by reason and by generated requests; each label is true."""
    assert [reply for reply in (*answers, *exploration.replies) if has_wrong_media_type(reply)] == []


@requirement("REST-CONTENT-TYPE-TRUE")
@for_each_operation(writing_json)
def test_letters_of_other_alphabets_come_in_utf8(owner, non_ascii_request):
    """A text with letters of several alphabets is written; what the answer says of its content is true."""
    reply = owner.send(non_ascii_request)

    assert not has_wrong_media_type(reply)


@requirement("REST-JSON-SUFFIX-AND-PARAMS")
@for_each_operation(taking_json)
@variants("spelling", MEDIA_TYPE_SPELLINGS)
def test_another_spelling_of_the_media_type_is_taken(owner, ready, spelling):
    """A body is sent with its media type in another spelling of the same meaning; it is accepted."""
    reply = owner.send(ready.request.with_header("Content-Type", spelling(ready.operation.media_type)))

    assert reply == accepted(ready.operation)


@requirement("REST-JSON-SUFFIX-AND-PARAMS")
@for_each_operation(taking_json)
@given("normative")
def test_the_media_type_in_capitals_is_taken(owner, ready):
    """A body is sent with the words of its media type capitalised; it is accepted."""
    reply = owner.send(ready.request.with_header("Content-Type", ready.operation.media_type.title()))

    assert reply == accepted(ready.operation)


@requirement("REST-NOT-ACCEPTABLE")
@for_each_operation(reading)
def test_what_nobody_has_is_not_made_up(owner, ready):
    """What was just read is asked for in a form that does not exist; the answer is 406, or in the form of before."""
    reply = owner.send(ready.request.with_header("Accept", "application/vnd.nothing-of-the-kind"))

    assert reply == not_acceptable_or_like(ready.control)


@requirement("REST-HEAD-PARITY")
@for_each_operation(reading)
@given("head_answered")
def test_head_tells_what_get_would(owner, ready):
    """What was just read is asked for by HEAD; status and fields of the representation are the same."""
    reply = owner.send(ready.request.with_method("HEAD"))

    assert reply == head_of(ready.control)


@requirement("REST-HEAD-PARITY")
@for_each_operation(taking_if_none_match)
@given("head_answered")
def test_head_is_conditional_as_get_is(owner, known_read):
    """What was just read is asked for with its tag in If-None-Match, by GET and by HEAD; both are answered alike."""
    got, reply = owner.send(known_read), owner.send(known_read.with_method("HEAD"))

    assert reply == head_of(got)


@requirement("REST-HEAD-PARITY")
@for_each_operation(paged)
@given("head_answered")
def test_head_of_a_later_page_is_of_that_page(pagination):
    """The second page of a list is asked for by GET and by HEAD; status and fields of the representation are equal."""
    pagination.fill(2)
    cursor = pagination.first_cursor()
    page, reply = pagination.page(cursor), pagination.head(cursor)

    assert reply == head_of(page)
