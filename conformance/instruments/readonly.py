"""Members that a contract reserves for the server, and values that a client might try to give them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.instruments.arranging import scrambled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def read_only(contract: Contract, reading: Operation) -> list[str]:
    """The members of the representation that are declared readOnly."""
    answers = [reading.answer(status) for status in reading.success]
    contents = [content for answer in answers if answer for content in answer.content.values()]
    properties: Mapping[str, Any] = {}
    for content in contents:
        properties = {**properties, **contract.schema(content.get("schema", {})).get("properties", {})}
    return [name for name, schema in properties.items() if contract.schema(schema).get("readOnly")]


def forged(value: Any) -> Any:
    """Another value of the same form; None if there is no telling."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 41
    if isinstance(value, str) and value:
        return "2001-02-03T04:05:06.789Z" if TIMESTAMP.match(value) else scrambled(value)
    return None
