"""JSON merge patches of one object (RFC 7396)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.errors import InapplicableError
from conformance.schemas.composition import kinds, properties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger


@dataclass(frozen=True, kw_only=True)
class MergePatches:
    """Merge patches sent to the object of one request, and what its owner reads afterwards."""

    contract: Contract
    arranger: Arranger
    operation: Operation
    owner: Account
    request: Request
    view: Request

    @property
    def members(self) -> dict[str, Any]:
        """The members that a patch may name, and their schemas."""
        found: dict[str, Any] = properties(self.contract.document, self.operation.body_schema)
        return found

    @property
    def values(self) -> dict[str, Any]:
        """A permitted value other than null for each member that is declared."""
        found = self.arranger.bodies.member_values(self.operation)
        values = {name: values[-1] for name, values in found.items() if name in self.members}
        member = self.contract.receiver_member(self.operation)
        return values | {member: self.arranger.bodies.receiver.open("/patched").url} if member in values else values

    def set_members(self) -> dict[str, Any]:
        """Sets all members together, so that none has the value that it gets by itself, and gives their values."""
        values = self.values
        self.send(**values)
        return values

    def set_nullable_member(self) -> str:
        """A member that may be null, once another value than before is set and shown.

        Raises InapplicableError if there is none.
        """
        state = self.read()
        for name, value in self.values.items():
            nullable = "null" in kinds(self.contract.document, self.members.get(name, {}))
            may_differ = nullable and value != state.get(name)
            if may_differ and self.send(**{name: value}).success and self.text_of(name) != "null":
                return name
        raise InapplicableError(f"no member of the patch of {self.operation.id} may be set, null, and seen.")

    def text_of(self, name: str) -> str:
        """The value of a member, as JSON; null if it has none."""
        return json.dumps(self.read().get(name), ensure_ascii=False)

    def send(self, **members: Any) -> Reply:
        return self.owner.send(self.request.with_json(members))

    def read(self) -> dict[str, Any]:
        """The current values of the members that a patch may name."""
        seen = self.owner.send(self.view, "control").json
        return {name: seen[name] for name in self.members if name in seen}

    def changes_other_members(self, name: str, values: Mapping[str, Any]) -> bool:
        """A patch of this one of the members that were set changes another one as well.

        What the target adds within an object, such as when it was changed, is its own.
        """
        before = self.read()
        self.send(**{name: values[name]})
        after = self.read()
        others = (set(before) | set(after)) - {name}
        return any(
            _part(before.get(each), values.get(each)) != _part(after.get(each), values.get(each)) for each in others
        )


def _part(state: Any, chosen: Any) -> Any:
    """The members of an object that were chosen, and of these the same; anything else as it is."""
    if isinstance(state, dict) and isinstance(chosen, dict):
        return {name: _part(value, chosen[name]) for name, value in state.items() if name in chosen}
    return state
