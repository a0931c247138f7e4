"""A collection with an object in it that only its owner may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.authorization.unauthorized_access import NOTHING
from conformance.errors import BlockedError, UntestableError
from conformance.http.polling import until
from conformance.judgement.remarks import Remark
from conformance.observations.page_walk import pages, whole_list
from conformance.requests.identifiers import ArrangedObject, objects_shown
from conformance.requests.objections import unaccepted

if TYPE_CHECKING:
    from conformance.http.messages import Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger

LISTED_WITHIN = 2.0  # seconds; the contract has no bound for lists


@dataclass(frozen=True, kw_only=True)
class PlantedObject:
    """`request` reads the collection; only the owner's object contains `marker`."""

    owner: Account
    request: Request
    marker: str

    @classmethod
    def plant(cls, arranger: Arranger, path: str, owner: Account) -> PlantedObject:
        """Creates an object in the collection at a path.

        Raises BlockedError if its owner may not, or does not see it there.
        """
        listing = arranger.contract.at("GET", path)
        creation = arranger.contract.maker(listing) if listing else None
        if creation is None or creation.interactive or listing is None:
            raise UntestableError(f"what is at {path} cannot be both made and listed, so nothing can be looked for.")
        new, reply = arranger.accepted(creation, owner, "arrangement", creating=True)
        if not creation.succeeded(reply.status):
            told = f"nothing to look for could be made: {creation.id} answered {reply.status} to {owner.name}"
            raise unaccepted(creation, reply, told)
        if not new.marker:
            raise UntestableError(f"{creation.id} takes no text of one's choice, so its objects cannot be recognised.")
        marker = arranger.marker_of(reply)
        above = {name: value for name, value in new.parameters if name in listing.path_parameters}
        within = ArrangedObject(parameters=above, marker="", reply=reply) if above else None
        planted = cls(owner=owner, request=arranger.request(listing, owner, within), marker=marker)
        if not marker:
            raise BlockedError(f"{creation.id} answered {reply.status}, but {listing.id} does not show what was made.")
        planted.require_shown()
        return planted

    def require_shown(self) -> None:
        """Waits until the owner sees the object in the collection.

        Raises BlockedError if that takes too long, and UntestableError if what is read is no list.
        """
        if not until(self.is_shown, bool, within=LISTED_WITHIN):
            read = self.owner.send(self.request, "arrangement")
            if read.refused:
                raise UntestableError(f"{self.request.operation} answers {read.status} to whoever makes what it lists.")
            if read.success and not _holds_list(read.json):
                raise UntestableError(f"{self.request.operation} answers no list, so nothing can be looked for in it.")
            raise BlockedError(f"{self.request.operation} does not show what was made.")

    def shows_no_more(self) -> bool:
        """The owner does not see the object in the collection, or not much longer."""
        return not until(self.is_shown, lambda shown: not shown, within=LISTED_WITHIN)

    def is_shown(self) -> bool:
        """The owner sees the object in the collection."""
        return any(self.marker in reply.full_text for reply in whole_list(self.owner, self.request, "control"))

    def shows(self, account: Account, marker: str) -> bool:
        """The marker is on one of the pages that the account reads."""
        return any(marker in reply.full_text for reply in whole_list(account, self.request))

    def access(self, account: Account, *requests: Request) -> str:
        """What the account sees of the owner's object by these requests, or the plain one: a sentence, or NOTHING."""
        for request in requests or (self.request,):
            shown = next((reply for reply in pages(account, request) if self.marker in reply.full_text), None)
            if shown:
                return Remark(f"the answer to {request.method} {request.path} shows {self.marker}", shown)
        return NOTHING


def _holds_list(document: Any) -> bool:
    """It is an array, or an object that has one, alone or in an envelope."""
    members = [member for shown in objects_shown(document) for member in shown.values()]
    return any(isinstance(part, list) for part in (document, *members))
