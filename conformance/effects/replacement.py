"""Replacements of one object as a whole (PUT, RFC 9110 section 9.3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.errors import InapplicableError, UntestableError
from conformance.requests.validity import Validity
from conformance.schemas.composition import keyword, properties, required

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """A replacement of an object that was permitted, and the request that reads the object."""

    contract: Contract
    arranger: Arranger
    operation: Operation
    owner: Account
    request: Request
    view: Request

    def kept_members(self) -> list[str]:
        """The members that keep their value when the next state leaves them out.

        A bare state is written, then one with other values, then the bare one again. Raises UntestableError where no
        other value is read back.
        """
        bare = self._bare
        as_new = self._written(bare)
        other = self._written(bare | self._other_values(as_new))
        changed = [name for name in self._optional if name in other and other[name] != as_new.get(name)]
        if not changed:
            raise UntestableError(f"no member that {self.operation.id} may leave out shows another value.")
        again = self._written(bare)
        return [name for name in changed if again.get(name) == other[name]]

    def lost_members(self) -> list[str]:
        """The members that no body can hold, are not the server's own (readOnly), and are others after the next state.

        Raises InapplicableError if there are none that stay while nothing is written.
        """
        first = self._written(self._bare)
        resting = self._shown()
        kept = [name for name in first if name not in self._members and not self._is_read_only(name)]
        kept = [name for name in kept if resting.get(name) == first[name]]
        if not kept:
            raise InapplicableError(f"a body of {self.operation.id} can hold all that is not readOnly.")
        second = self._written(self._bare | self._other_values(first))
        return [name for name in kept if second.get(name) != first[name]]

    def _is_read_only(self, name: str) -> bool:
        """The member of what is read is the server's own, as the contract says."""
        reading = self.contract.operation(self.view.operation)
        answer = reading.answer(reading.success[0])
        content = next(iter(answer.content.values()), {}) if answer else {}
        member = properties(self.contract.document, content.get("schema", {})).get(name, {})
        return keyword(self.contract.document, member, "readOnly") is True

    @property
    def _members(self) -> Mapping[str, Any]:
        return properties(self.contract.document, self.operation.body_schema)

    @property
    def _optional(self) -> list[str]:
        demanded = required(self.contract.document, self.operation.body_schema)
        return [name for name in self._members if name not in demanded]

    @property
    def _bare(self) -> dict[str, Any]:
        """A body without the members that may be left out."""
        return {name: value for name, value in self.request.json.items() if name not in self._optional}

    def _other_values(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """A permitted value for each member that may be left out, other than the one that is shown."""
        found = self.arranger.bodies.member_values(self.operation)
        return {
            name: value
            for name, values in found.items()
            for value in values
            if name in self._optional and value != shown.get(name)
        }

    def _written(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """What is read after this state was written. Raises UntestableError if it is not permitted, or refused."""
        operation, owner = self.operation, self.owner
        validity = self.arranger.bodies.validity
        if validity.value_validity(operation.body_schema, dict(state)) is not Validity.PERMITTED:
            raise UntestableError(f"no body of {operation.id} is known that leaves members out, or that has them all.")
        reply = owner.send(self.request.with_json(dict(state)))
        if not operation.succeeded(reply.status):
            raise UntestableError(f"{operation.id} answered {reply.status} to another state that its schema permits.")
        return self._shown()

    def _shown(self) -> dict[str, Any]:
        shown = self.owner.send(self.view, "control").json
        return shown if isinstance(shown, dict) else {}
