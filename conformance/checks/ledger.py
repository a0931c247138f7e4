"""One request, one effect, on every channel that shows it."""

from conformance.engine.ledger import one_effect
from conformance.engine.marks import for_each_operation, requirement, variants
from conformance.engine.select import keyed


@requirement("LEDGER-RACE")
@for_each_operation(keyed)
def test_a_race_has_one_effect(ledger, at_once):
    """Eight equal requests with one key are let loose together, then repeated; every channel shows one effect."""
    at_once(8, ledger.send)
    ledger.repeat()

    assert ledger.statement() == one_effect


@requirement("LEDGER-HANG-UP")
@for_each_operation(keyed)
@variants("moment", {"at once": "at once", "at the answer": "at the answer"})
def test_whoever_hung_up_may_repeat(ledger, hang_up, moment):
    """A caller sends a whole request, hangs up without reading the answer, and repeats it: one effect everywhere."""
    hang_up(moment)
    ledger.repeat()

    assert ledger.statement() == one_effect
