"""Date-times in bodies of replies (RFC 3339), found by the schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.openapi import Contract

# RFC 3339, section 5.6; without an offset, a date-time names no instant.
RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def date_times(contract: Contract, schema: Any, value: Any) -> Iterator[Any]:
    """The values that the schema declares as date-time, without null."""
    schema = contract.schema(schema)
    if not isinstance(schema, dict) or value is None:
        return
    if schema.get("format") == "date-time":
        yield value
    alternatives = [part for part in schema.get("anyOf", ()) if contract.schema(part).get("type") != "null"]
    for part in [*schema.get("allOf", ()), *(alternatives if len(alternatives) == 1 else ())]:
        yield from date_times(contract, part, value)
    if isinstance(value, dict):
        for name, member in schema.get("properties", {}).items():
            yield from date_times(contract, member, value.get(name))
    if isinstance(value, list):
        for item in value:
            yield from date_times(contract, schema.get("items"), item)


def is_date_time(value: Any) -> bool:
    """The value is text in the form of RFC 3339, with an offset."""
    return isinstance(value, str) and RFC3339.fullmatch(value) is not None
