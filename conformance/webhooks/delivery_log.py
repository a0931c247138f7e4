"""What a server tells of its deliveries, and having it send one again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from conformance.contract.document import located
from conformance.errors import BlockedError, InapplicableError
from conformance.http.polling import until
from conformance.requests.arrangement import unknown_identifier
from conformance.requests.page_walk import pages
from conformance.requests.transient_objects import pending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.contract.vocabulary import DeliveryLog
    from conformance.http.messages import Reply, Request
    from conformance.requests.arrangement import Arranger
    from conformance.webhooks.subscriptions import Registration


@dataclass(frozen=True, kw_only=True)
class DeliveryLogEntry:
    """One delivery, as the log shows it."""

    log: DeliveryLog
    item: Any

    @property
    def attempts(self) -> list[Any]:
        return list(located(self.item, self.log.attempts) or [])

    @property
    def statuses(self) -> list[Any]:
        """What each attempt was answered, None for no answer."""
        return [located(tried, self.log.status) for tried in self.attempts]

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
    """The log of one contract; `bound` is how long it may take until something shows in it (seconds)."""

    contract: Contract
    arranger: Arranger
    log: DeliveryLog
    bound: float

    @property
    def redelivery_operation(self) -> Operation:
        """The operation that sends a delivery again."""
        if not self.log.redeliver:
            raise InapplicableError("the contract has no operation that sends a delivery again (x-delivery-log)")
        return self.contract.operation(self.log.redeliver)

    def find(self, hook: Registration, message: str) -> DeliveryLogEntry | None:
        """The entry of the message that the receiver knows by this id, as it is now."""
        request = self._request(self.contract.operation(self.log.operation), hook)
        items = (item for reply in pages(hook.account, request) for item in self._items(reply))
        entries = (DeliveryLogEntry(log=self.log, item=item) for item in items)
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
        """The entry once nothing more is to come. Raises BlockedError if there is none, or no end.

        `within`: seconds that the delivery may take.
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
        """The same entry with one attempt more, else as it is after the bound."""
        return self.entry_with_attempts(hook, entry.value_at(self.log.message), len(entry.attempts) + 1)

    def outcome_of(self, entry: DeliveryLogEntry) -> str:
        """What the state of the entry stands for: pending, delivered or failed; empty for anything else."""
        state = entry.value_at(self.log.state)
        return next((name for name, values in self.log.states.items() if state in values), "")

    def inconsistent_attempts(self, entry: DeliveryLogEntry) -> list[Any]:
        """The attempts of which the log shows neither an answer nor a failure, or both."""
        if not (self.log.status and self.log.failure):
            return []
        places = (self.log.status, self.log.failure)
        return [tried for tried in entry.attempts if sum(located(tried, place) is None for place in places) != 1]

    def attempt_times(self, entry: DeliveryLogEntry) -> list[datetime]:
        """When the attempts were made."""
        if not self.log.time:
            raise InapplicableError("the contract does not say when an attempt was made (x-delivery-log, time)")
        return [datetime.fromisoformat(str(located(tried, self.log.time))) for tried in entry.attempts]

    def redeliver(self, hook: Registration, entry: DeliveryLogEntry) -> Reply:
        """The reply to the request to send it again."""
        return hook.account.send(self._request(self.redelivery_operation, hook, str(entry.value_at(self.log.id))))

    def redeliver_unknown(self, hook: Registration, entry: DeliveryLogEntry) -> Reply:
        """The reply to the request to send again what there never was."""
        return hook.account.send(
            self._request(self.redelivery_operation, hook, unknown_identifier(str(entry.value_at(self.log.id))))
        )

    def _request(self, operation: Operation, hook: Registration, delivery: str = "") -> Request:
        known = {operation.path_parameters[-1]: delivery, **hook.parameters}
        return self.arranger.request_with(operation, {name: known[name] for name in operation.path_parameters})

    def _items(self, reply: Reply) -> Iterator[Any]:
        """The items of a page: the list that it is, or the one among its members."""
        if not reply.success:
            raise BlockedError(f"{self.log.operation} answered {reply.status} to the owner of the receiver.")
        lists = [reply.json, *(reply.json.values() if isinstance(reply.json, dict) else [])]
        yield from next((known for known in lists if isinstance(known, list)), [])

    def _require_entry(self, entry: DeliveryLogEntry | None) -> DeliveryLogEntry:
        if entry is None:
            raise BlockedError(f"the log shows nothing of a delivery within {self.bound:g} s.")
        return entry
