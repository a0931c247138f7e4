"""The identifiers of objects: which reply gives them, where they stand in it, and unknown ones of the same form.

What an example or a generator names may be somebody's: requests that are generated name what was made for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from conformance.contract.expressions import evaluate
from conformance.contract.vocabulary import is_upsert
from conformance.errors import BlockedError, UntestableError
from conformance.schemas.composition import kinds
from conformance.schemas.free_texts import WORD
from conformance.serialization.parameters import filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request

IDENTIFIERS = {"id", "identifier", "uuid", "guid", "key", "pk", "no", "number", "ref", "reference"}


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
class Producers:
    """For each operation that addresses an object the one that makes it, by the contract's links, else by paths."""

    contract: Contract
    _known: dict[str, Producer | None] = field(default_factory=dict)

    def of(self, operation: Operation) -> Producer | None:
        """The operation that makes what this one addresses."""
        if operation.id not in self._known:
            found = self._producer_by_link(operation) or self._producer_by_path(operation)
            self._known[operation.id] = found or self._producer_of_neighbour(operation)
        return self._known[operation.id]

    def chooses(self, operation: Operation) -> bool:
        """Whoever asks for it chooses the identifier: it makes what it is about."""
        producer = self.of(operation) if operation.method == "PUT" else None
        return producer is not None and producer.operation.id == operation.id

    def deletion_of(self, creation: Operation) -> Operation | None:
        """The operation that deletes what this one makes, rather than what is below that."""
        found = [
            known
            for known in self.contract.operations
            if known.method == "DELETE" and known.addressed
            if (producer := self.of(known)) is not None and producer.operation.id == creation.id
        ]
        return min(found, key=lambda known: (known.path != known.resource, len(known.path)), default=None)

    def parameters(self, producer: Producer, operation: Operation, reply: Reply) -> dict[str, str]:
        """The path parameters of the operation as the reply gives them. Raises BlockedError if it does not."""
        request, context = reply.request, context_of(reply)
        known: dict[str, Any] = {name: value for name, value in request.parameters if name in operation.path_parameters}
        known |= {name.rpartition(".")[2]: evaluate(value, context) for name, value in producer.expressions.items()}
        if not producer.expressions:
            known |= self._from_location(operation, reply) or _from_body(operation, reply)
        missing = [name for name in operation.path_parameters if not isinstance(known.get(name), (str, int))]
        if missing:
            raise BlockedError(
                f"the reply of {producer.operation.id} ({reply.status}) does not give {', '.join(missing)}, "
                f"which {operation.id} needs.",
            )
        return {name: str(known[name]) for name in operation.path_parameters}

    def _from_location(self, operation: Operation, reply: Reply) -> dict[str, str]:
        location = _location(reply)
        reading = next((known for known in self.contract.operations if known.route == operation.resource), None)
        if not location or reading is None:
            return {}
        starts = (start for start, character in enumerate(location) if character == "/")
        found = next((found for start in starts if (found := reading.matches(location[start:]))), {})
        return {name: unquote(value) for name, value in found.items()}  # they are encoded again where they are sent

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

    def _producer_of_neighbour(self, operation: Operation) -> Producer | None:
        """Where a link leads to another operation about the same object, what it comes from."""
        about_same = (
            each for each in self.contract.operations if each.addressed and each.resource == operation.resource
        )
        found = (
            self._producer_by_link(each) for each in about_same if each.path_parameters == operation.path_parameters
        )
        return next(filter(None, found), None)

    def _producer_by_path(self, operation: Operation) -> Producer | None:
        """Without links: the creation on the collection above the last path parameter, below that, or where it is."""
        if not operation.path_parameters:
            return None
        collection = operation.resource.rpartition("/")[0]
        creation = self.contract.at("POST", collection) or self._only_creation_below(collection)
        creation = creation or self._creation_at(operation.resource)
        return Producer(operation=creation, expressions={}) if creation else None

    def _only_creation_below(self, collection: str) -> Operation | None:
        """The one creation whose path has one more word than the collection's, such as `/contacts/bulk`."""
        found = [
            known
            for known in self.contract.operations
            if known.method == "POST" and known.declares(HTTPStatus.CREATED) and known.path == known.route
            if known.path.rpartition("/")[0] == collection and not known.about_object
        ]
        return found[0] if len(found) == 1 and collection else None

    def _creation_at(self, resource: str) -> Operation | None:
        """The PUT that also makes what is not there, where the identifier may be any text or number of a form."""
        creation = self.contract.at("PUT", resource)
        makes = creation is not None and (creation.declares(HTTPStatus.CREATED) or is_upsert(creation.raw))
        if creation is None or not makes or not creation.path_parameters:
            return None
        last = next((known for known in creation.parameters if known.name == creation.path_parameters[-1]), None)
        return creation if last and kinds(self.contract.document, last.schema) <= {"string", "integer"} else None


def _location(reply: Reply) -> str:
    """The path that the reply's Location names; empty if it names none."""
    try:
        return urlsplit(urljoin(reply.url, reply.header("Location"))).path if reply.header("Location") else ""
    except ValueError:
        return ""


def _from_body(operation: Operation, reply: Reply) -> dict[str, str]:
    last = operation.path_parameters[-1]
    shown = reply.json[0] if isinstance(reply.json, list) and len(reply.json) == 1 else reply.json
    names = (last, "id", "_id", "uuid") if _names_identifier(last, operation.resource.split("/")[-2]) else (last,)
    found = (members.get(name) for members in objects_shown(shown) for name in names)
    value = next((value for value in found if isinstance(value, (str, int)) and value), None)
    collection = operation.resource.rpartition("/")[0].rpartition("/")[2]
    full = (each.get("name") for each in objects_shown(shown)) if value is None else ()  # as in AIP-122
    value = next((each for each in full if str(each).startswith(f"{collection}/")), value)
    return {} if value is None else {last: str(value).removeprefix(f"{collection}/")}


def _names_identifier(parameter: str, collection: str) -> bool:
    """The parameter is called an identifier (`id`, `order_id`), or as the collection is (`order` of `orders`)."""
    words = [word.lower() for word in WORD.findall(parameter)] or [parameter.lower()]
    return words[-1] in IDENTIFIERS or collection.lower().startswith(words[-1][:-1] or words[-1])


def objects_shown(document: Any) -> Iterator[Mapping[str, Any]]:
    """The object that a reply shows, or else those that it envelops."""
    if isinstance(document, dict):
        yield document
        yield from (member for member in document.values() if isinstance(member, dict))


def context_of(reply: Reply) -> dict[str, Any]:
    """What runtime expressions take their values from."""
    request = reply.request
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


def require_known_caller(creation: Operation, reading: Operation) -> None:
    """Raises UntestableError if the creation does not ask for the credentials by which the other knows its caller."""
    if creation.knows_caller_of(reading):
        return
    allowed = "" if reading.safe else f", and let {reading.id} change it (may-change)"
    raise UntestableError(
        f"{creation.id} does not ask who makes what {reading.id} addresses, so that it may belong to nobody. Name one "
        f"that belongs to somebody under [objects.NAME]{allowed}."
    )


def with_unknown_identifier(request: Request, operation: Operation) -> Request:
    """The same request about an object that nobody made."""
    last = operation.path_parameters[-1]
    parameters = dict(request.parameters)
    parameters[last] = unknown_identifier(parameters[last])
    query = "".join(request.path.partition("?")[1:])
    path = filled(operation.path, operation.parameters, parameters) + query
    return replace(request, path=path, parameters=tuple(parameters.items()))


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
