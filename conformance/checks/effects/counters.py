"""Counters: each success is counted once, and nothing else."""

from conformance.marks import for_each_operation, given, requirement
from conformance.selection.operations import counting


@requirement("ASYNC-EVENTUAL-CONSISTENCY")
@for_each_operation(counting)
def test_a_counter_reaches_what_it_counts(object_counter):
    """A fresh object is addressed five times; its counter shows five within the bound."""
    object_counter.send_counted(5)

    assert object_counter.wait_for(5) >= 5


@requirement("ASYNC-EVENTUAL-CONSISTENCY")
@for_each_operation(counting)
def test_a_counter_reaches_what_happens_at_once(object_counter, at_once):
    """A fresh object is addressed by 24 at the same time; its counter shows 24 within the bound."""
    at_once(24, object_counter.send_counted)

    assert object_counter.wait_for(24) >= 24


@requirement("ASYNC-COUNT-NOT-EXCEEDED")
@for_each_operation(counting)
def test_a_counter_shows_no_more_than_what_it_counts(object_counter):
    """After three successes have been counted, one more follows; once it is counted, the counter shows four."""
    object_counter.send_counted(3)
    object_counter.wait_for(3)
    object_counter.send_counted()

    assert object_counter.wait_for(4) == 4


@requirement("ASYNC-COUNT-NOT-EXCEEDED")
@for_each_operation(counting)
@given("head_answered")
def test_looking_is_not_counted(object_counter):
    """A fresh object is asked for by HEAD three times, and twice as it is counted; the counter shows two."""
    object_counter.look(3)
    object_counter.send_counted()
    object_counter.wait_for(1)
    object_counter.send_counted()

    assert object_counter.wait_for(2) == 2


@requirement("ASYNC-COUNT-NOT-EXCEEDED")
@for_each_operation(counting)
def test_a_refusal_is_not_counted(count_beside_refusals):
    """An object is brought into states in which it is refused, and back; the counter shows the success that follows."""
    shown, successes = count_beside_refusals

    assert shown == successes


@requirement("ASYNC-COUNT-OWN-OBJECT")
@for_each_operation(counting)
def test_a_counter_leaves_out_what_happened_to_another_object(object_counter, other_object_counter):
    """Of two objects of one owner, one is addressed three times, then the other once; each counter shows its own."""
    object_counter.send_counted(3)
    other_object_counter.send_counted()

    assert (other_object_counter.wait_for(1), object_counter.wait_for(3)) == (1, 3)
