"""The rules for the address of a receiver, applied wherever the contract lets one be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_impl.domain.refusals import Offence, invalid
from reference_impl.events.receivers import ForbiddenReceiverError, ReceiverPolicy

if TYPE_CHECKING:
    from reference_impl.contract import Contract, Operation
    from reference_impl.gateway.call import Call


class ReceiverRules:
    """Refuses addresses that must not be called, before anything is written."""

    def __init__(self, policy: ReceiverPolicy, contract: Contract) -> None:
        self.policy = policy
        self.places = {
            name: operation.description["x-subscription"]["url"]
            for operation in contract.operations.values()
            if "x-subscription" in operation.description
            for name in (operation.id, operation.description["x-subscription"]["update"])
        }

    def check(self, call: Call) -> None:
        pointer = self.pointer(call.operation)
        url = call.body.get(pointer.removeprefix("/")) if pointer else None
        if url is None:
            return
        try:
            self.policy.check(url)
        except ForbiddenReceiverError as reason:
            raise invalid(Offence(pointer=pointer, detail=str(reason))) from reason

    def pointer(self, operation: Operation) -> str | None:
        """Where the operation takes an address, if it does."""
        return self.places.get(operation.id)
