"""Valid requests about real objects, which are created first as the contract's OpenAPI links or paths say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from conformance.contract.relations.related_operations import around, monitor
from conformance.errors import BlockedError, UntestableError
from conformance.http.guard import RequestGuard
from conformance.http.messages import Request
from conformance.http.polling import until
from conformance.requests.existing_objects import ExistingObjects, PathValues
from conformance.requests.identifiers import (
    ArrangedObject,
    Producer,
    Producers,
    require_known_caller,
    with_unknown_identifier,
)
from conformance.requests.listed_objects import ListedObjects
from conformance.requests.objections import unaccepted
from conformance.requests.references import is_circular, listed_object, with_identifiers
from conformance.requests.required_parameters import RequiredParameters
from conformance.requests.transient_objects import once_made, transient_objects
from conformance.serialization.idempotency_keys import with_new_key
from conformance.serialization.parameters import filled
from conformance.sut.given_values import GivenValues

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.contract.relations.reference import Reference
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account
    from conformance.observations.page_walk import Reader
    from conformance.requests.bodies import Bodies
    from conformance.requests.request_generator import RequestGenerator

ANY_TAG = ("If-Match", "*")  # fulfilled by whatever is there (RFC 9110, section 13.1.1)
NO_TAG = ("If-None-Match", "*")  # fulfilled where nothing is (RFC 9110, section 13.1.2)
TRIES = 3  # at a request whose values are refused
REFUSED_VALUES = (400, 409, 422)


@dataclass(kw_only=True)
class Arranger:
    """Prepares requests that an operation must accept from a given account."""

    contract: Contract
    bodies: Bodies
    request_generator: RequestGenerator
    guard: RequestGuard = field(default_factory=RequestGuard)
    given: GivenValues = field(default_factory=GivenValues)
    listed: ListedObjects = field(default_factory=ListedObjects)
    _variations: dict[str, int] = field(default_factory=dict)  # by operation, the first that was accepted

    @cached_property
    def producers(self) -> Producers:
        return Producers(contract=self.contract)

    @cached_property
    def path_values(self) -> PathValues:
        return PathValues(bodies=self.bodies, values=self.given)

    @cached_property
    def existing(self) -> ExistingObjects:
        return ExistingObjects(path_values=self.path_values, bodies=self.bodies, guard=self.guard)

    @cached_property
    def required_parameters(self) -> RequiredParameters:
        return RequiredParameters(contract=self.contract, validity=self.bodies.validity, values=self.given)

    def request(
        self,
        operation: Operation,
        owner: Account,
        arranged: ArrangedObject | None = None,
        variation: int | None = None,
    ) -> Request:
        """A valid request; its objects were just made by `owner`, unless one is given.

        Raises UntestableError if the contract forbids all that is known of it, or it is never to be called.
        """
        self.guard.require_callable(operation)  # before anything is made for it
        request = self.request_without_references(operation, owner, arranged, variation)
        for reference in operation.references:
            if not (is_circular(self.contract, reference) or self.existing.names_all(reference, owner.name)):
                request = with_identifiers(request, reference, self.referred(reference, operation, owner))
        request = self.existing.put_into(request, operation, owner.name)
        if operation.references:
            self.bodies.validity.require_permitted(operation, request)
        return request

    def request_without_references(
        self,
        operation: Operation,
        owner: Account,
        arranged: ArrangedObject | None = None,
        variation: int | None = None,
    ) -> Request:
        """A request that is valid but for the objects that its query or its body refers to."""
        if operation.addressed and arranged is None:
            there = self.existing.path(operation, owner.name, made=self.producer(operation) is not None)
            if there is not None:
                return self.request_with(operation, there, variation=variation)
            arranged = self.object_for(operation, owner)
        if arranged is None:
            return self.request_with(operation, {}, variation=variation)
        return self.request_with(operation, arranged.parameters, arranged.marker, variation)

    def referred(self, reference: Reference, operation: Operation, owner: Account) -> ArrangedObject:
        """What the operation refers to: just made, or the first of the list where the owner may make none."""
        source = self.contract.operation(reference.source)
        try:
            return listed_object(reference, operation, owner) if source.safe else self.create(source, operation, owner)
        except (BlockedError, UntestableError):
            if source.safe or not reference.listing:
                raise
        return listed_object(reference, operation, owner)

    def request_with(
        self, operation: Operation, parameters: Mapping[str, str], marker: str = "", variation: int | None = None
    ) -> Request:
        """A valid request with these path parameters; its body is the variation that was accepted, or the given one.

        Raises UntestableError if the contract forbids it; what it refers to is still to be added.
        """
        if not set(operation.path_parameters) <= set(parameters):
            parameters = {**(self.path_values.given(operation) or {}), **parameters}
        chosen = self._variations.get(operation.id, 0) if variation is None else variation
        body = self.bodies.body(operation, chosen, parameters)
        headers = [("Content-Type", body.content_type)] if body else []
        headers += [("Accept", "*/*"), *([ANY_TAG] if operation.demands_tag else [])]
        request = Request(
            method=operation.method,
            path=filled(operation.path, operation.parameters, parameters),
            headers=tuple(headers),
            body=body.content if body else None,
            operation=operation.id,
            parameters=tuple(parameters.items()),
            marker=(body.marker if body else "") or marker,
        )
        request = with_new_key(request, operation) if operation.demands_key else request
        request = self.required_parameters.added(request, operation)
        if not operation.references:
            self.bodies.validity.require_permitted(operation, request)
        return request

    def creation(
        self,
        operation: Operation,
        owner: Account,
        variation: int | None = None,
        within: Mapping[str, str] | None = None,
    ) -> Request:
        """A valid request that makes something, at a new path if whoever asks chooses the identifier.

        What it is made `within` is made first, unless its path parameters are given.
        """
        if not self.producers.chooses(operation):
            if within is None:
                return self.request(operation, owner, None, variation)
            return self.request_with(operation, within)
        outer = around(operation, self.contract.operations) if within is None else None
        parents = dict(self.request_without_references(outer, owner).parameters) if outer else within or {}
        parameters = {**self.path_values.shown(operation), **parents, **self.path_values.new(operation)}
        self.guard.adopt(operation, parameters)
        request = self.request_with(operation, parameters, variation=variation)
        request = request.without_header("If-Match")
        return request.with_header(*NO_TAG) if operation.takes("header", NO_TAG[0]) else request

    def accepted(
        self, operation: Operation, owner: Account, label: str, *, creating: bool = False
    ) -> tuple[Request, Reply]:
        """A valid request and the reply to it, the last of some tries with other values if the values are refused."""
        first = self._variations.get(operation.id, 0)
        for variation in range(first, max(TRIES, first + 1)):
            made = self.creation(operation, owner, variation) if creating else None
            request = made or self.request(operation, owner, variation=variation)
            reply = once_made(operation, self.producer(operation), partial(owner.send, request, label))
            if operation.succeeded(reply.status):
                self._variations[operation.id] = variation
            if reply.status not in REFUSED_VALUES or not operation.bodies:
                break
        return request, reply

    def object_for(self, operation: Operation, owner: Account) -> ArrangedObject:
        """Creates an object of the kind that the operation addresses. Raises UntestableError if nothing is known to."""
        producer = self.producer(operation)
        if producer is None:
            raise UntestableError(
                f"no reply is known to give the path parameters of {operation.id}. "
                "Add an OpenAPI link from the operation that makes such an object, or name one that is there under "
                f"[objects.{owner.name}].",
            )
        require_known_caller(producer.operation, operation)
        created = self.create(producer.operation, operation, owner)
        parameters = self.parameters(producer, operation, created.reply, owner)
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
        """A fresh object that the operation needs, as it was made."""
        _, reply = self.accepted(producer, owner, "arrangement", creating=True)
        if not producer.succeeded(reply.status):
            raise unaccepted(
                producer,
                reply,
                f"an object for {operation.id} could not be made: {producer.id} answered {reply.status} to "
                f"{owner.name}, with a body that the contract permits",
            )
        # The representation of a job does not show the markers of its items.
        return ArrangedObject(parameters={}, marker="" if producer.job else reply.request.marker, reply=reply)

    def producer(self, operation: Operation) -> Producer | None:
        """The operation that makes what this one addresses."""
        return self.producers.of(operation)

    def deletion_of(self, creation: Operation) -> Operation | None:
        """The operation that deletes what this one makes."""
        return self.producers.deletion_of(creation)

    def parameters(
        self,
        producer: Producer,
        operation: Operation,
        reply: Reply,
        reader: Reader | None = None,
        *,
        waits: bool = True,
    ) -> dict[str, str]:
        """The path parameters of the operation as the reply gives them, or the list to whoever may read it.

        Raises BlockedError if neither does.
        """
        request = reply.request
        try:
            found = self.producers.parameters(producer, operation, reply)
        except BlockedError:
            if reply.success and not (reply.body or request.marked):
                raise UntestableError(f"{producer.operation.id} does not tell what it has made.") from None
            listing = self.contract.at("GET", producer.operation.path)
            if reader is None or listing is None or not request.marked:
                raise
            shown = self.listed.shown(self.request_with(listing, dict(request.parameters)), reply, reader, waits=waits)
            found = self.producers.parameters(replace(producer, expressions={}), operation, shown)
        self.guard.adopt(operation, found, created=reply.status == HTTPStatus.CREATED)
        return found

    def with_unknown_object(self, request: Request) -> Request:
        """The same request about an object that does not exist; its identifier has the same form."""
        return with_unknown_identifier(request, self.contract.operation(request.operation))

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

    def job_request(self, reply: Reply) -> Request | None:
        """The request for the state of the job that a reply has started; None if the reply leads to none."""
        operation = self.contract.operation(reply.request.operation)
        reading = monitor(operation, self.contract.operations)
        if reading is None:
            return None
        producer = self.producer(reading)
        if producer is None or producer.operation.id != operation.id:
            producer = Producer(operation=operation, expressions={})
        return self.request_with(reading, self.parameters(producer, reading, reply))

    def marker_of(self, reply: Reply) -> str:
        """The text by which a list shows what a request has created: its marker; of a job, its identifier."""
        if self.contract.operation(reply.request.operation).job is None:
            return reply.request.marker
        reading = self.job_request(reply)
        return reading.parameters[-1][1] if reading else ""
