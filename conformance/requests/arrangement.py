"""Valid requests about real objects, which are created first as the contract's OpenAPI links or paths say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urljoin, urlsplit

from conformance.contract.expressions import evaluate
from conformance.contract.related_operations import monitor
from conformance.errors import BlockedError, UntestableError
from conformance.http.guard import RequestGuard
from conformance.http.messages import Request, fill
from conformance.http.polling import until
from conformance.requests.idempotency_keys import with_new_key
from conformance.requests.transient_objects import transient_objects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation, Reference
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account
    from conformance.requests.bodies import Bodies
    from conformance.requests.request_generator import RequestGenerator

ANY_TAG = ("If-Match", "*")  # fulfilled by whatever is there (RFC 9110, section 13.1.1)


@dataclass(frozen=True, kw_only=True)
class Producer:
    """An operation whose reply gives the path parameters of another, and the expressions that take them out."""

    operation: Operation
    expressions: Mapping[str, Any]  # empty: read them out of Location or the body


@dataclass(frozen=True, kw_only=True)
class ArrangedObject:
    """An object that was just created: its path parameters, its marker, and the reply to its creation."""

    parameters: Mapping[str, str]
    marker: str
    reply: Reply


@dataclass(kw_only=True)
class Arranger:
    """Prepares requests that an operation must accept from a given account."""

    contract: Contract
    bodies: Bodies
    request_generator: RequestGenerator
    guard: RequestGuard = field(default_factory=RequestGuard)
    _producers: dict[str, Producer | None] = field(default_factory=dict)

    def request(self, operation: Operation, owner: Account, arranged: ArrangedObject | None = None) -> Request:
        """A valid request; the objects that it addresses or refers to are created by `owner`, unless one is given."""
        request = self.request_without_references(operation, owner, arranged)
        for reference in operation.references:
            source = self.contract.operation(reference.source)
            if not source.references:  # two operations may refer to each other's objects; neither could come first
                request = self.with_reference(request, reference, self.create(source, operation, owner))
        return request

    def request_without_references(
        self, operation: Operation, owner: Account, arranged: ArrangedObject | None = None
    ) -> Request:
        """A request that is valid but for the objects that its query or its body refers to."""
        if operation.addressed and arranged is None:
            arranged = self.object_for(operation, owner)
        if arranged is None:
            return self.request_with(operation, {})
        return self.request_with(operation, arranged.parameters, arranged.marker)

    def with_reference(self, request: Request, reference: Reference, arranged: ArrangedObject) -> Request:
        """The request with the identifiers of this object where its query or its body refers to one."""
        context = context_of(arranged.reply.request, arranged.reply)
        query = {name: evaluate(value, context) for name, value in reference.query.items()}
        if query:
            request = request.with_query(**{name: str(value) for name, value in query.items() if value is not None})
        if reference.body:
            request = request.with_members(
                **{name: _evaluated(value, context) for name, value in reference.body.items()}
            )
        return request if request.marker else replace(request, marker=arranged.marker)

    def request_with(self, operation: Operation, parameters: Mapping[str, str], marker: str = "") -> Request:
        """A valid request with these path parameters."""
        body = self.bodies.body(operation)
        headers = [("Content-Type", operation.media_type)] if body else []
        headers += [("Accept", "*/*"), *([ANY_TAG] if operation.demands("If-Match") else [])]
        request = Request(
            method=operation.method,
            path=fill(operation.path, parameters),
            headers=tuple(headers),
            body=body.content if body else None,
            operation=operation.id,
            parameters=tuple(parameters.items()),
            marker=(body.marker if body else "") or marker,
        )
        return with_new_key(request, operation) if operation.demands_key else request

    def object_for(self, operation: Operation, owner: Account) -> ArrangedObject:
        """Creates an object of the kind that the operation addresses. Raises UntestableError if nothing is known to."""
        producer = self.producer(operation)
        if producer is None:
            raise UntestableError(
                f"no reply is known to give the path parameters of {operation.id}. "
                "Add an OpenAPI link from the operation that makes such an object.",
            )
        created = self.create(producer.operation, operation, owner)
        parameters = self.parameters(producer, operation, created.reply.request, created.reply)
        arranged = replace(created, parameters=parameters, marker=created.marker if created.reply.request.body else "")
        self.await_final_state(operation, parameters, owner)
        return arranged

    def await_final_state(self, operation: Operation, parameters: Mapping[str, str], owner: Account) -> None:
        """Waits until the object does not change by itself any more: else no change could be laid to a request."""
        for transient in transient_objects(self.contract):
            if operation.resource == transient.reading.resource:
                request = self.request_with(transient.reading, parameters)
                until(partial(owner.send, request, "arrangement"), transient.is_final, within=transient.timeout)

    def create(self, producer: Operation, operation: Operation, owner: Account) -> ArrangedObject:
        """Creates an object that `operation` needs, by `producer`. Raises BlockedError if the target refuses."""
        request = self.request(producer, owner)
        reply = owner.send(request, "arrangement")
        if not producer.succeeded(reply.status):
            raise BlockedError(
                f"an object for {operation.id} could not be made: {producer.id} answered {reply.status} "
                f"to {owner.name}, with a body that the contract permits.",
                blame="configuration" if reply.status in {401, 403} else "target",
            )
        # The representation of a job does not show the markers of its items.
        return ArrangedObject(parameters={}, marker="" if producer.job else request.marker, reply=reply)

    def producer(self, operation: Operation) -> Producer | None:
        """The operation that creates what this one addresses, by a link or by its path; None if there is none."""
        if operation.id not in self._producers:
            self._producers[operation.id] = self._producer_by_link(operation) or self._producer_by_path(operation)
        return self._producers[operation.id]

    def deletion_of(self, creation: Operation) -> Operation | None:
        """The operation that deletes what this one creates; None if there is none."""
        for known in self.contract.operations:
            producer = self.producer(known) if known.method == "DELETE" and known.addressed else None
            if producer is not None and producer.operation.id == creation.id:
                return known
        return None

    def with_unknown_object(self, request: Request) -> Request:
        """The same request about an object that does not exist; its identifier has the same form."""
        operation = self.contract.operation(request.operation)
        last = operation.path_parameters[-1]
        parameters = dict(request.parameters)
        parameters[last] = unknown_identifier(parameters[last])
        return Request(
            method=request.method,
            path=fill(operation.path, parameters),
            headers=request.headers,
            body=request.body,
            operation=request.operation,
            parameters=tuple(parameters.items()),
            marker=request.marker,
        )

    def view(self, request: Request) -> Request | None:
        """The request that reads what this one acts upon; for a creation, the collection. None if nothing does.

        For what begins a job it is the collection of what the items of the job make.
        """
        operation = self.contract.operation(request.operation)
        if operation.job and operation.job.item:
            operation = self.contract.operation(operation.job.item)
        reading = self.contract.at("GET", operation.path) or self.contract.at("GET", operation.resource)
        if reading is None:
            return None
        return self.request_with(reading, dict(request.parameters))

    def job_request(self, request: Request, reply: Reply) -> Request | None:
        """The request for the state of the job that a reply has started; None if the reply leads to none."""
        operation = self.contract.operation(request.operation)
        reading = monitor(operation, self.contract.operations)
        if reading is None:
            return None
        producer = self.producer(reading)
        if producer is None or producer.operation.id != operation.id:
            producer = Producer(operation=operation, expressions={})
        return self.request_with(reading, self.parameters(producer, reading, request, reply))

    def marker_of(self, request: Request, reply: Reply) -> str:
        """The text by which a list shows what a request has created: its marker; of a job, its identifier."""
        if self.contract.operation(request.operation).job is None:
            return request.marker
        reading = self.job_request(request, reply)
        return reading.parameters[-1][1] if reading else ""

    def _producer_by_link(self, operation: Operation) -> Producer | None:
        found = [
            Producer(operation=source, expressions=link.get("parameters", {}))
            for source in self.contract.operations
            for answer in source.answers
            for link in answer.links.values()
            if link.get("operationId") == operation.id and source.id != operation.id
            if set(operation.path_parameters) <= {name.rpartition(".")[2] for name in link.get("parameters", {})}
        ]
        return min(found, key=lambda known: (known.operation.method != "POST", len(known.operation.path)), default=None)

    def _producer_by_path(self, operation: Operation) -> Producer | None:
        """Without links: POST on the collection, which is the path without its last parameter."""
        collection = operation.resource.rpartition("/")[0]
        creation = self.contract.at("POST", collection)
        return Producer(operation=creation, expressions={}) if creation else None

    def parameters(self, producer: Producer, operation: Operation, request: Request, reply: Reply) -> dict[str, str]:
        context = context_of(request, reply)
        known = {name: value for name, value in request.parameters if name in operation.path_parameters}
        known |= {name.rpartition(".")[2]: evaluate(value, context) for name, value in producer.expressions.items()}
        if not producer.expressions:
            known |= self._from_location(operation, reply) or _from_body(operation, reply)
        missing = [name for name in operation.path_parameters if not isinstance(known.get(name), (str, int))]
        if missing:
            raise BlockedError(
                f"the reply of {producer.operation.id} ({reply.status}) does not give {', '.join(missing)}, "
                f"which {operation.id} needs.",
            )
        found = {name: str(known[name]) for name in operation.path_parameters}
        self.guard.adopt(found.values())
        return found

    def _from_location(self, operation: Operation, reply: Reply) -> dict[str, str]:
        location = _location(reply)
        reading = next((known for known in self.contract.operations if known.path == operation.resource), None)
        if not location or reading is None:
            return {}
        starts = (start for start, character in enumerate(location) if character == "/")
        return next((found for start in starts if (found := reading.matches(location[start:]))), {})


def _evaluated(value: Any, context: Mapping[str, Any]) -> Any:
    return [evaluate(each, context) for each in value] if isinstance(value, list) else evaluate(value, context)


def _location(reply: Reply) -> str:
    """The path that the reply's Location names; empty if it names none."""
    try:
        return urlsplit(urljoin(reply.url, reply.header("Location"))).path if reply.header("Location") else ""
    except ValueError:
        return ""


def _from_body(operation: Operation, reply: Reply) -> dict[str, str]:
    last = operation.path_parameters[-1]
    value = reply.member(last) or reply.member("id")
    return {last: str(value)} if isinstance(value, (str, int)) else {}


def context_of(request: Request, reply: Reply) -> dict[str, Any]:
    """What runtime expressions take their values from."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}
    return {
        "url": reply.url,
        "method": request.method,
        "statusCode": reply.status,
        "request": {
            "path": dict(request.parameters),
            "query": query,
            "header": {name.lower(): value for name, value in request.headers},
            "body": request.json if request.body and request.body.startswith(b"{") else None,
        },
        "response": {"header": {name.lower(): value for name, value in reply.headers}, "body": reply.json},
    }


def unknown_identifier(identifier: str) -> str:
    """An id of the same form that nobody made: its last characters are others of their kind."""
    if identifier.isdigit():
        return str(int(identifier) + 982_451_653)
    tail = "".join(_other(character) for character in identifier[-10:])
    return identifier[:-10] + tail


def _other(character: str) -> str:
    if character.isdigit():
        return str(9 - int(character))
    if character.lower() in "abcdef":
        swapped = "fedcba"["abcdef".index(character.lower())]
        return swapped if character.islower() else swapped.upper()
    if character.isascii() and character.isalpha():
        return {"z": "y", "Z": "Y"}.get(character, chr(ord(character) + 1))
    return character
