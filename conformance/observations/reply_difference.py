"""Differences between replies that a client can observe, without those that any two replies have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.http.messages import Reply


def differences(reply: Reply, first: Reply, second: Reply) -> dict[str, Any]:
    """Traits of the reply that differ from those of the two others, in which these two, of one kind, agree."""
    compared, one, other = traits(reply), traits(first), traits(second)
    names = sorted(compared.keys() | one.keys() | other.keys())
    return {name: compared.get(name) for name in names if one.get(name) == other.get(name) != compared.get(name)}


def traits(reply: Reply) -> dict[str, Any]:
    """Status, media type, header names and each value of the body, with the path parameters of the request masked."""
    text = reply.text
    for name, value in reply.request.parameters:
        text = text.replace(value, f"{{{name}}}")
    headers = {f"header {name.lower()}": "present" for name, _ in reply.headers}
    return {"status": reply.status, "media type": reply.media_type, **headers, **dict(_leaves(_parsed(text), "body"))}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _leaves(member, f"{path}/{name}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _leaves(member, f"{path}/{index}")
    else:
        yield path, value
