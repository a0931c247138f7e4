"""A counter: the number that one operation shows of the successes of another one, on one object (`x-counts`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.contract.expressions import evaluate
from conformance.errors import BlockedError, InapplicableError
from conformance.http.polling import until
from conformance.observations.page_walk import items, pages

if TYPE_CHECKING:
    from conformance.contract.operation import Operation
    from conformance.http.messages import Request
    from conformance.identity.accounts import Account


@dataclass(frozen=True, kw_only=True)
class ObjectCounter:
    """One object with its counter; numbers are relative to `baseline`."""

    counted: Operation
    counted_request: Request
    caller: Account
    reading: Request
    owner: Account
    bound: float  # seconds until a success stands in the counter
    baseline: int = 0

    def send_counted(self, count: int = 1) -> None:
        """Sends the counted request so often. Raises BlockedError if one is refused."""
        for _ in range(count):
            reply = self.caller.send(self.counted_request)
            if not self.counted.succeeded(reply.status):
                raise BlockedError(f"{self.counted.id}, which is counted, answered {reply.status} to a valid request.")

    def look(self, count: int) -> None:
        """Asks so often by HEAD for what is counted. Raises InapplicableError where it is not read by GET."""
        if self.counted.method != "GET":
            raise InapplicableError(f"{self.counted.id}, which is counted, is no GET, beside which there were a HEAD")
        for _ in range(count):
            self.caller.send(self.counted_request.with_method("HEAD"))

    def wait_for(self, wanted: int) -> int:
        """The number as soon as it is at least `wanted`, else the one after the bound."""
        return until(self.read, lambda number: number >= wanted, within=self.bound)

    def read(self) -> int:
        """The number that the counter shows now."""
        return self._shown() - self.baseline

    def _shown(self) -> int:
        counts = self.owner.contract.operation(self.reading.operation).counts
        if counts is None or not counts.member:
            return sum(
                len(items(self.owner.contract, page)) for page in pages(self.owner, self.reading) if page.success
            )
        reply = self.owner.send(self.reading, "control")
        number = evaluate(f"$response.body#{counts.member}", {"response": {"body": reply.json}})
        if not isinstance(number, int):
            raise BlockedError(f"{self.reading.operation} answered {reply.status} without a number at {counts.member}.")
        return number
