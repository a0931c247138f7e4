"""Which operation reads the jobs that another one begins, fills a list, or refers to objects of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.reference import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.operation import Operation


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
    """The operation that makes what a list shows: one whose jobs it lists, else the POST of its path."""
    beginning = ((each, monitor(each, known)) for each in known if each.job)
    found = [each for each, reading in beginning if reading is not None and above(reading) == listing.path]
    posting = [each for each in known if (each.method, each.path) == ("POST", listing.path)]
    return next(iter(found or posting), None)


def above(operation: Operation) -> str:
    """The path of the collection in which is what the operation addresses."""
    return operation.path.rpartition("/")[0]


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


def _query(operation: Operation, link: Mapping[str, Any]) -> dict[str, Any]:
    named = {name.removeprefix("query."): value for name, value in link.get("parameters", {}).items()}
    return {name: value for name, value in named.items() if operation.takes("query", name)}


def _members(body: Any) -> Mapping[str, Any]:
    return body if isinstance(body, dict) else {}
