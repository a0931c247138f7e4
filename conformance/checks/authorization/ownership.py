"""Ownership: an object belongs to the principal who created it (OWASP API1:2023, API3:2023)."""

from conformance.authorization.unauthorized_access import NOTHING
from conformance.judgement.expectations import not_found, status
from conformance.marks import for_each_operation, given, requirement
from conformance.observations.predictability import predictable
from conformance.selection.authorization import (
    declaring_stranger_status,
    declaring_stranger_status_first,
    hiding_from_strangers,
    mass_assignable,
    owned,
    owned_action,
    owned_child,
    owned_collection,
    owned_conditional_change,
    owned_conditional_read,
    owned_creation,
    owned_delete,
    owned_emitter,
    owned_json,
    owned_read,
    owned_subresource,
    owned_update,
    referring,
    referring_by_list,
)
from conformance.selection.operations import both, key_required, paged


@requirement("OBJ-READ-FOREIGN")
@for_each_operation(owned_read)
def test_a_stranger_does_not_see_it(bob, unauthorized_access):
    """Bob asks for an object that Alice has just read; nothing of it is in the answer."""
    gained = unauthorized_access(bob)

    assert gained == NOTHING


@requirement("OBJ-UPDATE-FOREIGN")
@for_each_operation(owned_update)
def test_a_stranger_does_not_change_it(bob, unauthorized_access):
    """Bob sends a change of Alice's object such as she may make; she finds it as it was."""
    gained = unauthorized_access(bob)

    assert gained == NOTHING


@requirement("OBJ-UPDATE-FOREIGN")
@for_each_operation(owned_conditional_change)
def test_the_tag_of_an_object_is_no_key_to_it(bob, request_with_current_tag, unauthorized_access):
    """Bob sends a change of Alice's object with its current tag; she finds it as it was."""
    gained = unauthorized_access(bob, request_with_current_tag)

    assert gained == NOTHING


@requirement("OBJ-DELETE-FOREIGN")
@for_each_operation(owned_delete)
def test_a_stranger_does_not_delete_it(bob, unauthorized_access):
    """Bob deletes an object of Alice's; she finds it as it was."""
    gained = unauthorized_access(bob)

    assert gained == NOTHING


@requirement("OBJ-ACTION-FOREIGN")
@for_each_operation(owned_action)
def test_a_stranger_does_not_act_upon_it(bob, unauthorized_access):
    """Bob has something done with an object of Alice's; it is not done."""
    gained = unauthorized_access(bob)

    assert gained == NOTHING


@requirement("OBJ-ACTION-FOREIGN")
@for_each_operation(owned_emitter)
def test_a_stranger_causes_no_event(bob, caused_events):
    """Bob asks for what would cause an event about Alice's object; between two others her receiver hears of none."""
    bodies = caused_events(bob)

    assert bodies == []


@requirement("OBJ-LIST-ISOLATION")
@for_each_operation(owned_collection)
def test_a_list_shows_nothing_of_others(bob, planted_object):
    """Bob reads the collection in which Alice sees an object of hers; it is on no page of his."""
    gained = planted_object.access(bob)

    assert gained == NOTHING


@requirement("OBJ-LIST-ISOLATION")
@for_each_operation(both(owned_collection, paged))
def test_a_later_page_shows_nothing_of_others(planted_object, bobs_second_page):
    """Alice makes an object, Bob three, and he reads them in pages of two; hers is not on his second page."""
    assert planted_object.marker not in bobs_second_page.text


@requirement("OBJ-LIST-ISOLATION")
@for_each_operation(owned_collection)
def test_no_filter_shows_anything_of_others(bob, planted_object, filtered_listings):
    """Bob reads the collection with generated values of its parameters; Alice's object is on no page."""
    gained = planted_object.access(bob, *filtered_listings)

    assert gained == NOTHING


@requirement("OBJ-LIST-ISOLATION")
@for_each_operation(owned_collection)
def test_nobody_lists_in_anothers_name(bob, planted_object, listings_as_alice):
    """Bob names Alice in headers and parameters that might be taken for the caller; her object is on no page."""
    gained = planted_object.access(bob, *listings_as_alice)

    assert gained == NOTHING


@requirement("OBJ-SUBRESOURCE-FOREIGN")
@for_each_operation(owned_subresource)
def test_a_stranger_does_not_see_what_lies_under_it(bob, subresource_access):
    """Bob reads what lies under an object of Alice's; nothing of it is in the answer."""
    gained = subresource_access(bob)

    assert gained == NOTHING


@requirement("OBJ-CROSS-PARENT-CHILD")
@for_each_operation(owned_child)
def test_a_parent_of_ones_own_is_no_key_to_anothers_child(bob, unauthorized_access, request_under_bobs_parent):
    """Bob names Alice's object under one of his own; he gets nothing of it."""
    gained = unauthorized_access(bob, request_under_bobs_parent)

    assert gained == NOTHING


@requirement("OBJ-CROSS-PARENT-CHILD")
@for_each_operation(owned_child)
def test_a_child_is_found_under_its_own_parent_alone(owner, ready, request_under_other_parent):
    """Alice names her object under another one of hers, where it is not; she is refused, or a new one is made there."""
    reply = ready.send_beside_unknown(owner, request_under_other_parent)

    assert reply == not_found


@requirement("OBJ-REFERENCE-FOREIGN")
@for_each_operation(referring)
def test_an_id_is_no_key_wherever_it_stands(bob, foreign_reference):
    """Bob names an object of Alice's where he should name his own, in query or body; he gets nothing of it."""
    gained = foreign_reference.access(bob)

    assert gained == NOTHING


@requirement("OBJ-BULK-ITEM-CHECK")
@for_each_operation(referring_by_list)
def test_each_of_several_ids_is_checked(bob, foreign_reference):
    """Bob names an object of Alice's between two of his own; he gets nothing of it."""
    gained = foreign_reference.access_in_list(bob)

    assert gained == NOTHING


@requirement("OBJ-STRANGER-STATUS")
@for_each_operation(declaring_stranger_status)
def test_a_stranger_gets_the_declared_status(bob, operation, ready):
    """Bob's request about Alice's object is answered with the status that x-ownership declares."""
    reply = bob.send(ready.request)

    assert reply == status(operation.ownership.stranger)


@requirement("OBJ-STRANGER-STATUS")
@for_each_operation(both(declaring_stranger_status_first, owned_json))
@given("normative")
def test_whose_it_is_is_judged_before_the_body(bob, operation, ready):
    """Bob's request about Alice's object, with a body that is no JSON, is answered with the same status."""
    reply = bob.send(ready.request.with_body(b"{"))

    assert reply == status(operation.ownership.stranger)


@requirement("OBJ-STRANGER-STATUS")
@for_each_operation(both(declaring_stranger_status_first, key_required))
@given("normative")
def test_whose_it_is_is_judged_before_the_key(bob, operation, ready):
    """Bob's request about Alice's object, without the idempotency key that it needs, is answered with that status."""
    reply = bob.send(ready.request.without_header(operation.idempotency.header))

    assert reply == status(operation.ownership.stranger)


@requirement("OBJ-NO-EXISTENCE-ORACLE")
@for_each_operation(hiding_from_strangers)
def test_a_stranger_cannot_tell_that_it_exists(existence_differences):
    """Bob's request about Alice's object is answered as the same request about objects that nobody made."""
    telling = existence_differences

    assert telling == {}


@requirement("OBJ-CONDITIONAL-NO-ORACLE")
@for_each_operation(owned_conditional_read)
def test_a_known_tag_does_not_confirm_an_object(bob, not_modified_request):
    """Bob sends the condition by which Alice has just got a 304; he gets none."""
    reply = bob.send(not_modified_request)

    assert reply != status(304)


@requirement("OBJ-CONDITIONAL-NO-ORACLE")
@for_each_operation(owned_conditional_change)
def test_a_wrong_tag_does_not_confirm_an_object(bob, precondition_failed_request):
    """Bob sends the condition by which Alice has just got a 412; he gets none."""
    reply = bob.send(precondition_failed_request)

    assert reply != status(412)


@requirement("OBJ-OWNER-FROM-TOKEN")
@for_each_operation(owned_creation)
def test_nobody_makes_an_object_for_another(bobs_object, bob, alice, creations_as_bob):
    """Alice makes objects and names Bob as their owner in members, parameters and headers; none is in his list."""
    markers = [alice.send(request).request.marker for request in creations_as_bob]

    assert [marker for marker in markers if bobs_object.shows(bob, marker)] == []


@requirement("OBJ-READONLY-PROPERTIES")
@for_each_operation(mass_assignable)
def test_what_is_read_only_cannot_be_set(assigned_members):
    """Values are sent for the members that are declared readOnly, one after another; none is there on reading."""
    taken = assigned_members

    assert taken == []


@requirement("OBJ-SECRET-PROPERTIES-HIDDEN")
def test_a_secret_is_not_shown_again(receiver_replies, reveals_secret):
    """All that shows or changes a registered receiver is asked for; its signing secret is in no answer."""
    shown = [reply.request.operation for reply in receiver_replies if reveals_secret(reply.full_text)]

    assert shown == []


@requirement("OBJ-SECRET-PROPERTIES-HIDDEN")
def test_a_secret_is_not_delivered(delivery, reveals_secret):
    """An event is delivered; the receiver's signing secret is in none of its parts."""
    texts = [delivery.target, *delivery.headers.values(), delivery.body.decode(errors="replace")]

    assert [text for text in texts if reveals_secret(text)] == []


@requirement("OBJ-CLIENT-TOKEN-BOUNDARY")
@for_each_operation(owned)
def test_a_client_is_a_stranger_too(service_client, unauthorized_access):
    """A client with credentials of its own asks for what Alice may do with her object; it gets nothing."""
    gained = unauthorized_access(service_client)

    assert gained == NOTHING


@requirement("OBJ-CLIENT-TOKEN-BOUNDARY")
@for_each_operation(owned_collection)
def test_a_client_sees_nothing_of_others_in_lists(service_client, planted_object):
    """A client with credentials of its own reads the collection; Alice's object is on no page."""
    gained = planted_object.access(service_client)

    assert gained == NOTHING


@requirement("OBJ-IDS-UNPREDICTABLE")
@for_each_operation(owned_creation)
def test_ids_do_not_count(identifiers):
    """A dozen objects are made in a row; their identifiers do not follow each other in small steps."""
    counting = [f"{name}: {', '.join(values[:3])}, …" for name, values in identifiers.items() if predictable(values)]

    assert counting == []
