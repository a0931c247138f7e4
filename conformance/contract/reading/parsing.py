"""The value that a text holds: JSON by the rules of JSON, YAML by those of YAML 1.2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.document import ContractError
from conformance.contract.reading import json_text, yaml_text
from conformance.contract.reading.fetching import fetched

if TYPE_CHECKING:
    from conformance.contract.reading.location import Location, Text

DEEPEST = 100  # objects and arrays within each other


def parsed(where: Location, *, what: str = "contract") -> dict[str, Any]:
    """The mapping at the top of a document. Raises ContractError."""
    return mapping(fetched(where, what=what))


def mapping(text: Text) -> dict[str, Any]:
    """The mapping that a text is of. Raises ContractError."""
    value = value_of(text)
    if not isinstance(value, dict):
        raise ContractError(f"{text.shown} holds no contract: its top level is not a mapping. Is it the right file?")
    return value


def value_of(text: Text) -> Any:
    """The value, of a size that can be worked with. Raises ContractError."""
    value = _written(text)
    _insist_on_size(value, text)
    return value


def _insist_on_size(value: Any, text: Text) -> None:
    pending, depth = [value] if isinstance(value, (dict, list)) else [], 0
    while pending:
        depth += 1
        if depth > DEEPEST:
            raise ContractError(f"{text.shown} is nested more than {DEEPEST} levels deep. Is it the right file?")
        pending = [
            member
            for each in pending
            for member in (each.values() if isinstance(each, dict) else each)
            if isinstance(member, (dict, list))
        ]


def _written(text: Text) -> Any:
    """The value as it was written; what begins as JSON, and says nowhere that it is, may be YAML."""
    try:
        if text.begins_as_json:
            return json_text.value_of(text.content)
    except json_text.NotJSONError as error:
        if text.json:
            raise _unreadable(text, "JSON", error) from None
        written = error
        try:
            return yaml_text.value_of(text.content)
        except yaml_text.NotYAMLError:
            raise _unreadable(text, "JSON", written) from None
    try:
        return yaml_text.value_of(text.content)
    except yaml_text.NotYAMLError as error:
        raise _unreadable(text, "YAML", error) from None


def _unreadable(text: Text, kind: str, error: json_text.NotJSONError | yaml_text.NotYAMLError) -> ContractError:
    return ContractError(f"{text.shown}:{error.line}: this is not {kind}: {str(error).rstrip('.')}. Mend it there.")
