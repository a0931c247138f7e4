"""Which operation reads the jobs that another one begins, fills a list, or refers to objects of another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.contract.document import follow
from conformance.contract.operation import TEMPLATE
from conformance.contract.relations.reference import EACH, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.contract.operation import Operation

SHOWING = frozenset({"example", "default", "examples", "const", "enum"})


Links: TypeAlias = "dict[str, list[tuple[str, Mapping[str, Any]]]]"  # operationId → who links there, and the link


def with_relations(known: Sequence[Operation], document: Mapping[str, Any]) -> tuple[Operation, ...]:
    """The operations, each with what the others say of it."""
    changing, links = monitors(known), links_to(known)
    posting = frozenset(each.route for each in known if each.method == "POST")
    return tuple(
        replace(
            each,
            references=references(each, links),
            steady=each.id not in changing,
            given=is_given(each, links, posting, document),
        )
        for each in known
    )


def is_given(operation: Operation, links: Links, posting: frozenset[str], document: Mapping[str, Any]) -> bool:
    """The contract shows a value of all that the path names, and knows no operation that makes it.

    `posting` holds the paths that take a POST.
    """
    named = [parameter for parameter in operation.of_place("path") if parameter.name in operation.path_parameters]
    shown = (each.examples or SHOWING & follow(document, each.schema).keys() for each in named)
    linked = any(source != operation.id for source, _ in links.get(operation.id, ()))
    collections = {operation.path[: found.start()].rstrip("/") for found in TEMPLATE.finditer(operation.path)}
    return bool(named) and all(shown) and not linked and posting.isdisjoint(collections)


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


def links_to(known: Sequence[Operation]) -> Links:
    """Of each operation, by its id: the links that lead to it, each with the id of the operation that has it."""
    found: Links = {}
    for source in known:
        for link in (link for answer in source.answers for link in answer.links.values()):
            found.setdefault(str(link.get("operationId")), []).append((source.id, link))
    return found


def references(operation: Operation, links: Links) -> tuple[Reference, ...]:
    """What links of other operations put into the query or the body of this one."""
    found = []
    for source, link in links.get(operation.id, ()):
        members = _members(link.get("requestBody"))
        inner = {steps: value for steps, value in _leaves(members) if len(steps) > 1}
        whole = {name: value for name, value in members.items() if not any(steps[0] == name for steps in inner)}
        if source != operation.id:
            found.append(Reference(source=source, query=_query(operation, link), body=whole, inner=inner))
    return tuple(reference for reference in found if reference.members)


def _query(operation: Operation, link: Mapping[str, Any]) -> dict[str, Any]:
    named = {name.removeprefix("query."): value for name, value in link.get("parameters", {}).items()}
    return {name: value for name, value in named.items() if operation.takes("query", name)}


def _leaves(value: Any, steps: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The runtime expressions in the objects of a body, each with the steps that lead there."""
    objects = [(EACH, each) for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    objects += list(value.items()) if isinstance(value, dict) else []
    for step, member in objects:
        yield from _leaves(member, (*steps, step))
    if isinstance(value, str) and value.startswith("$") and steps:
        yield steps, value


def _members(body: Any) -> Mapping[str, Any]:
    return body if isinstance(body, dict) else {}
