"""REST: methods, statuses and resources, as every client of an HTTP API expects them."""

from conformance.judgement.expectation import each
from conformance.judgement.expectations import accepted, holding, no_server_error, refusal, refused, status, success
from conformance.marks import for_each_operation, given, requirement, variants
from conformance.observations.timestamps import is_date_time
from conformance.selection.bodies import (
    OTHER_MEDIA_TYPES,
    with_closed_json,
    with_closed_media_types,
    writing_synchronously,
)
from conformance.selection.operations import (
    action_only,
    any_operation,
    both,
    collection,
    keyed,
    merge_patching,
    paged,
    private_delete,
    private_update,
    stable_object_read,
    stable_read,
    whole_delete,
    with_location,
)
from conformance.selection.promises import acting_under_own_path, replacing


@requirement("REST-CREATE-201-LOCATION")
@for_each_operation(with_location)
def test_the_location_of_a_creation_leads_to_what_was_made(owner, marked_request, follow_location, is_other_file):
    """Something is made, and its owner follows the Location of the answer; what was made is there."""
    made = owner.send(marked_request)

    assert made == status(201)
    reply = follow_location(owner, made)
    assert reply == success
    assert is_other_file(reply) or reply == holding(marked_request.marker)


@requirement("REST-READ-YOUR-WRITES")
@for_each_operation(stable_object_read)
def test_what_was_made_is_read_at_once(owner, operation, arranger, is_other_file):
    """Five objects are made, each read as soon as its creation is answered; each shows what was written."""
    requests = [arranger.request(operation, owner) for _ in range(5)]

    replies = [owner.send(request) for request in requests]

    shown = [
        request.marker in reply.text or is_other_file(reply) for request, reply in zip(requests, replies, strict=True)
    ]
    assert all(shown)


@requirement("REST-READ-YOUR-WRITES")
@for_each_operation(private_update)
def test_what_was_changed_is_read_at_once(owner, ready):
    """An object that its owner has read is changed and read again; the change shows."""
    ready.state()

    changed = owner.send(ready.request)

    assert changed == success
    assert ready.is_read_back()


@requirement("REST-READ-YOUR-WRITES")
@for_each_operation(private_update)
def test_a_change_shows_wherever_the_object_was_read(stale_readings):
    """An object is read in every other way that shows it, and changed; none of them shows it as it was before."""
    assert stale_readings == []


@requirement("REST-LIST-AGREES")
@for_each_operation(paged)
@given("normative")
def test_a_list_shows_what_is_read(listed_otherwise):
    """Something is made, changed, read, and found in the list, also on a later page; what they show is the same."""
    assert listed_otherwise == []


@requirement("REST-RESPONSE-CONFORMS-SCHEMA")
@for_each_operation(any_operation)
def test_every_reply_is_one_that_the_contract_describes(exploration, deviations):
    """Valid and invalid requests are sent; status, media type, headers and body of each reply are declared."""
    replies = exploration.replies

    assert deviations(replies) == []


@requirement("REST-RESPONSE-CONFORMS-SCHEMA")
@for_each_operation(any_operation)
def test_every_refusal_is_one_that_the_contract_describes(answers, deviations):
    """The operation is made to accept, and to refuse for each reason; each answer is declared."""
    assert deviations(answers) == []


@requirement("REST-RESPONSE-CONFORMS-SCHEMA")
@for_each_operation(paged)
def test_a_later_page_is_described_as_the_first_one_is(pagination, deviations):
    """Two things are listed one by one; the second page is declared, its header fields and items too."""
    pagination.fill(2)

    assert deviations([pagination.page(pagination.first_cursor())]) == []


@requirement("REST-RESPONSE-CONFORMS-SCHEMA")
@for_each_operation(keyed)
def test_an_answer_that_is_given_again_is_described_too(keyed_request, deviations):
    """A request is repeated with its idempotency key; the answer that is given again is declared."""
    keyed_request.first()
    again = keyed_request.send()

    assert deviations([again]) == []


@requirement("REST-METHOD-405-ALLOW")
@for_each_operation(any_operation)
def test_an_undeclared_method_is_answered_with_those_that_are(undeclared_method_reply, method_not_allowed):
    """The path is asked with a method that it does not declare; the answer is 405 and Allow lists those declared.

    Where the contract is not normative another answer is a gap of it, but a 405 has its Allow.
    """
    assert undeclared_method_reply == method_not_allowed


@requirement("REST-UNSUPPORTED-MEDIA-415")
@for_each_operation(with_closed_media_types)
@given("other_media_types_refused")
@variants("media_type", OTHER_MEDIA_TYPES)
def test_another_media_type_is_refused(owner, ready, media_type):
    """A body that was just accepted is sent again labelled as something else; it is refused and nothing is done."""
    reply = owner.send(ready.request.with_header("Content-Type", media_type))

    assert reply == refusal(ready.operation, 415)
    assert not ready.has_effect()


@requirement("REST-UNSUPPORTED-MEDIA-415")
@for_each_operation(both(merge_patching, with_closed_json))
@given("normative")
def test_plain_json_is_no_merge_patch(owner, ready):
    """A merge patch that was just accepted is sent again as plain JSON, which is not declared; it is refused."""
    reply = owner.send(ready.request.with_header("Content-Type", "application/json"))

    assert reply == refusal(ready.operation, 415)


@requirement("REST-SAFE-METHODS-SAFE")
@for_each_operation(stable_read)
def test_reading_changes_nothing(ready):
    """An object is read twice; both answers are the same."""
    before = ready.state()

    assert ready.state() == before


@requirement("REST-SAFE-METHODS-SAFE")
@for_each_operation(collection)
def test_listing_changes_nothing(two_planted_objects):
    """Two objects are made and listed, and listed once more; both are still there."""
    missing = [planted.marker for planted in two_planted_objects if not planted.is_shown()]

    assert missing == []


@requirement("REST-SAFE-METHODS-SAFE")
@for_each_operation(action_only)
@variants("method", {"get": "GET", "head": "HEAD"})
def test_an_action_cannot_be_done_by_a_safe_method(owner, ready, request_by_method, method):
    """An action that declares only POST is asked for by a safe method; it is refused and the object is as before."""
    before = ready.state()

    reply = owner.send(request_by_method(method))

    assert reply == refused
    assert ready.state() == before


@requirement("REST-DELETE-GONE")
@for_each_operation(private_delete)
def test_what_was_deleted_cannot_be_read(owner, ready, view, gone):
    """An object is deleted, read, and deleted once more; it is gone, and the repetition does no harm."""
    deleted, seen, again = owner.send(ready.request), owner.send(view), owner.send(ready.request)

    assert deleted == success
    assert seen == gone
    assert again == no_server_error


@requirement("REST-DELETE-GONE")
@for_each_operation(private_delete)
def test_what_lay_below_it_cannot_be_read(owner, ready, readings_below):
    """An object is deleted, and what was read below it is asked for again; it is as for an object that nobody made."""
    owner.send(ready.request)
    replies = [owner.send(reading) for reading in readings_below]

    assert replies == each(refused)


@requirement("REST-DELETE-GONE")
@for_each_operation(whole_delete)
def test_what_was_deleted_cannot_be_changed(owner, ready, later_changes):
    """An object is deleted, and changes are asked for that it took before; each is refused."""
    owner.send(ready.request)
    replies = [owner.send(change) for change in later_changes]

    assert replies == each(refused)


@requirement("REST-DELETE-GONE")
@for_each_operation(whole_delete)
def test_what_was_deleted_is_not_listed(owner, marked, listed):
    """The collection shows an object, which is then deleted; the collection does not show it any more."""
    listed.require_shown()

    owner.send(marked.request)

    assert listed.shows_no_more()


@requirement("REST-MERGE-PATCH-SEMANTICS")
@for_each_operation(merge_patching)
def test_members_that_a_patch_leaves_out_stay(merge_patches):
    """All members are set, then each is changed alone; all the others are as they were before."""
    values = merge_patches.set_members()
    disturbing = [name for name in values if merge_patches.changes_other_members(name, values)]

    assert disturbing == []


@requirement("REST-MERGE-PATCH-SEMANTICS")
@for_each_operation(merge_patching)
def test_null_removes_a_member(merge_patches):
    """A member is set and then patched with null; it has no value any more, or the one that it has without a choice."""
    name = merge_patches.set_nullable_member()
    before = merge_patches.text_of(name)
    merge_patches.send(**{name: None})

    assert merge_patches.text_of(name) != before


@requirement("REST-ACTION-KEPT")
@for_each_operation(acting_under_own_path)
@given("normative")
def test_no_change_undoes_an_action(undone_by_changes):
    """An object is changed, acted upon, and changed again in each way; what the action has set is as it was set."""
    assert undone_by_changes == []


@requirement("REST-TIMESTAMP-OFFSET")
@for_each_operation(writing_synchronously)
def test_a_moment_is_the_same_in_any_offset(owner, moment):
    """A moment that was just written in UTC, and shown, is written with an offset of five and a half hours."""
    reply = owner.send(moment.request)

    assert reply == accepted(moment.operation)
    assert moment.shown(reply) == moment.instant


@requirement("REST-PUT-REPLACES")
@for_each_operation(replacing)
def test_what_a_replacement_leaves_out_is_as_new(replacement):
    """A bare state is written, one with other values, and the bare one again; nothing of the other values is left."""
    kept = replacement.kept_members()

    assert kept == []


@requirement("REST-PUT-REPLACES")
@for_each_operation(replacing)
def test_what_a_replacement_cannot_hold_stays(replacement):
    """A bare state is written, and another one; the members that no body of it can hold are the same after both."""
    lost = replacement.lost_members()

    assert lost == []


@requirement("REST-TIMESTAMP-FORMAT")
@for_each_operation(any_operation)
def test_moments_are_written_with_their_offset(date_time_values):
    """The members of an accepted answer that are declared as date-time hold RFC 3339 with an offset."""
    wrong = [value for value in date_time_values if not is_date_time(value)]

    assert wrong == []
