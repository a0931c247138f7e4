"""The recipients of events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import InapplicableError, UntestableError
from conformance.grid.expected_access import NotApplicable

if TYPE_CHECKING:
    from conformance.contract.messages import Event
    from conformance.grid.cells import Cell
    from conformance.identity.accounts import Account
    from conformance.oauth.principals import Principals
    from conformance.servers.webhook_receiver import Delivery
    from conformance.webhooks.deliveries import Deliveries
    from conformance.webhooks.subscriptions import Subscriber


@dataclass(frozen=True, kw_only=True)
class EventRecipients:
    """Causes an event of the first principal, and observes a receiver of a cell's caller."""

    principals: Principals
    subscriber: Subscriber
    deliveries: Deliveries

    def awaited_deliveries(self, cell: Cell) -> list[Delivery]:
        """The deliveries of the event to the caller's receiver, awaited after the one to the owner's."""
        event, caller, owner = self._prepare(cell)
        subscriber = self.subscriber
        hook = subscriber.register(owner)
        listening = hook if caller is owner else subscriber.register(caller)
        occurrence = subscriber.trigger(hook, event)
        if listening is not hook:
            self.deliveries.wait_for(hook, occurrence)
        return self.deliveries.received(listening, occurrence)

    def fenced_deliveries(self, cell: Cell) -> list[Delivery]:
        """The deliveries of the event to the caller's receiver before a later event, the fence, which must arrive."""
        event, caller, owner = self._prepare(cell)
        subscriber = self.subscriber
        hook, listening = subscriber.register(owner), subscriber.register(caller)
        occurrence = subscriber.trigger(hook, event)
        self.deliveries.wait_for(hook, occurrence)
        return [found for found in self.deliveries.before_fence(listening) if occurrence.mentioned_in(found)]

    def _prepare(self, cell: Cell) -> tuple[Event, Account, Account]:
        if isinstance(cell.expected, NotApplicable):
            raise InapplicableError(cell.expected.reason)
        assert cell.event is not None
        owner = self.principals.principal(0)
        return cell.event, self._caller(cell, owner), owner

    def _caller(self, cell: Cell, owner: Account) -> Account:
        if cell.caller.name == "owner":
            return owner
        if cell.caller.name == "colleague":
            return owner.colleague()
        other = self.principals.principal(1)
        registering = self.subscriber.contract.operation(self.subscriber.subscription.operation)
        if registering.ownership.visibility == "tenant" and other.tenant == owner.tenant:
            raise UntestableError(
                f"needs {owner.name} and {other.name} to be of two tenants. Say so with tenant = in "
                f"[identities.{owner.name}] and [identities.{other.name}].",
            )
        return other
