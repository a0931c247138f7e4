"""Unauthorized access: what a request that must gain nothing discloses or changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from conformance.judgement.object_state import StateReader
from conformance.judgement.remarks import Remark
from conformance.observations.page_walk import whole_list
from conformance.selection.operations import creation

if TYPE_CHECKING:
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.judgement.controls import ControlledRequest
    from conformance.judgement.object_state import ObjectState

NOTHING = Remark("nothing")


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
        read = self._reader()
        before = read() if read else None
        replies = [account.send(request) for request in requests or (self.ready.request,)]
        if self.ready.operation.safe:
            return self._disclosed(replies)
        if self._adds:
            return self._made(account, replies)
        if read is None or before is None:
            return _accepted(replies)
        return self._changed(before, read(), replies)

    def _disclosed(self, replies: list[Reply]) -> str:
        marker, control = self.ready.request.marker, self.ready.control
        if marker and marker in control.full_text:
            shown = (Remark(f"the answer shows {marker}", reply) for reply in replies if marker in reply.full_text)
            return next(shown, NOTHING)
        return _accepted(replies)

    def _changed(self, before: ObjectState, after: ObjectState, replies: list[Reply]) -> str:
        request = self.ready.request
        if before.success and not after.success:
            return Remark(f"its owner is answered {after.status} where it was", _decisive(replies))
        if request.marked:
            shown = request.marker in repr(after) and request.marker not in repr(before)
            if shown or request.method != "POST":  # what an action is told need not show, unlike what it does
                return Remark(f"its owner sees it changed: {request.marker}", _decisive(replies)) if shown else NOTHING
        if after != before:
            return Remark(f"its owner sees it changed: {after!r}", _decisive(replies))
        return _accepted(replies) if request.method == "POST" and not request.marked else NOTHING

    def _made(self, account: Account, replies: list[Reply]) -> str:
        """Whether a collection shows a created object: the owner's, or that of the account, if each has its own.

        Without a collection, whether a request succeeded.
        """
        view = self.ready.arranger.view(self.ready.request)
        marker = self.ready.request.marker
        if view is None or not marker or self.ready.operation.job:
            return _accepted(replies)
        readers = [self.ready.owner, *([account] if any(reply.success for reply in replies) else [])]
        found = any(marker in reply.text for reader in readers for reply in whole_list(reader, view))
        return Remark(f"the collection holds {marker}", _decisive(replies)) if found else NOTHING

    @property
    def _adds(self) -> bool:
        """The operation adds to a collection, be it one below an object."""
        operation = self.ready.operation
        return not operation.addressed or (creation(operation) and self.ready.is_listed)

    def _reader(self) -> StateReader | None:
        """Reads, as its owner, the object that the operation could change; None if nothing does."""
        if self.ready.operation.safe or self._adds:
            return None
        view = self.ready.arranger.view(self.ready.request)
        return StateReader(read=partial(self.ready.owner.send, view, "control")) if view else None


def _decisive(replies: list[Reply]) -> Reply:
    """The first that was accepted, else the last."""
    return next((reply for reply in replies if reply.success), replies[-1])


def _accepted(replies: list[Reply]) -> str:
    return next((Remark(f"accepted with {reply.status}", reply) for reply in replies if reply.success), NOTHING)
