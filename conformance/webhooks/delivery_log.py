"""The delivery log of the target (x-delivery-log): reading its entries and asking for redelivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from conformance.contract.document import located
from conformance.errors import BlockedError, InapplicableError
from conformance.http.polling import until
from conformance.observations.page_walk import items, pages
from conformance.requests.identifiers import unknown_identifier
from conformance.requests.transient_objects import pending

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.contract.vocabulary import DeliveryLog
    from conformance.http.messages import Reply, Request
    from conformance.requests.arrangement import Arranger
    from conformance.webhooks.subscriptions import Registration


@dataclass(frozen=True, kw_only=True)
class DeliveryLogEntry:
    """One delivery as the log shows it: `item` is its JSON, read by the pointers of the declared `log`."""

    log: DeliveryLog
    item: Any

    @property
    def attempts(self) -> list[Any]:
        return list(located(self.item, self.log.attempts) or [])

    @property
    def statuses(self) -> list[Any]:
        """The status with which the receiver answered each attempt; None where there was no answer."""
        return [located(attempt, self.log.status) for attempt in self.attempts]

    @property
    def pending(self) -> bool:
        return pending(self.log, self.item)

    @property
    def text(self) -> str:
        return str(self.item)

    def value_at(self, pointer: str) -> Any:
        return located(self.item, pointer)


@dataclass(frozen=True, kw_only=True)
class DeliveryLogReader:
    """Reads the delivery log of the target; `bound`: seconds until a delivery must show in it."""

    contract: Contract
    arranger: Arranger
    log: DeliveryLog
    bound: float

    @property
    def redelivery_operation(self) -> Operation:
        """The operation that sends a delivery again. Raises InapplicableError if the contract has none."""
        if not self.log.redeliver:
            raise InapplicableError("the contract has no operation that sends a delivery again (x-delivery-log)")
        return self.contract.operation(self.log.redeliver)

    def page(self, hook: Registration) -> Reply:
        """The first page of what was sent to the receiver."""
        return hook.account.send(self._listing(hook))

    def find(self, hook: Registration, message: str) -> DeliveryLogEntry | None:
        """The present entry of the message with this id (the id in its delivery); None if there is none."""
        found = (item for page in pages(hook.account, self._listing(hook)) for item in self._items(page))
        entries = (DeliveryLogEntry(log=self.log, item=item) for item in found)
        return next((entry for entry in entries if entry.value_at(self.log.message) == message), None)

    def entry_with_attempts(self, hook: Registration, message: str, attempts: int) -> DeliveryLogEntry:
        """The entry once it shows so many attempts, else after the bound. Raises BlockedError if there is none."""
        found = until(
            lambda: self.find(hook, message),
            lambda entry: entry is not None and len(entry.attempts) >= attempts,
            within=self.bound,
        )
        return self._require_entry(found)

    def completed_entry(self, hook: Registration, message: str, *, within: float = 0.0) -> DeliveryLogEntry:
        """The entry when its state is not pending any more. Raises BlockedError if there is none, or it stays pending.

        `within`: seconds that the delivery may take in addition to the bound.
        """
        if "pending" not in self.log.states:
            raise InapplicableError("the contract does not say when a delivery is done (x-delivery-log, states)")
        found = until(
            lambda: self.find(hook, message),
            lambda entry: entry is not None and not entry.pending,
            within=within + self.bound,
        )
        entry = self._require_entry(found)
        if entry.pending:
            raise BlockedError("the log shows the delivery as pending for ever.")
        return entry

    def entry_after_redelivery(self, hook: Registration, entry: DeliveryLogEntry) -> DeliveryLogEntry:
        """The entry with one attempt more, else as it is after the bound."""
        return self.entry_with_attempts(hook, entry.value_at(self.log.message), len(entry.attempts) + 1)

    def outcome_of(self, entry: DeliveryLogEntry) -> str:
        """The meaning that the contract gives the state of the entry: pending, delivered or failed; "" for none."""
        state = entry.value_at(self.log.state)
        return next((name for name, values in self.log.states.items() if state in values), "")

    def inconsistent_attempts(self, entry: DeliveryLogEntry) -> list[Any]:
        """The attempts for which the log shows neither a status nor a failure, or both."""
        if not (self.log.status and self.log.failure):
            return []
        pointers = (self.log.status, self.log.failure)
        return [each for each in entry.attempts if sum(located(each, pointer) is None for pointer in pointers) != 1]

    def attempt_times(self, entry: DeliveryLogEntry) -> list[datetime]:
        """The time of each attempt (RFC 3339). Raises InapplicableError if the contract does not declare it."""
        if not self.log.time:
            raise InapplicableError("the contract does not say when an attempt was made (x-delivery-log, time)")
        return [datetime.fromisoformat(str(located(attempt, self.log.time))) for attempt in entry.attempts]

    def redeliver(self, hook: Registration, entry: DeliveryLogEntry) -> Reply:
        """The reply to the request for redelivery of this delivery."""
        return hook.account.send(self._request(self.redelivery_operation, hook, str(entry.value_at(self.log.id))))

    def redeliver_unknown(self, hook: Registration, entry: DeliveryLogEntry) -> Reply:
        """The reply to the request for redelivery of a delivery that does not exist."""
        return hook.account.send(
            self._request(self.redelivery_operation, hook, unknown_identifier(str(entry.value_at(self.log.id))))
        )

    def _listing(self, hook: Registration) -> Request:
        return self._request(self.contract.operation(self.log.operation), hook)

    def _request(self, operation: Operation, hook: Registration, delivery: str = "") -> Request:
        known = {operation.path_parameters[-1]: delivery, **hook.parameters}
        return self.arranger.request_with(operation, {name: known[name] for name in operation.path_parameters})

    def _items(self, reply: Reply) -> list[Any]:
        if not reply.success:
            raise BlockedError(f"{self.log.operation} answered {reply.status} to the owner of the receiver.")
        return items(self.contract, reply)

    def _require_entry(self, entry: DeliveryLogEntry | None) -> DeliveryLogEntry:
        if entry is None:
            raise BlockedError(f"the log shows nothing of a delivery within {self.bound:g} s.")
        return entry
