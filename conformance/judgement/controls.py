"""A request that must be accepted, next to proof that its twin just was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.errors import BlockedError, UntestableError

if TYPE_CHECKING:
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger


@dataclass(frozen=True, kw_only=True)
class ControlledRequest:
    """A valid request of `owner`; `control` is the reply to its twin about another fresh object."""

    arranger: Arranger
    operation: Operation
    owner: Account
    request: Request
    control: Reply

    @classmethod
    def arrange(cls, arranger: Arranger, operation: Operation, owner: Account) -> ControlledRequest:
        """Arranges both twins and sends the first. Raises BlockedError if it is not accepted."""
        twin = arranger.request(operation, owner)
        control = owner.send(twin, "control")
        if not operation.succeeded(control.status):
            raise BlockedError(
                f"the control was not accepted: {operation.id} answered {control.status} to {owner.name} with a valid "
                "request, so a refusal would prove nothing.",
                blame="configuration" if control.status in {401, 403} else "target",
            )
        request = twin if operation.safe else arranger.request(operation, owner)
        return cls(arranger=arranger, operation=operation, owner=owner, request=request, control=control)

    def another(self) -> Request:
        """One more valid request, about another fresh object."""
        return self.arranger.request(self.operation, self.owner)

    @property
    def token(self) -> str:
        """The owner's own sound token."""
        return self.owner.token

    def state(self) -> Any:
        """What the owner sees now of the object (or collection) that the request is about."""
        view = self.arranger.view(self.request)
        if view is None:
            raise UntestableError(f"nothing reads what {self.operation.id} acts upon, so its effect cannot be seen.")
        reply = self.owner.send(view, "control")
        return (reply.status, reply.json)

    def has_effect(self) -> bool:
        """The marker of the request can be seen by its owner: the request had an effect."""
        return bool(self.request.marker) and self.request.marker in str(self.state())
