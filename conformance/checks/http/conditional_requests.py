"""Conditional requests: entity tags, cache validation and lost updates (RFC 9110, section 13)."""

from conformance.effects.entity_tags import IF_NONE_MATCH_FORMS, opaque, reused_tags
from conformance.effects.pagination import occurrences
from conformance.judgement.expectations import refusal, status, success
from conformance.marks import for_each_operation, for_one_operation, given, requirement, variants
from conformance.observations.caching import is_shareable
from conformance.selection.authorization import requiring_role
from conformance.selection.operations import (
    both,
    paged,
    requiring_if_match,
    secured_creation,
    taking_if_match,
    taking_if_none_match,
    update_taking_if_match,
    with_etag,
    with_owner,
)
from conformance.selection.promises import (
    acting_upon_object,
    action_telling_tag,
    list_taking_if_none_match,
    list_with_etag,
    telling_tag,
)


@requirement("COND-ETAG-PRESENT-AND-CHANGES")
@for_each_operation(with_etag)
def test_the_tag_is_one_and_stays(tagged_object):
    """An object is read twice; both answers bear the same tag, a strong one if If-Match is taken."""
    first, second = tagged_object.read(), tagged_object.read()

    assert tagged_object.is_validator(first.header("ETag"))
    assert first.header("ETag") == second.header("ETag")


@requirement("COND-ETAG-PRESENT-AND-CHANGES")
@for_each_operation(with_etag)
def test_the_tag_is_new_with_each_change(tagged_object):
    """An object is changed three times at once after another; each time its tag is one that it never had."""
    former = [tagged_object.superseded_tag() for _ in range(3)]

    assert len({*former, tagged_object.tag}) == 4


@requirement("COND-ETAG-PRESENT-AND-CHANGES")
@for_each_operation(with_etag)
def test_a_change_that_is_taken_back_brings_no_tag_back(validated_object):
    """An object is changed, and changed back; it has its former tag only if it is what it was in every part."""
    readings = validated_object.readings_there_and_back()

    assert reused_tags(readings) == []


@requirement("COND-ETAG-PRESENT-AND-CHANGES")
@for_each_operation(acting_upon_object)
def test_whatever_changes_it_makes_its_tag_new(owner, ready, validated_object):
    """An object is read before and after an operation upon it; where another thing is read, it has another tag."""
    before = validated_object.read()
    owner.send(ready.request)
    after = validated_object.read()

    assert after.header("ETag") != before.header("ETag") or after.json == before.json


@requirement("COND-ETAG-PRESENT-AND-CHANGES")
def test_what_the_server_changes_gets_a_new_tag(tags_around_disabling):
    """A receiver answers 410 and is disabled; it is read with another tag than that with which it was registered."""
    before, after = tags_around_disabling

    assert after != before


@requirement("COND-WRITE-TELLS-TAG")
@for_each_operation(telling_tag)
def test_the_tag_in_the_answer_is_that_of_the_next_read(written_tags):
    """Something is made, or changed, and read; the answer to the write bears the tag that the read shows."""
    assert written_tags.told == written_tags.shown


@requirement("COND-WRITE-TELLS-TAG")
@for_each_operation(action_telling_tag)
@given("normative")
def test_the_tag_in_the_answer_to_an_action_is_that_of_the_next_read(written_tags):
    """An object is acted upon, and read; the answer to the action bears the tag that the read shows."""
    assert written_tags.told == written_tags.shown


@requirement("COND-IF-NONE-MATCH-304")
@for_each_operation(taking_if_none_match)
@variants("form", IF_NONE_MATCH_FORMS)
def test_the_current_tag_saves_the_transfer(tagged_object, form):
    """An object is read with its tag in If-None-Match; the answer is 304, bears the tag and holds nothing."""
    tag = tagged_object.tag

    reply = tagged_object.read(If_None_Match=form.format(tag=tag, opaque=opaque(tag)))

    assert reply == status(304)
    assert (reply.header("ETag"), reply.body) == (tag, b"")


@requirement("COND-IF-NONE-MATCH-304")
@for_each_operation(taking_if_none_match)
def test_any_tag_saves_the_transfer(tagged_object, unmodified):
    """An object is read with * in If-None-Match; the answer is 304, or a 412 that the contract declares."""
    assert tagged_object.read(If_None_Match="*") == unmodified


@requirement("COND-IF-NONE-MATCH-304")
@for_each_operation(taking_if_none_match)
def test_a_former_tag_brings_the_object(tagged_object):
    """An object that has changed is read with its former tag in If-None-Match; it is sent whole."""
    reply = tagged_object.read(If_None_Match=tagged_object.superseded_tag())

    assert reply == success
    assert reply.body


@requirement("COND-IF-NONE-MATCH-304")
@for_each_operation(list_taking_if_none_match)
def test_an_unchanged_list_is_not_sent_again(list_tags, pagination):
    """A list is read with its tag in If-None-Match; the answer is 304 and holds nothing."""
    pagination.fill(1)

    reply = list_tags.if_none_match(list_tags.current)

    assert reply == status(304)
    assert reply.body == b""


@requirement("COND-IF-NONE-MATCH-304")
@for_each_operation(both(list_taking_if_none_match, paged))
def test_an_unchanged_later_page_is_not_sent_again(list_tags, pagination):
    """The second page of a list is read with its tag in If-None-Match; the answer is 304 and holds nothing."""
    pagination.fill(2)

    reply = list_tags.unchanged_page(pagination.first_cursor())

    assert reply == status(304)
    assert reply.body == b""


@requirement("COND-IF-NONE-MATCH-304")
@for_each_operation(list_taking_if_none_match)
def test_a_changed_list_is_sent(list_tags, pagination):
    """A list to which something was added is read with its former tag in If-None-Match; the new thing is there."""
    former = list_tags.current
    markers = pagination.fill(1)

    assert occurrences([list_tags.if_none_match(former)], markers) == [1]


@requirement("COND-LIST-TAG-CHANGES")
@for_each_operation(list_taking_if_none_match)
def test_a_list_with_a_changed_item_is_sent(list_tags):
    """An item is changed, and the list shows it; with its former tag in If-None-Match it is sent, under a new one."""
    former = list_tags.superseded()

    reply = list_tags.if_none_match(former)

    assert reply == success
    assert reply.header("ETag") != former


@requirement("COND-LIST-TAG-CHANGES")
@for_each_operation(both(list_taking_if_none_match, paged))
def test_a_page_that_has_become_the_last_is_sent(list_tags):
    """What stands on the next page is deleted, and the page tells so; it is sent, under a new tag."""
    former, reply = list_tags.of_page_that_became_the_last()

    assert reply == success
    assert reply.header("ETag") != former


@requirement("COND-LIST-TAG-CHANGES")
@for_one_operation(secured_creation)
def test_a_list_in_which_one_of_many_has_changed_is_sent(tags_of_largest_page):
    """Of twenty items on a page the one that was made first is changed; the page is sent, under a new tag."""
    former = tags_of_largest_page.superseded(later=19)

    reply = tags_of_largest_page.if_none_match(former)

    assert reply == success
    assert reply.header("ETag") != former


@requirement("COND-LIST-TAG-CHANGES")
@for_each_operation(list_with_etag)
def test_a_list_in_which_a_job_goes_on_gets_new_tags(readings_during_job):
    """A large job is begun and its list read until it ends; whatever the list shows then has a tag of its own."""
    assert reused_tags(readings_during_job) == []


@requirement("COND-LIST-TAG-CHANGES")
@for_each_operation(list_with_etag)
def test_a_list_in_which_a_delivery_goes_on_gets_new_tags(readings_during_delivery):
    """A delivery fails and is tried again, and the log is read meanwhile; whatever it shows has a tag of its own."""
    assert reused_tags(readings_during_delivery) == []


@requirement("COND-IF-MATCH-412")
@for_each_operation(taking_if_match)
@variants("form", {"alone": "{tag}", "listed": '"some-other", "another",{tag}'})
def test_a_former_tag_changes_nothing(owner, ready, tagged_object, form):
    """An object that has changed is written with its former tag in If-Match; it is refused and stays as it is."""
    tag, before = tagged_object.superseded_tag(), ready.state()

    reply = owner.send(ready.if_match(form.format(tag=tag)))

    assert reply == refusal(ready.operation, 412)
    assert ready.state() == before


@requirement("COND-IF-MATCH-412")
@for_each_operation(taking_if_match)
def test_a_weak_tag_changes_nothing(owner, ready, tagged_object):
    """An object is written with the weak form of its current tag in If-Match; it is refused and stays as it is."""
    before = ready.state()

    reply = owner.send(ready.if_match(f"W/{opaque(tagged_object.tag)}"))

    assert reply == refusal(ready.operation, 412)
    assert ready.state() == before


@requirement("COND-IF-MATCH-412")
@for_each_operation(both(requiring_role, taking_if_match))
def test_a_role_takes_the_place_of_no_tag(owner, operation, request_about_anothers):
    """Whoever has the role acts upon what somebody else made, with a tag that nothing has; it is refused."""
    reply = owner.send(request_about_anothers.with_header("If-Match", '"conformance-never-issued"'))
    after = owner.send(request_about_anothers, "control")

    assert reply == refusal(operation, 412)
    assert after == success


@requirement("COND-IF-MATCH-412")
@for_each_operation(taking_if_match)
@variants("form", {"alone": "{tag}", "listed": '"some-other", "another",{tag}', "any": "*"})
def test_the_current_tag_is_let_through(owner, ready, tagged_object, form):
    """An object is written with its current tag in If-Match; it is accepted."""
    reply = owner.send(ready.if_match(form.format(tag=tagged_object.tag)))

    assert reply == success


@requirement("COND-LOST-UPDATE-RACE")
@for_each_operation(update_taking_if_match)
@variants("round_", {"first": 1, "second": 2, "third": 3})
def test_one_of_many_writers_wins(owner, tagged_object, conditional_write, at_once, round_):
    """Eight writers who have all read the same tag write at once; one of them succeeds."""
    tag = tagged_object.tag

    replies = at_once(8, lambda: owner.send(conditional_write(tag)))

    assert sum(reply.success for reply in replies) == 1, round_


@requirement("COND-PRIVATE-CACHING")
@for_each_operation(with_owner)
def test_no_shared_cache_may_keep_it(answers):
    """The operation is made to accept and, for each reason, to refuse; no answer is for shared caches."""
    assert [reply for reply in answers if is_shareable(reply)] == []


@requirement("COND-REQUIRED-428")
@for_each_operation(requiring_if_match)
def test_without_a_precondition_nothing_is_changed(owner, ready):
    """A write that was just accepted is sent without If-Match; it is refused, and the object stays as it is."""
    before = ready.state()

    reply = owner.send(ready.request.without_header("If-Match"))

    assert reply == refusal(ready.operation, 428)
    assert ready.state() == before
