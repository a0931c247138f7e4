"""Error responses of an operation, provoked by one request for each condition that can be arranged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.contract.operation import is_json
from conformance.errors import UntestableError
from conformance.requests.validity import Validity
from conformance.schemas.composition import properties

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.memo import Memo
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger
    from conformance.requests.validity import RequestValidity

PROBLEM = "application/problem+json"
METHODS = ("PUT", "PATCH", "POST", "DELETE")  # in the order in which they are tried where they are not declared
CANDIDATE_VALUES: tuple[Any, ...] = (98765.5, True, "", {}, [])  # values of which a schema forbids at least one


@dataclass(frozen=True, kw_only=True)
class ProvokedErrors:
    """Sends requests that must be refused, each for one reason."""

    contract: Contract
    arranger: Arranger
    validator: RequestValidity
    nobody: Account
    memo: Memo[dict[str, Reply]]

    def refusals(self, operation: Operation, owner: Account) -> dict[str, Reply]:
        """The refusals of an operation by condition, provoked once in a run."""
        return self.memo(operation.id, lambda: self.provoke(operation, owner))

    def repeated_refusals(self, operation: Operation, owner: Account) -> dict[str, Reply]:
        """The same refusals, provoked once more in a run, about other objects."""
        return self.memo(f"{operation.id} again", lambda: self.provoke(operation, owner))

    def provoke(self, operation: Operation, owner: Account) -> dict[str, Reply]:
        """The refusals of an operation by condition, provoked anew."""
        asked = self._requests(operation, owner)
        replies = {condition: self._send(request, account) for condition, request, account in asked}
        return {condition: reply for condition, reply in replies.items() if reply and is_refusal(reply)}

    def _send(self, request: Request, account: Account) -> Reply | None:
        try:
            return account.send(request)
        except UntestableError:  # a token of lesser scopes, say, cannot be had
            return None

    def _requests(self, operation: Operation, owner: Account) -> Iterator[tuple[str, Request, Account]]:
        request = self.arranger.request(operation, owner)
        if operation.secured:
            yield "no credentials", request, self.nobody
        if operation.bearer and operation.scopes:
            yield "no scope", request, owner.with_scopes()
        if operation.addressed:
            yield "unknown object", self.arranger.with_unknown_object(request), owner
        other = unsupported_method(self.contract, operation)
        if other:
            bare = request.without_header("Content-Type").at(request.path.partition("?")[0])
            yield "undeclared method", replace(bare, method=other, body=None), owner
        if is_json(operation.media_type):
            yield "malformed body", request.with_body((request.body or b"")[:-1]), owner
            yield "other media type", request.with_header("Content-Type", "text/plain"), owner
            yield "forbidden body", request.with_json([]), owner
        if operation.unique and operation.succeeded(owner.send(request, "arrangement").status):
            yield "taken value", request, owner
        for parameter in operation.parameters:
            if (
                parameter.place == "query"
                and self.validator.value_validity(parameter.schema, "x-") is Validity.FORBIDDEN
            ):
                yield f"forbidden {parameter.name}", request.with_query(**{parameter.name: "x-"}), owner

    def invalid_members(self, operation: Operation) -> dict[str, Any]:
        """Members of a body, each with a value that its schema forbids."""
        members = properties(self.contract.document, operation.body_schema)
        found = {name: self._invalid_value(schema) for name, schema in members.items()}
        return {name: value for name, value in found.items() if value is not None}

    def _invalid_value(self, schema: Mapping[str, Any]) -> Any:
        """A value that the schema forbids; None if it permits all candidates."""
        found = ((value, self.validator.value_validity(schema, value)) for value in CANDIDATE_VALUES)
        return next((value for value, validity in found if validity is Validity.FORBIDDEN), None)


def is_refusal(reply: Reply) -> bool:
    """The reply is a 4xx or 5xx."""
    return reply.status >= HTTPStatus.BAD_REQUEST


def unsupported_method(contract: Contract, operation: Operation) -> str:
    """A method that the path of the operation does not declare; empty if it declares all."""
    declared = contract.routed_methods(operation.path)
    return next((method for method in METHODS if method not in declared), "")


def promises_problem(operation: Operation, status: int) -> bool:
    """The contract declares a problem document for this refusal; for an undeclared one, for all others."""
    answer = operation.answer(status)
    answers = [answer] if answer else [known for known in operation.answers if known.status.startswith("4")]
    return bool(answers) and all(PROBLEM in known.content for known in answers)


def titles(replies: Iterable[Reply]) -> dict[tuple[int, str], set[str]]:
    """The titles of the problem documents among the replies, by status and type."""
    found: dict[tuple[int, str], set[str]] = {}
    for reply in (reply for reply in replies if reply.media_type == PROBLEM):
        found.setdefault((reply.status, str(reply.member("type"))), set()).add(str(reply.member("title")))
    return found


@dataclass(frozen=True, kw_only=True)
class Pointers:
    """Where a problem document lists the offending members: an array of objects with a JSON Pointer each."""

    array: str
    member: str

    @classmethod
    def of(cls, contract: Contract, operation: Operation) -> Pointers | None:
        """As the contract declares it for the refusal of a body."""
        for answer in operation.answers:
            schema = contract.schema(answer.content.get(PROBLEM, {}).get("schema", {}))
            for array, declared in schema.get("properties", {}).items():
                items = contract.schema(contract.schema(declared).get("items", {}))
                for member, item in items.get("properties", {}).items():
                    if member == "pointer" or contract.schema(item).get("format") == "json-pointer":
                        return cls(array=array, member=member)
        return None

    def within(self, reply: Reply) -> set[Any]:
        """The pointers in a reply."""
        listed = reply.member(self.array)
        entries = listed if isinstance(listed, list) else []
        return {entry.get(self.member) for entry in entries if isinstance(entry, dict)}
