"""Other states of an object: its truth values turned, its moments past, as the operation that changes it takes them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from conformance.errors import InapplicableError
from conformance.schemas.composition import keyword, kinds, properties

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger
    from conformance.requests.identifiers import ArrangedObject

PAST = "2001-02-03T04:05:06Z"


@dataclass(frozen=True, kw_only=True)
class OtherStates:
    """Brings objects of an owner into other states, one after the other, and back."""

    contract: Contract
    arranger: Arranger
    owner: Account

    def of(self, parameters: Mapping[str, str], *, first: int = 0) -> Iterator[str]:
        """The members that are changed, while they are, of the object that these path parameters address.

        Begins with the member of that number. Raises InapplicableError if no operation changes the object.
        """
        update = self._update(parameters)
        address = {name: parameters[name] for name in update.path_parameters}
        view = self.contract.at("GET", update.path)
        read = self.owner.send(self.arranger.request_with(view, address), "control").json if view else None
        shown = read if isinstance(read, dict) else {}
        alterations = self._alterations(update, shown)
        for name, value in islice(alterations, first, None):
            if self._set(update, address, name, value):
                yield name
                self._set(update, address, name, shown[name])

    def address(self, thing: ArrangedObject) -> dict[str, str]:
        """The path parameters of the operation that changes what was arranged; none if there is no such operation."""
        made = thing.reply.request
        for known in self.contract.operations:
            producer = self.arranger.producer(known) if known.method == "PATCH" and known.takes_json else None
            if producer is not None and producer.operation.id == made.operation:
                return self.arranger.parameters(producer, known, thing.reply, self.owner)
        return {}

    def _update(self, parameters: Mapping[str, str]) -> Operation:
        changing = (known for known in self.contract.operations if known.method == "PATCH" and known.takes_json)
        found = [known for known in changing if known.path_parameters and set(known.path_parameters) <= set(parameters)]
        if not found:
            raise InapplicableError("no operation changes single members of it")
        return max(found, key=lambda known: len(known.path_parameters))

    def _alterations(self, update: Operation, shown: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        document = self.contract.document
        for name, schema in properties(document, update.body_schema).items():
            if name in shown and kinds(document, schema) == {"boolean"}:
                yield name, not shown[name]
            if name in shown and keyword(document, schema, "format") == "date-time":
                yield name, PAST

    def _set(self, update: Operation, address: Mapping[str, str], name: str, value: Any) -> bool:
        request = self.arranger.request_with(update, dict(address)).with_json({name: value})
        return update.succeeded(self.owner.send(request, "arrangement").status)
