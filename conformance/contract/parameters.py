"""Parameter Objects as OpenAPI 3.1 defines them (section 4.8.12), with the defaults of their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.document import follow
from conformance.contract.operation import Parameter, as_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
IGNORED_HEADERS = {"accept", "content-type", "authorization"}  # what they say is said elsewhere in the document


def parameter_of(document: Mapping[str, Any], declared: Mapping[str, Any]) -> Parameter:
    """The parameter that a Parameter Object declares."""
    place = declared["in"]
    style = declared.get("style", STYLES[place])
    media_type = next(iter(declared.get("content", {})), "")
    content: Mapping[str, Any] = declared["content"][media_type] if media_type else {}
    schema = content.get("schema", {}) if media_type else declared.get("schema", {})
    return Parameter(
        name=declared["name"],
        place=place,
        required=bool(declared.get("required", False)),
        schema=as_object(schema),
        style=style,
        explode=bool(declared.get("explode", style == "form")),
        media_type=media_type,
        examples=tuple(examples_of(document, content if media_type else declared)),
        enumerated=not {"enum", "const"}.isdisjoint(as_object(follow(document, schema))),
    )


def examples_of(document: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[Any]:
    """The values of a Parameter or Media Type Object's `example` and `examples`."""
    if "example" in declared:
        yield declared["example"]
    for example in declared.get("examples", {}).values():
        followed = follow(document, example)
        if isinstance(followed, dict) and "value" in followed:
            yield followed["value"]
