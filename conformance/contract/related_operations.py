"""Which operation reads the jobs that another one begins, fills a list, or refers to objects of another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.contract.document import follow
from conformance.contract.operation import TEMPLATE
from conformance.contract.reference import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.operation import Operation

SHOWING = frozenset({"example", "default", "examples", "const", "enum"})
GENERIC = frozenset({"id", "uuid", "key", "name", "slug", "code", "number"})  # of whatever it is


def with_relations(known: Sequence[Operation], document: Mapping[str, Any]) -> tuple[Operation, ...]:
    """The operations, each with what the others say of it."""
    changing = monitors(known)
    linked = [
        replace(
            each,
            references=references(each, known),
            steady=each.id not in changing,
            given=is_given(each, known, document),
        )
        for each in known
    ]
    return tuple(
        replace(each, references=(*each.references, *inferred_references(each, linked, document))) for each in linked
    )


def is_given(operation: Operation, known: Sequence[Operation], document: Mapping[str, Any]) -> bool:
    """The contract shows a value of all that the path names, and knows no operation that makes it."""
    named = [parameter for parameter in operation.of_place("path") if parameter.name in operation.path_parameters]
    shown = (each.examples or SHOWING & follow(document, each.schema).keys() for each in named)
    links = (
        link
        for source in known
        if source is not operation
        for answer in source.answers
        for link in answer.links.values()
    )
    linked = any(link.get("operationId") == operation.id for link in links)
    collections = {operation.path[: found.start()].rstrip("/") for found in TEMPLATE.finditer(operation.path)}
    made = any(each.method == "POST" and each.route in collections for each in known)
    return bool(named) and all(shown) and not linked and not made


def monitor(operation: Operation, known: Sequence[Operation]) -> Operation | None:
    """The operation that reads the jobs which this one begins: a link of its answer says so, else the paths do."""
    reading = [each for each in known if each.method == "GET" and each.about_object]
    linked = {link.get("operationId") for answer in operation.answers for link in answer.links.values()}
    below = [each for each in reading if above(each) == operation.path]
    return next(iter([each for each in reading if each.id in linked] or below), None)


def monitors(known: Sequence[Operation]) -> frozenset[str]:
    """The ids of the operations that read jobs."""
    found = (monitor(each, known) for each in known if each.job)
    return frozenset(each.id for each in found if each is not None)


def maker(listing: Operation, known: Sequence[Operation]) -> Operation | None:
    """The operation that makes what a list shows: one whose jobs it lists, the POST of its path, or the PUT below."""
    beginning = ((each, monitor(each, known)) for each in known if each.job)
    found = [each for each, reading in beginning if reading is not None and above(reading) == listing.path]
    posting = [each for each in known if (each.method, each.path) == ("POST", listing.path)]
    putting = [each for each in known if each.method == "PUT" and each.about_object and each.declares(201)]
    return next(iter(found or posting or [each for each in putting if above(each) == listing.route]), None)


def around(operation: Operation, known: Sequence[Operation]) -> Operation | None:
    """An operation about what the object of this one is within: that of the path up to the parameter before."""
    end = operation.path.rfind("}", 0, operation.path.rfind("{")) + 1
    return next((each for each in known if end and each.resource == operation.path[:end]), None)


def above(operation: Operation) -> str:
    """The path of the collection in which is what the operation addresses."""
    return operation.route.rpartition("/")[0]


def references(operation: Operation, known: Sequence[Operation]) -> tuple[Reference, ...]:
    """What links of other operations put into the query or the body of this one."""
    links = [
        (source.id, link)
        for source in known
        for answer in source.answers
        for link in answer.links.values()
        if link.get("operationId") == operation.id and source.id != operation.id
    ]
    found = [
        Reference(source=source, query=_query(operation, link), body=_members(link.get("requestBody")))
        for source, link in links
    ]
    return tuple(reference for reference in found if reference.query or reference.body)


def inferred_references(
    operation: Operation, known: Sequence[Operation], document: Mapping[str, Any]
) -> tuple[Reference, ...]:
    """What required parameters and members refer to by their names alone: `customerId`, to one of `/customers`."""
    body = _declared(document, operation.body_schema)
    members = set(body.get("required", ())) & body["properties"].keys()
    queries = {parameter.name for parameter in operation.of_place("query") if parameter.required}
    linked = {name for reference in operation.references for name in (*reference.query, *reference.body)}
    found = []
    for source in known:
        names = _names_of(source, known) - linked - set(operation.path_parameters)
        expression = _identifier(source, names, document)
        if source.method != "POST" or source.id == operation.id or source.addressed or not expression:
            continue
        query, filled = (dict.fromkeys(names & wanted, expression) for wanted in (queries, members))
        if query or filled:
            found.append(Reference(source=source.id, query=query, body=filled, inferred=True))
    return tuple(found)


def _names_of(source: Operation, known: Sequence[Operation]) -> set[str]:
    """By which names others call what the operation makes."""
    below = {each.path_parameters[-1] for each in known if each.about_object and above(each) == source.route}
    word = source.route.rpartition("/")[2]
    single = f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")
    called = {f"{single}{ending}" for ending in ("Id", "ID", "_id", "-id")} if below and single else set()
    return (below - GENERIC) | called


def _identifier(source: Operation, names: set[str], document: Mapping[str, Any]) -> str:
    """Where the reply of a creation has the identifier; empty if its schema shows none."""
    contents = [each.content for each in source.answers if each.status[0] == "2"]
    shown = [_declared(document, content.get("schema", {})) for each in contents for content in each.values()]
    found = (name for each in shown for name in (*sorted(names), "id", "_id") if name in each["properties"])
    name = next(found, "")
    return f"$response.body#/{name}" if name else ""


def _declared(document: Mapping[str, Any], schema: Any) -> dict[str, Any]:
    """The members that an object declares and requires, those of `allOf` included."""
    followed = follow(document, schema)
    parts = [followed, *(follow(document, part) for part in followed.get("allOf", ()))] if followed else []
    parts = [part for part in parts if isinstance(part, dict)]
    members = {name: member for part in parts for name, member in part.get("properties", {}).items()}
    return {"properties": members, "required": [name for part in parts for name in part.get("required", ())]}


def _query(operation: Operation, link: Mapping[str, Any]) -> dict[str, Any]:
    named = {name.removeprefix("query."): value for name, value in link.get("parameters", {}).items()}
    return {name: value for name, value in named.items() if operation.takes("query", name)}


def _members(body: Any) -> Mapping[str, Any]:
    return body if isinstance(body, dict) else {}
