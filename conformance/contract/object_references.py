"""What the query or the body of an operation names, as the links of other operations say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.operation import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.operation import Operation


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
