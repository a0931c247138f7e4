"""Is it yours? Asked third: an object belongs to the principal who made it, and to nobody else."""

from conformance.authorization.unauthorized_access import NOTHING
from conformance.judgement.expectations import refused, status
from conformance.marks import for_each_operation, requirement
from conformance.observations.predictability import predictable
from conformance.selection.authorization import (
    declaring_stranger_status,
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
    owned_read,
    owned_subresource,
    owned_update,
    referring,
    referring_by_list,
)


@requirement("OBJ-READ-FOREIGN")
@for_each_operation(owned_read)
def test_a_stranger_does_not_see_it(bob, gain):
    """Bob asks for an object that Alice has just read; nothing of it is in the answer."""
    gained = gain(bob)

    assert gained == NOTHING


@requirement("OBJ-UPDATE-FOREIGN")
@for_each_operation(owned_update)
def test_a_stranger_does_not_change_it(bob, gain):
    """Bob sends a change of Alice's object such as she may make; she finds it as it was."""
    gained = gain(bob)

    assert gained == NOTHING


@requirement("OBJ-UPDATE-FOREIGN")
@for_each_operation(owned_conditional_change)
def test_the_tag_of_an_object_is_no_key_to_it(bob, with_its_tag, gain):
    """Bob sends a change of Alice's object with its current tag; she finds it as it was."""
    gained = gain(bob, with_its_tag)

    assert gained == NOTHING


@requirement("OBJ-DELETE-FOREIGN")
@for_each_operation(owned_delete)
def test_a_stranger_does_not_delete_it(bob, gain):
    """Bob deletes an object of Alice's; she finds it as it was."""
    gained = gain(bob)

    assert gained == NOTHING


@requirement("OBJ-ACTION-FOREIGN")
@for_each_operation(owned_action)
def test_a_stranger_does_not_act_upon_it(bob, gain):
    """Bob has something done with an object of Alice's; it is not done."""
    gained = gain(bob)

    assert gained == NOTHING


@requirement("OBJ-ACTION-FOREIGN")
@for_each_operation(owned_emitter)
def test_a_stranger_causes_no_event(bob, events_of):
    """Bob asks for what would cause an event about Alice's object; between two others her receiver hears of none."""
    bodies = events_of(bob)

    assert bodies == []


@requirement("OBJ-LIST-ISOLATION")
@for_each_operation(owned_collection)
def test_a_list_shows_nothing_of_others(bob, shelf):
    """Bob reads the collection in which Alice sees an object of hers; it is on no page of his."""
    gained = shelf.gain(bob)

    assert gained == NOTHING


@requirement("OBJ-LIST-ISOLATION")
@for_each_operation(owned_collection)
def test_no_filter_shows_anything_of_others(bob, shelf, filtered):
    """Bob reads the collection with generated values of its parameters; Alice's object is on no page."""
    gained = shelf.gain(bob, *filtered)

    assert gained == NOTHING


@requirement("OBJ-LIST-ISOLATION")
@for_each_operation(owned_collection)
def test_nobody_lists_in_anothers_name(bob, shelf, posed_readings):
    """Bob names Alice in headers and parameters that might be taken for the caller; her object is on no page."""
    gained = shelf.gain(bob, *posed_readings)

    assert gained == NOTHING


@requirement("OBJ-SUBRESOURCE-FOREIGN")
@for_each_operation(owned_subresource)
def test_a_stranger_does_not_see_what_lies_under_it(bob, beneath):
    """Bob reads what lies under an object of Alice's; nothing of it is in the answer."""
    gained = beneath(bob)

    assert gained == NOTHING


@requirement("OBJ-CROSS-PARENT-CHILD")
@for_each_operation(owned_child)
def test_a_parent_of_ones_own_is_no_key_to_anothers_child(bob, gain, under_bobs):
    """Bob names Alice's object under one of his own; he gets nothing of it."""
    gained = gain(bob, under_bobs)

    assert gained == NOTHING


@requirement("OBJ-CROSS-PARENT-CHILD")
@for_each_operation(owned_child)
def test_a_child_is_found_under_its_own_parent_alone(owner, under_another):
    """Alice names her object under another one of hers, where it is not; she is refused."""
    reply = owner.send(under_another)

    assert reply == refused


@requirement("OBJ-REFERENCE-FOREIGN")
@for_each_operation(referring)
def test_an_id_is_no_key_wherever_it_stands(bob, named):
    """Bob names an object of Alice's where he should name his own, in query or body; he gets nothing of it."""
    gained = named.gain(bob)

    assert gained == NOTHING


@requirement("OBJ-BULK-ITEM-CHECK")
@for_each_operation(referring_by_list)
def test_each_of_several_ids_is_checked(bob, named):
    """Bob names an object of Alice's between two of his own; he gets nothing of it."""
    gained = named.gain_among_own(bob)

    assert gained == NOTHING


@requirement("OBJ-STRANGER-STATUS")
@for_each_operation(declaring_stranger_status)
def test_a_stranger_gets_the_declared_status(bob, operation, ready):
    """Bob's request about Alice's object is answered with the status that x-ownership declares."""
    reply = bob.send(ready.request)

    assert reply == status(operation.ownership.stranger)


@requirement("OBJ-NO-EXISTENCE-ORACLE")
@for_each_operation(hiding_from_strangers)
def test_a_stranger_cannot_tell_that_it_exists(told_apart):
    """Bob's request about Alice's object is answered as the same request about objects that nobody made."""
    telling = told_apart

    assert telling == {}


@requirement("OBJ-CONDITIONAL-NO-ORACLE")
@for_each_operation(owned_conditional_read)
def test_a_known_tag_does_not_confirm_an_object(bob, unchanged):
    """Bob sends the condition by which Alice has just got a 304; he gets none."""
    reply = bob.send(unchanged)

    assert reply != status(304)


@requirement("OBJ-CONDITIONAL-NO-ORACLE")
@for_each_operation(owned_conditional_change)
def test_a_wrong_tag_does_not_confirm_an_object(bob, outdated):
    """Bob sends the condition by which Alice has just got a 412; he gets none."""
    reply = bob.send(outdated)

    assert reply != status(412)


@requirement("OBJ-OWNER-FROM-TOKEN")
@for_each_operation(owned_creation)
def test_nobody_makes_an_object_for_another(bobs_shelf, bob, alice, posed_creations):
    """Alice makes objects and names Bob as their owner in members, parameters and headers; none is in his list."""
    markers = [alice.send(request).request.marker for request in posed_creations]

    assert [marker for marker in markers if bobs_shelf.shows(bob, marker)] == []


@requirement("OBJ-READONLY-PROPERTIES")
@for_each_operation(mass_assignable)
def test_what_is_read_only_cannot_be_set(imposed):
    """Values are sent for the members that are declared readOnly, one after another; none is there on reading."""
    taken = imposed

    assert taken == []


@requirement("OBJ-SECRET-PROPERTIES-HIDDEN")
def test_a_secret_is_not_shown_again(looks, revealing):
    """All that shows or changes a registered receiver is asked for; its signing secret is in no answer."""
    shown = [reply.request.operation for reply in looks if revealing(reply.whole)]

    assert shown == []


@requirement("OBJ-SECRET-PROPERTIES-HIDDEN")
def test_a_secret_is_not_delivered(delivery, revealing):
    """An event is delivered; the receiver's signing secret is in none of its parts."""
    texts = [delivery.target, *delivery.headers.values(), delivery.body.decode(errors="replace")]

    assert [text for text in texts if revealing(text)] == []


@requirement("OBJ-CLIENT-TOKEN-BOUNDARY")
@for_each_operation(owned)
def test_a_client_is_a_stranger_too(machine, gain):
    """A client with credentials of its own asks for what Alice may do with her object; it gets nothing."""
    gained = gain(machine)

    assert gained == NOTHING


@requirement("OBJ-CLIENT-TOKEN-BOUNDARY")
@for_each_operation(owned_collection)
def test_a_client_sees_nothing_of_others_in_lists(machine, shelf):
    """A client with credentials of its own reads the collection; Alice's object is on no page."""
    gained = shelf.gain(machine)

    assert gained == NOTHING


@requirement("OBJ-IDS-UNPREDICTABLE")
@for_each_operation(owned_creation)
def test_ids_do_not_count(identifiers):
    """A dozen objects are made in a row; their identifiers do not follow each other in small steps."""
    counting = [name for name, values in identifiers.items() if predictable(values)]

    assert counting == []
