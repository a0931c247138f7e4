"""What is counted: each success once, and nothing else."""

from conformance.marks import for_each_operation, requirement
from conformance.selection.operations import counting


@requirement("ASYNC-EVENTUAL-CONSISTENCY")
@for_each_operation(counting)
def test_a_counter_reaches_what_it_counts(tally):
    """A fresh object is addressed five times; its counter shows five within the bound."""
    tally.hit(5)

    assert tally.reached(5) >= 5


@requirement("ASYNC-EVENTUAL-CONSISTENCY")
@for_each_operation(counting)
def test_a_counter_reaches_what_happens_at_once(tally, at_once):
    """A fresh object is addressed by twelve at the same time; its counter shows twelve within the bound."""
    at_once(12, tally.hit)

    assert tally.reached(12) >= 12


@requirement("ASYNC-COUNT-NOT-EXCEEDED")
@for_each_operation(counting)
def test_a_counter_shows_no_more_than_what_it_counts(tally):
    """After three successes have been counted, one more follows; once it is counted, the counter shows four."""
    tally.hit(3)
    tally.reached(3)
    tally.hit()

    assert tally.reached(4) == 4


@requirement("ASYNC-COUNT-OWN-OBJECT")
@for_each_operation(counting)
def test_a_counter_leaves_out_what_happened_to_another_object(tally, sibling_tally):
    """Of two objects of one owner, one is addressed three times, then the other once; each counter shows its own."""
    tally.hit(3)
    sibling_tally.hit()

    assert (sibling_tally.reached(1), tally.reached(3)) == (1, 3)
