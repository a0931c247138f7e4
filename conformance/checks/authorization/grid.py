"""The authorisation grid: who may do what, and who receives which event."""

from conformance.authorization.unauthorized_access import NOTHING
from conformance.grid.cells import admitted, not_notified, notified, refused
from conformance.judgement.expectations import accepted
from conformance.marks import for_each_cell, requirement


@requirement("GRID-REFUSED")
@for_each_cell(refused)
def test_whoever_may_not_gains_nothing(grid_arrangement, cell):
    """A request whose owner has just been accepted comes from somebody who may not; nothing is shown or changed."""
    gained = grid_arrangement.access(cell)

    assert gained == NOTHING


@requirement("GRID-ADMITTED")
@for_each_cell(admitted)
def test_whoever_may_is_accepted(grid_arrangement, cell):
    """A valid request comes from somebody whom the contract lets in; it is accepted."""
    reply = grid_arrangement.attempt(cell)

    assert reply == accepted(cell.operation)


@requirement("GRID-EVENT-AUDIENCE")
@for_each_cell(notified)
def test_an_event_is_told_to_those_who_may_see(event_recipients, cell):
    """Something happens to somebody; the receiver of another one who may see it is told, as is their own."""
    deliveries = event_recipients.awaited_deliveries(cell)

    assert deliveries != []


@requirement("GRID-EVENT-AUDIENCE")
@for_each_cell(not_notified)
def test_an_event_is_told_to_nobody_else(event_recipients, cell):
    """Something happens to somebody; a receiver of one who may not see it hears of a later event, and of this never."""
    deliveries = event_recipients.fenced_deliveries(cell)

    assert deliveries == []
