"""JSON merge patches of one object (RFC 7396)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.errors import InapplicableError
from conformance.schemas.composition import properties

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger

SAMPLES = 8  # generated bodies from which values of the members are taken


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
        """A permitted value other than null for each member."""
        drawn = self.arranger.request_generator.bodies(self.operation, count=SAMPLES)
        values = {name: value for body in drawn for name, value in body.items() if value is not None}
        address = self.arranger.bodies.receiver.open("/patched").url
        return {name: address if name == self._receiver_member else value for name, value in values.items()}

    @property
    def nullable_member(self) -> str:
        """A member that has a value and may be null. Raises InapplicableError if there is none."""
        state = self.read()
        for name, schema in self.members.items():
            if "null" in self.contract.schema(schema).get("type", ()) and state.get(name) is not None:
                return name
        raise InapplicableError(f"no member of the patch of {self.operation.id} may be null.")

    def send(self, **members: Any) -> Reply:
        return self.owner.send(self.request.with_json(members))

    def read(self) -> dict[str, Any]:
        """The current values of the members that a patch may name."""
        seen = self.owner.send(self.view, "control").json
        return {name: seen[name] for name in self.members if name in seen}

    def changes_other_members(self, name: str, value: Any) -> bool:
        """A patch of this member alone changes another member as well."""
        before = self.read()
        self.send(**{name: value})
        after = self.read()
        return {**before, name: None} != {**after, name: None}

    @property
    def _receiver_member(self) -> str:
        """The member that holds a receiver's URL, which has to exist."""
        subscription = self.contract.subscription
        return subscription.url.strip("/") if subscription and subscription.update == self.operation.id else ""
