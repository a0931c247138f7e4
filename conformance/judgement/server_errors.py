"""Undeclared 5xx of whatever exchange: each operation and cause once, with the request that caused it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.results.wording import essence

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.client import Record
    from conformance.http.messages import Reply, Request

MOST = 5  # causes told of one operation


@dataclass(frozen=True, kw_only=True)
class ServerError:
    """An undeclared 5xx; `place` is an operationId, or method and path where the contract has no such operation."""

    place: str
    operation: str
    cause: str
    record: Record


@dataclass(kw_only=True)
class ServerErrors:
    """Gathers them; safe for use by several threads at once."""

    contract: Contract
    _found: dict[tuple[str, str], ServerError] = field(default_factory=dict)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def see(self, record: Record) -> None:
        """Looks at an exchange."""
        reply = record.reply
        if reply is None or reply.status < 500:
            return
        operation = self._operation(record.request)
        if undeclared(reply, operation):
            place = operation.id if operation else self._place(record.request)
            error = ServerError(
                place=place, operation=operation.id if operation else "", cause=cause(reply), record=record
            )
            if sum(known == place for known, _ in list(self._found)) < MOST:
                self._found.setdefault((place, error.cause), error)

    def untold(self) -> list[ServerError]:
        """Those that have come since this was asked before."""
        new = {key: error for key, error in list(self._found.items()) if key not in self._told}
        self._told.update(new)
        return list(new.values())

    def _operation(self, request: Request) -> Operation | None:
        """The operation with the method of the request, by its id if it has one, else by its path."""
        path = request.path.partition("?")[0]
        named = [known for known in self.contract.operations if known.id == request.operation]
        found = named or [known for known in self.contract.operations if known.matches(path) is not None]
        return next((known for known in found if known.method == request.method), None)

    def _place(self, request: Request) -> str:
        path = request.path.partition("?")[0]
        templates = (known.path for known in self.contract.operations if known.matches(path) is not None)
        return f"{request.method} {next(templates, 'of a path that the contract lacks')}"


def undeclared(reply: Reply, operation: Operation | None) -> bool:
    """A 5xx that the operation does not declare; 501 is right for a method that is not known (RFC 9110, 15.6.2)."""
    if operation is None:
        return reply.status >= 500 and reply.status != 501
    return reply.status >= 500 and not operation.describes(reply.status)


def cause(reply: Reply) -> str:
    """What the answers of one cause have in common: the status, and the text without what differs each time."""
    return f"{reply.status} {essence(reply.text)}"
