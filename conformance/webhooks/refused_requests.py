"""Requests that would trigger an event, made so that they are refused for a chosen reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.contract.document import located, with_value_at
from conformance.contract.operation import is_form
from conformance.errors import BlockedError, InapplicableError
from conformance.requests.validity import Validity
from conformance.schemas.composition import properties

if TYPE_CHECKING:
    from conformance.contract.messages import Event
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger
    from conformance.webhooks.occurrences import Occurrence
    from conformance.webhooks.subscriptions import Subscriber

STALE_ETAG = '"conformance-stale"'
WRONG_TYPE = {"unfit": True}  # where a string or a number is declared
WRONG_TEXT = "unfit"  # where a number is declared, and the body is a form


@dataclass(frozen=True, kw_only=True)
class RefusedRequests:
    """Makes requests that must be refused: for a scope, to a stranger, for the body, a precondition, or a conflict.

    Raises InapplicableError where the operation cannot be refused for that reason.
    """

    contract: Contract
    arranger: Arranger
    subscriber: Subscriber
    owner: Account

    def refused_occurrence(self, operation: Operation, reason: str, stranger: Account) -> Occurrence:
        """The occurrence that must not be delivered. Raises BlockedError if the request was not refused."""
        event = self._event(operation)
        sender, request = self.prepare(operation, reason, stranger)
        reply = sender.send(request)
        if not reply.refused:
            raise BlockedError(f"{operation.id} answered {reply.status} to a request that it had to refuse.")
        return self.subscriber.occurrence(request, reply, event)

    def prepare(
        self, operation: Operation, reason: str, stranger: Account, valid: Request | None = None
    ) -> tuple[Account, Request]:
        """The account that sends, and the request; made from a valid request, by default a new one."""
        makers = {
            "scope": self._scope,
            "stranger": self._stranger,
            "body": self._body,
            "precondition": self._precondition,
            "conflict": self._conflict,
        }
        request = makers[reason](operation, valid or self.arranger.request(operation, self.owner))
        unscoped = self.owner.without_scopes(*operation.lacking(*operation.scopes))
        return {"scope": unscoped, "stranger": stranger}.get(reason, self.owner), request

    def _event(self, operation: Operation) -> Event:
        names = set(operation.emits) & set(self.subscriber.subscribable)
        found = next((event for event in self.contract.events if event.name in names), None)
        if found is None:
            raise InapplicableError(f"no receiver can be registered for what {operation.id} emits")
        return found

    def _scope(self, operation: Operation, request: Request) -> Request:
        if not operation.scopes:
            raise InapplicableError(f"{operation.id} asks for no scope")
        return request

    def _stranger(self, operation: Operation, request: Request) -> Request:
        if not operation.private:
            raise InapplicableError(f"{operation.id} addresses nothing that belongs to somebody")
        return request

    def _precondition(self, operation: Operation, request: Request) -> Request:
        if not any(known.name.lower() == "if-match" for known in operation.parameters):
            raise InapplicableError(f"{operation.id} takes no If-Match")
        return request.with_header("If-Match", STALE_ETAG)

    def _conflict(self, operation: Operation, request: Request) -> Request:
        name = next(iter(operation.unique), "")
        if not name:
            raise InapplicableError(f"{operation.id} takes no value that can be taken (x-unique)")
        made = self.owner.send(request, "arrangement")
        taken = located(made.json, f"/{name}")
        if not made.success or not isinstance(taken, str):
            raise InapplicableError(f"{operation.id} does not show the value that it takes (x-unique)")
        again = self.arranger.request(operation, self.owner)
        if operation.takes_json:
            return again.with_json(with_value_at(again.json, name, taken))
        return again.with_members(**{name: taken})

    def _body(self, operation: Operation, request: Request) -> Request:
        has_members = operation.takes_json or is_form(operation.media_type)
        marked = self.arranger.bodies.text_member(operation) if has_members else ""
        for name in properties(self.contract.document, operation.body_schema) if marked else ():
            broken = request.with_members(**{name: WRONG_TYPE if operation.takes_json else WRONG_TEXT})
            if name != marked and self.arranger.bodies.validity.validity(operation, broken) is Validity.FORBIDDEN:
                return broken
        raise InapplicableError(f"the contract refuses no body of {operation.id} in which a marker has a place")
