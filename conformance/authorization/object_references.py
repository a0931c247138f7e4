"""References in query or body to objects of somebody else (OWASP API1:2023)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.authorization.unauthorized_access import NOTHING
from conformance.errors import BlockedError, UntestableError
from conformance.judgement.remarks import Remark
from conformance.requests.references import with_identifiers

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.operation import Operation
    from conformance.contract.relations.reference import Reference
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger
    from conformance.requests.identifiers import ArrangedObject


@dataclass(frozen=True, kw_only=True)
class ForeignReference:
    """An operation whose query or body refers to an object of `owner`, as the owner and as others send it."""

    arranger: Arranger
    operation: Operation
    owner: Account

    @property
    def _declared(self) -> tuple[Reference, ...]:
        return tuple(reference for reference in self.operation.references if not reference.inferred)

    def access(self, other: Account) -> str:
        """What another account gains by referring to the owner's object: a sentence, or NOTHING."""
        return self._first_access(self._declared, other, self._request)

    def access_in_list(self, other: Account) -> str:
        """What another account gains by referring to the owner's object in a list of its own."""
        listing = tuple(reference for reference in self._declared if reference.listed)
        return self._first_access(listing, other, self._request_among_own)

    def _first_access(
        self,
        references: tuple[Reference, ...],
        other: Account,
        way: Callable[[Reference, Account, ArrangedObject], Request],
    ) -> str:
        found = (self._access(reference, other, way) for reference in references)
        return next((access for access in found if access != NOTHING), NOTHING)

    def _access(
        self, reference: Reference, other: Account, way: Callable[[Reference, Account, ArrangedObject], Request]
    ) -> str:
        arranged = self._object(reference, self.owner)
        control = self.owner.send(self._request(reference, self.owner, arranged), "control")
        if not self.operation.succeeded(control.status):
            raise BlockedError(
                f"the control was not accepted: {self.operation.id} answered {control.status} to {self.owner.name}, "
                "who named an object of their own.",
            )
        # What is done once to an object may be refused a second time, whoever asks for it.
        fresh = arranged if self.operation.safe else self._object(reference, self.owner)
        reply = other.send(way(reference, other, fresh))
        return self._disclosed(arranged, control, fresh, reply) or self._carried_out(reply, alone=way == self._request)

    def _disclosed(self, arranged: ArrangedObject, control: Reply, fresh: ArrangedObject, reply: Reply) -> str:
        if not arranged.marker or arranged.marker not in control.full_text:
            if self.operation.safe:
                raise UntestableError(f"{self.operation.id} shows its owner nothing by which the object is recognised.")
            return ""
        shown = Remark(f"the answer shows {fresh.marker}", reply)
        return shown if fresh.marker in reply.full_text else ""

    def _carried_out(self, reply: Reply, *, alone: bool) -> str:
        """A request about the owner's object alone must not succeed; among own objects the others may be processed."""
        acted = alone and not self.operation.safe and reply.success
        return Remark(f"accepted with {reply.status}", reply) if acted else NOTHING

    def _request(self, reference: Reference, sender: Account, arranged: ArrangedObject) -> Request:
        """The sender's request that refers to the object; every other object that it needs is the sender's."""
        request = self.arranger.request_without_references(self.operation, sender)
        for other in self.operation.references:
            named = arranged if other is reference else self.arranger.referred(other, self.operation, sender)
            request = with_identifiers(request, other, named)
        return request

    def _request_among_own(self, reference: Reference, sender: Account, arranged: ArrangedObject) -> Request:
        foreign = self._request(reference, sender, arranged).json
        own = self._request(reference, sender, self._object(reference, sender))
        more = self._request(reference, sender, self._object(reference, sender)).json
        names = [name for name, value in reference.body.items() if isinstance(value, list)]
        return own.with_members(**{name: own.json[name] + foreign[name] + more[name] for name in names})

    def _object(self, reference: Reference, account: Account) -> ArrangedObject:
        return self.arranger.create(self.arranger.contract.operation(reference.source), self.operation, account)
