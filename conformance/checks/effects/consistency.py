"""Consistency: what several channels show of one effect does not contradict."""

from conformance.ledger.statement import no_effect, one_effect
from conformance.marks import for_each_event, for_each_operation, requirement, variants
from conformance.selection.operations import (
    counting,
    emitting_action,
    emitting_update,
    emitting_write,
    mutating,
    private_delete,
    update_taking_if_match,
)
from conformance.selection.quota import with_quota
from conformance.webhooks.occurrences import told_of_event

WAYS = {"scope": "scope", "stranger": "stranger", "body": "body", "precondition": "precondition"}


@requirement("LEDGER-DELETE-ONCE")
@for_each_operation(private_delete)
def test_a_deletion_shows_once(ledger):
    """An object is deleted, and then once more; every channel shows that it is gone, and one event tells it."""
    ledger.send()
    ledger.send()

    assert ledger.statement() == one_effect


@requirement("LEDGER-CONDITIONAL-RACE")
@for_each_operation(update_taking_if_match)
def test_of_many_writers_one_shows(ledger, competing_write, at_once):
    """Eight writers who have all read the same tag write at once; every channel shows the change of one of them."""
    at_once(8, competing_write)

    assert ledger.statement() == one_effect


@requirement("LEDGER-REFUSED-NOWHERE")
@for_each_operation(mutating)
@variants("way", WAYS)
def test_what_is_refused_shows_nowhere(ledger, send_refused, way):
    """A request is refused; no channel shows anything of it when the same, accepted, shows on all of them."""
    send_refused(way)

    assert ledger.statement() == no_effect


@requirement("LEDGER-READ-WHEN-TOLD")
@for_each_operation(emitting_write)
def test_what_is_told_can_be_read(stale_reads):
    """Five times something is asked for, and read in the moment in which its event arrives: it is there."""
    assert stale_reads(5) == []


@requirement("LEDGER-EVENT-OF-VERSION")
@for_each_operation(emitting_update)
def test_an_event_shows_its_version(history):
    """An object is changed four times and read after each; each event shows what was read in its version."""
    assert history.contradictions == []


@requirement("LEDGER-EVENT-OF-VERSION")
@for_each_operation(emitting_update)
def test_the_last_version_is_told(history):
    """An object is changed four times; the version that is read at the end is among those that events have told."""
    assert history.unannounced == []


@requirement("LEDGER-EVENT-OF-VERSION")
@for_each_operation(emitting_action)
def test_the_event_of_an_action_shows_what_is_read(contradictions):
    """A changed object is acted upon twice, or deleted; an event shows it as it is read each time, or was before."""
    assert contradictions == []


@requirement("LEDGER-ONE-ID")
@for_each_event()
def test_an_event_has_one_id(two_event_ids):
    """Two receivers of one account are told of one event, with the same id."""
    first, second = two_event_ids

    assert second == first


@requirement("LEDGER-COUNTED-AND-TOLD")
@for_each_operation(counting)
def test_what_is_counted_is_told(object_counter, announced_count, at_once):
    """Six successes that are counted come at once, then one more; counter and events show seven."""
    at_once(6, object_counter.send_counted)
    first = (object_counter.wait_for(6), announced_count(6))
    object_counter.send_counted()

    assert first == (6, 6)
    assert (object_counter.wait_for(7), announced_count(7)) == (7, 7)


@requirement("ASYNC-CHANNEL-AGREEMENT")
@for_each_event()
def test_receivers_are_told_the_same(two_deliveries):
    """Two receivers of one account are told of one event; id, type, time and data are equal."""
    first, second = two_deliveries

    assert told_of_event(second.payload) == told_of_event(first.payload)


@requirement("LEDGER-QUOTA")
@for_each_operation(with_quota)
def test_a_repeat_costs_no_more(quota_costs):
    """A keyed request is repeated three times, then another is sent; no repeat costs more than a first one."""
    *repeats, first = quota_costs

    assert min(repeats) <= max(first, 1)
