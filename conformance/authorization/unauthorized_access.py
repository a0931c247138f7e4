"""Unauthorized access: what a request that must gain nothing discloses or changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.requests.page_walk import pages

if TYPE_CHECKING:
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.judgement.controls import ControlledRequest

NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class UnauthorizedAccess:
    """Sends requests of an account about the object of `ready`, and judges them by what its owner can read."""

    ready: ControlledRequest

    @classmethod
    def of_subresource(cls, ready: ControlledRequest) -> UnauthorizedAccess:
        """Judges by a subresource of the object, to which its owner has just added something if that is possible."""
        arranger = ready.arranger
        creation = arranger.contract.at("POST", ready.operation.path)
        if creation is None:
            return cls(ready=ready)
        new = arranger.request_with(creation, dict(ready.request.parameters))
        ready.owner.send(new, "arrangement")
        control = ready.owner.send(ready.request, "control")
        return cls(ready=replace(ready, request=replace(ready.request, marker=new.marker), control=control))

    def __call__(self, account: Account, *requests: Request) -> str:
        """What the account gains by the requests (default: the owner's own): a sentence, or NOTHING."""
        before = self._view()
        replies = [account.send(request) for request in requests or (self.ready.request,)]
        if self.ready.operation.safe:
            return self._disclosed(replies)
        return self._changed(before, replies)

    def _disclosed(self, replies: list[Reply]) -> str:
        marker, control = self.ready.request.marker, self.ready.control
        if marker and marker in control.full_text:
            return next((f"the answer shows {marker}" for reply in replies if marker in reply.full_text), NOTHING)
        return _accepted(replies)

    def _changed(self, before: Reply | None, replies: list[Reply]) -> str:
        request, operation = self.ready.request, self.ready.operation
        if not operation.addressed:
            return self._made(replies)
        after = self._view()
        if before is None or after is None:
            return _accepted(replies)
        if before.success and not after.success:
            return f"its owner is answered {after.status} where it was"
        if request.marker and request.body and request.marker.encode() in request.body:
            return f"its owner sees it changed: {request.marker}" if request.marker in after.text else NOTHING
        if after.json != before.json:
            return f"its owner sees it changed: {after.text}"
        return _accepted(replies) if operation.method == "POST" else NOTHING

    def _made(self, replies: list[Reply]) -> str:
        """Whether the owner's collection shows a created object; without a collection, whether a request succeeded."""
        view = self.ready.arranger.view(self.ready.request)
        marker = self.ready.request.marker
        if view is None or not marker or self.ready.operation.job:
            return _accepted(replies)
        found = any(marker in reply.text for reply in pages(self.ready.owner, view))
        return f"the collection holds {marker}" if found else NOTHING

    def _view(self) -> Reply | None:
        """What the owner reads of an object that the operation could change; None if nothing reads it."""
        if self.ready.operation.safe or not self.ready.operation.addressed:
            return None
        view = self.ready.arranger.view(self.ready.request)
        return self.ready.owner.send(view, "control") if view else None


def _accepted(replies: list[Reply]) -> str:
    return next((f"accepted with {reply.status}" for reply in replies if reply.success), NOTHING)
