"""Requests that start jobs of many items, valid and invalid ones, each with a marker of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count, cycle, islice
from typing import TYPE_CHECKING, Any

from conformance.contract.document import with_value_at
from conformance.errors import InapplicableError, UntestableError
from conformance.requests.bodies import Item
from conformance.requests.invalid_bodies import invalid_variants
from conformance.requests.validity import Validity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger
    from conformance.requests.validity import RequestValidity

MIXED_PATTERN = (True, False, True, True, False)  # of valid items: reversed or sorted, it is another one
MIXED_SIZE = 23  # items; more than a page of results may hold by default
FULL_SIZE = 100  # items


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A request that starts a job, the markers of its items, and whether each item is valid (`good`)."""

    request: Request
    markers: tuple[str, ...]
    good: tuple[bool, ...]

    @property
    def expected(self) -> list[int]:
        """The number of effects that each item must have."""
        return [int(good) for good in self.good]


@dataclass(frozen=True, kw_only=True)
class Batches:
    """Makes batches for operations that start jobs of items."""

    contract: Contract
    arranger: Arranger
    validator: RequestValidity

    def mixed(self, operation: Operation, owner: Account) -> Batch:
        """Valid and invalid items, alternating irregularly."""
        return self.of_kinds(operation, owner, list(islice(cycle(MIXED_PATTERN), self._most(operation, MIXED_SIZE))))

    def good(self, operation: Operation, owner: Account) -> Batch:
        return self.of_kinds(operation, owner, [True] * self._most(operation, 2))

    def bad(self, operation: Operation, owner: Account) -> Batch:
        return self.of_kinds(operation, owner, [False] * self._most(operation, 2))

    def full(self, operation: Operation, owner: Account) -> Batch:
        """As many valid items as the schema permits, 100 at most."""
        return self.of_kinds(operation, owner, [True] * self._most(operation, FULL_SIZE))

    def too_few(self, operation: Operation, owner: Account) -> Batch:
        """One item less than `minItems`. Raises InapplicableError without it."""
        least = self._bound(operation, "minItems")
        if not least:
            raise InapplicableError(f"the contract lets a job of {operation.id} have no item at all")
        return self.of_kinds(operation, owner, [True] * (least - 1))

    def too_many(self, operation: Operation, owner: Account) -> Batch:
        """One item more than `maxItems`. Raises InapplicableError without it."""
        most = self._bound(operation, "maxItems")
        if not most:
            raise InapplicableError(f"the contract does not bound the items of a job of {operation.id} (maxItems)")
        return self.of_kinds(operation, owner, [True] * (most + 1))

    def of_kinds(self, operation: Operation, owner: Account, good: Sequence[bool]) -> Batch:
        """Items that are valid or not, as given.

        Raises InapplicableError if the contract has requests with invalid items refused before there is a job.
        """
        assert operation.job is not None
        kinds = count()
        items = [self._good(operation) if each else self._bad(operation, next(kinds)) for each in good]
        if not all(item.marker for item in items):
            raise UntestableError(f"no member of an item of {operation.id} may hold a text of the suite's choice.")
        plain = self.arranger.request(operation, owner)
        body = with_value_at(plain.json, operation.job.items, [item.value for item in items])
        if not all(good) and self.validator.value_validity(operation.body_schema, body) is Validity.FORBIDDEN:
            raise InapplicableError(f"the contract lets {operation.id} take no item that could be refused later")
        marker = items[0].marker if items else ""
        request = replace(plain.with_json(body), marker=marker)
        return Batch(request=request, markers=tuple(item.marker for item in items), good=tuple(good))

    def _good(self, operation: Operation) -> Item:
        return self.arranger.bodies.item(operation)

    def _bad(self, operation: Operation, number: int) -> Item:
        """An item made invalid in one of the ways that there are, one after the other, with its marker kept."""
        assert operation.job is not None
        item, single = self._good(operation), self.contract.operation(operation.job.item)
        candidates = invalid_variants(self.contract, self.validator, single.body_schema, item.value)
        found = [each for each in candidates if item.marker in each.values()]
        if not found:
            raise InapplicableError(f"the schema of {single.id} forbids nothing that could be sent in an item")
        return Item(value=found[-1 - number % len(found)], marker=item.marker)

    def _most(self, operation: Operation, wanted: int) -> int:
        """So many items, or `maxItems` if that is less."""
        return min(wanted, self._bound(operation, "maxItems") or wanted)

    def _bound(self, operation: Operation, name: str) -> int:
        """`minItems` or `maxItems` of the list of items; 0 if it is not declared."""
        assert operation.job is not None
        schema: Mapping[str, Any] = self.contract.schema(operation.body_schema)
        for member in operation.job.items.strip("/").split("/"):
            schema = self.contract.schema(schema.get("properties", {}).get(member, {}))
        return int(schema.get(name, 0))
