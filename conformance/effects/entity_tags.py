"""The entity tags of one object, before and after a change (RFC 9110, section 8.8.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import BlockedError, UntestableError

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger

STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]*"')  # RFC 9110 section 8.8.3


@dataclass(frozen=True, kw_only=True)
class TaggedObject:
    """An object of `owner`, read by `view`."""

    contract: Contract
    arranger: Arranger
    owner: Account
    view: Request

    def read(self, **headers: str) -> Reply:
        """The object now; `headers` with underscores for hyphens."""
        request = self.view
        for name, value in headers.items():
            field = name.replace("_", "-")
            request = self.arranger.bodies.validity.permitted(request.with_header(field, value), field)
        return self.owner.send(request)

    @property
    def tag(self) -> str:
        """The current entity tag. Raises BlockedError if the object is read without one."""
        reply = self.owner.send(self.view, "control")
        if not reply.header("ETag"):
            raise BlockedError(f"{self.view.operation} answered {reply.status} without the ETag that it declares.")
        return reply.header("ETag")

    def new_change(self) -> Request:
        """A request for some change of the object. Raises UntestableError if nothing changes it."""
        path = self.contract.operation(self.view.operation).path
        operation = self.contract.at("PATCH", path) or self.contract.at("PUT", path)
        if operation is None:
            raise UntestableError(f"no operation changes what {self.view.operation} reads.")
        return self.arranger.request_with(operation, dict(self.view.parameters))

    def change(self, request: Request | None = None) -> Reply:
        """The accepted reply to a change of the object, by default a new one."""
        request = request or self.new_change()
        operation, reply = self.contract.operation(request.operation), self.owner.send(request, "arrangement")
        if not operation.succeeded(reply.status):
            raise BlockedError(f"the object could not be changed: {operation.id} answered {reply.status}.")
        return reply

    def readings_there_and_back(self) -> list[Reply]:
        """The object after a change, after another one, and after the first one once more."""
        first, second = self.new_change(), self.new_change()
        readings = []
        for request in (first, second, first):
            self.change(request)
            readings.append(self.read())
        return readings

    def superseded_tag(self) -> str:
        """Changes the object, and gives the tag that it had before."""
        tag = self.tag
        self.change()
        return tag

    @property
    def demands_strength(self) -> bool:
        """A write of the object takes If-Match, which only a strong tag fulfils (RFC 9110, section 13.1.1)."""
        path = self.contract.operation(self.view.operation).path
        return any(known.path == path and known.takes("header", "If-Match") for known in self.contract.operations)

    def is_validator(self, tag: str) -> bool:
        """The tag has the form of an entity tag (RFC 9110, section 8.8.3), a strong one where that is demanded."""
        return STRONG_ETAG.fullmatch(tag if self.demands_strength else opaque(tag)) is not None


def opaque(tag: str) -> str:
    """The tag without the mark of a weak one."""
    return tag.removeprefix("W/")


def reused_tags(readings: list[Reply]) -> list[Reply]:
    """The readings whose strong tag an earlier one had, of other content (RFC 9110, section 8.8.1)."""
    shown: dict[str, object] = {}
    tagged = [reply for reply in readings if STRONG_ETAG.fullmatch(reply.header("ETag"))]
    return [reply for reply in tagged if shown.setdefault(reply.header("ETag"), reply.json) != reply.json]


IF_NONE_MATCH_FORMS = {  # ways to name a current tag in If-None-Match
    "alone": "{tag}",
    "weak": "W/{opaque}",
    "listed": '"some-other", "another",{tag}',
}
