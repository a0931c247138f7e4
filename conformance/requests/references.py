"""References of requests: the objects that their queries and bodies name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from conformance.contract.expressions import evaluate, evaluated
from conformance.contract.operation import is_form
from conformance.contract.relations.reference import EACH
from conformance.errors import BlockedError, InapplicableError
from conformance.http.messages import Request
from conformance.observations.page_walk import items
from conformance.requests.identifiers import ArrangedObject, context_of

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.contract.relations.reference import Reference
    from conformance.identity.accounts import Account


def is_circular(contract: Contract, reference: Reference) -> bool:
    """What is referred to refers in the end to itself, or to others that do: none of them could come first."""
    straight: set[str] = set()  # whatever these refer to does not lead back; each is followed once

    def leads_back(source: str, passed: frozenset[str]) -> bool:
        if source in passed or source in straight:
            return source in passed
        further = (each.source for each in contract.operation(source).references)
        found = any(leads_back(each, passed | {source}) for each in further)
        straight.add(source)
        return found

    return leads_back(reference.source, frozenset())


def listed_object(reference: Reference, operation: Operation, reader: Account) -> ArrangedObject:
    """The first object that the list shows of those that a reference may be to.

    Raises BlockedError if it shows none.
    """
    listing = Request(method="GET", path=reader.contract.operation(reference.listing).path, operation=reference.listing)
    reply = reader.send(listing, "arrangement")
    try:
        first = next(iter(items(reader.contract, reply))) if reply.success else None
    except (InapplicableError, StopIteration):
        first = None
    if first is None:
        raise BlockedError(
            f"{operation.id} names something in {', '.join(reference.members)}, and {reference.listing} shows "
            f"{reader.name} nothing of that kind. Make one, or name one under [objects.{reader.name}].",
            blame="configuration",
        )
    return ArrangedObject(parameters={}, marker="", reply=replace(reply, body=json.dumps(first).encode()))


def with_identifiers(request: Request, reference: Reference, arranged: ArrangedObject) -> Request:
    """The request with the identifiers of this object where its query or its body refers to one."""
    context = context_of(arranged.reply)
    query = {name: evaluate(value, context) for name, value in reference.query.items()}
    if query:
        request = request.with_query(**{name: str(value) for name, value in query.items() if value is not None})
    # What a link writes down as it is, is an example of it: what the body has already will do, and is new.
    filled = {
        name: value for name, value in reference.body.items() if name in reference.named or name not in request.json
    }
    if filled:
        request = request.with_members(**{name: evaluated(value, context) for name, value in filled.items()})
    for (first, *steps), value in reference.inner.items():
        if first in request.json:
            request = request.with_members(**{first: _with(request.json[first], steps, evaluate(value, context))})
    return request if request.marker else replace(request, marker=arranged.marker)


def _with(value: Any, steps: list[str], filling: Any) -> Any:
    """The value with this filling at the end of the steps, as far as they lead somewhere in it."""
    if not steps:
        return filling
    first, *further = steps
    if first == EACH and isinstance(value, list):
        return [_with(item, further, filling) for item in value]
    known = isinstance(value, dict) and first in value
    return {**value, first: _with(value[first], further, filling)} if known else value


def names_others(drawn: Request, operation: Operation) -> bool:
    """The request may change something, and names it in its query or its body, where a link says what is named."""
    return not operation.safe and bool(_named_members(drawn, operation) or _named_parameters(drawn, operation))


def with_own_references(drawn: Request, made: Request, operation: Operation) -> Request:
    """The drawn request, which names what the made one does."""
    own, query = _members(made, operation), dict(parse_qsl(urlsplit(made.path).query))
    members = {name: own[name] for name in _named_members(drawn, operation) if name in own}
    parameters = {name: query[name] for name in _named_parameters(drawn, operation) if name in query}
    request = drawn.with_members(**members) if members else drawn
    return request.with_query(**parameters) if parameters else request


def _named_members(request: Request, operation: Operation) -> list[str]:
    """The members that name something; null or a truth value names nothing."""
    linked = frozenset().union(*(reference.named for reference in operation.references))
    return [name for name, value in _members(request, operation).items() if name in linked and _names(value)]


def _named_parameters(request: Request, operation: Operation) -> list[str]:
    return [name for reference in operation.references for name in reference.query if request.has_query(name)]


def _members(request: Request, operation: Operation) -> dict[str, Any]:
    if is_form(operation.media_type):
        return dict(parse_qsl((request.body or b"").decode("utf-8", "replace"), keep_blank_values=True))
    return request.json


def _names(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_names, value))
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)
