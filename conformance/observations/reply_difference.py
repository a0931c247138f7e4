"""Differences between replies that a client can observe, without those that any two replies have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.http.messages import Reply


def differences(reply: Reply, first: Reply, second: Reply) -> dict[str, Any]:
    """Traits of the reply that differ from those of the two others, in which these two, of one kind, agree.

    They differ as they stand, and with the path parameters of each request masked: an id that is echoed is no
    difference, and neither is a text that holds the id of one of the requests by chance.
    """
    hidden, plain = ([view(each) for each in (reply, first, second)] for view in (masked, traits))
    found = {}
    for name in sorted(set().union(*hidden)):
        compared, one, other = (each.get(name) for each in hidden)
        as_it_stands, *others = (each.get(name) for each in plain)
        if one == other != compared and as_it_stands not in others:
            found[name] = compared
    return found


def masked(reply: Reply) -> dict[str, Any]:
    """The traits with the path parameters of the request masked in them."""
    return {name: _masked(value, reply) for name, value in traits(reply).items()}


def traits(reply: Reply) -> dict[str, Any]:
    """Status, media type, header names and each value of the body."""
    headers = {f"header {name.lower()}": "present" for name, _ in reply.headers}
    return {"status": reply.status, "media type": reply.media_type, **headers, **dict(_leaves(_body(reply), "body"))}


def _masked(value: Any, reply: Reply) -> Any:
    for name, identifier in reply.request.parameters:
        if isinstance(value, str):
            value = value.replace(identifier, f"{{{name}}}")
        elif str(value) == identifier:
            return f"{{{name}}}"
    return value


def _body(reply: Reply) -> Any:
    return reply.text if reply.json is None else reply.json


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _leaves(member, f"{path}/{name}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _leaves(member, f"{path}/{index}")
    else:
        yield path, value
