"""Parameters and form fields read back: as their schema types them, and in every other way a server may read them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.schemas.composition import items, kinds, properties

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.contract.operation import Parameter

INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
WORDS = {"true": True, "false": False, "1": True, "0": False, "on": True, "off": False, "yes": True, "no": False}
DELIMITERS = {"spaceDelimited": r"%20|\+| ", "pipeDelimited": r"%7[Cc]|\|"}

Pairs = list[tuple[str, str]]


class UnclearError(ValueError):
    """The text can be read in more than one way, so nothing can be said of it."""


def typed(document: Mapping[str, Any], text: str, schema: Any) -> Any:
    """The text in the type that the schema asks for, where it can be read so."""
    named = kinds(document, schema)
    if "integer" in named and INTEGER.fullmatch(text):
        return int(text)
    if "number" in named and NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in named and text in {"true", "false"}:
        return text == "true"
    return text


def lenient(text: str) -> Iterator[Any]:
    """What else frameworks make of a text: `1.0` and `+1` as whole numbers, `on` as true, `null` as nothing."""
    yield text
    yield text.strip()
    if text.lower() in WORDS:
        yield WORDS[text.lower()]
    if text.lower() in {"null", "none", ""}:
        yield None
    try:
        number = float(text)
    except ValueError:
        return
    yield number
    if number.is_integer():
        yield int(number)


def softened(document: Mapping[str, Any], schema: Any, value: Any, permits: Callable[[Any, Any], bool]) -> Any:
    """The value with each text in it that the schema refuses as a lenient framework reads it."""
    if isinstance(value, list):
        return [softened(document, items(document, schema), item, permits) for item in value]
    if isinstance(value, dict):
        declared = properties(document, schema)
        return {name: softened(document, declared.get(name, {}), member, permits) for name, member in value.items()}
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or permits(schema, value):
        return value
    return next((other for other in lenient(str(value)) if permits(schema, other)), value)


def other_readings(document: Mapping[str, Any], parameter: Parameter, pairs: Pairs) -> Iterator[Any]:
    """What the pairs give an array or an object if the server does not keep to the declared style."""
    texts = [_decoded(value) for name, value in pairs if name == parameter.name]
    if not texts or "array" not in kinds(document, parameter.schema):
        return
    yield texts
    for delimiter in (",", " ", "|"):
        yield [part for text in texts for part in text.split(delimiter)]


def raw_pairs(query: str) -> Pairs:
    """The pairs of a query as they stand, still encoded but for their names."""
    found = (pair.partition("=") for pair in query.split("&") if pair)
    return [(_decoded(name), value) for name, _, value in found]


def query_value(document: Mapping[str, Any], parameter: Parameter, pairs: Pairs) -> Any:
    """The value that the pairs of a query give the parameter, None where they give none. Raises UnclearError."""
    own = [value for name, value in pairs if name == parameter.name]
    named = kinds(document, parameter.schema)
    if "object" in named and not parameter.media_type and (parameter.explode or parameter.style == "deepObject"):
        read = _deep_value if parameter.style == "deepObject" else _exploded_object
        return read(document, parameter, pairs)
    return _own_value(document, parameter, own, named) if own else None


def _own_value(document: Mapping[str, Any], parameter: Parameter, own: list[str], named: frozenset[str]) -> Any:
    """The value of pairs that bear the parameter's own name."""
    if parameter.media_type:
        return _document(_single(own))
    if "array" in named:
        return _array(document, parameter, own, DELIMITERS.get(parameter.style, ","))
    if "object" in named:
        return _object(document, parameter.schema, _split(_single(own), DELIMITERS.get(parameter.style, ",")))
    return typed(document, _decoded(_single(own)), parameter.schema)


def simple_value(document: Mapping[str, Any], parameter: Parameter, texts: list[str]) -> Any:
    """The value of a header field, or of what stands in a path, in the style `simple`. Raises UnclearError."""
    text = _single(texts).strip()
    if parameter.media_type:
        return _document(text)
    named = kinds(document, parameter.schema)
    if "array" in named:
        element = items(document, parameter.schema)
        return [typed(document, part.strip(), element) for part in text.split(",")]
    if "object" in named:
        return _object(document, parameter.schema, re.split(r"[,=]" if parameter.explode else ",", text))
    return typed(document, text, parameter.schema)


def _array(document: Mapping[str, Any], parameter: Parameter, own: list[str], delimiter: str) -> list[Any]:
    element = items(document, parameter.schema)
    parts = [_decoded(text) for text in own] if parameter.explode else _split(_single(own), delimiter)
    if not all(parts):
        raise UnclearError
    return [typed(document, part, element) for part in parts]


def _object(document: Mapping[str, Any], schema: Any, parts: list[str]) -> dict[str, Any]:
    if len(parts) % 2 or not all(parts[::2]):
        raise UnclearError
    declared = properties(document, schema)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {name: typed(document, text, declared.get(name, {})) for name, text in pairs}


def _exploded_object(document: Mapping[str, Any], parameter: Parameter, pairs: Pairs) -> dict[str, Any] | None:
    declared = properties(document, parameter.schema)
    found = {name: typed(document, _decoded(text), declared[name]) for name, text in pairs if name in declared}
    if any(name == parameter.name for name, _ in pairs):
        raise UnclearError
    return found or None


def _deep_value(document: Mapping[str, Any], parameter: Parameter, pairs: Pairs) -> dict[str, Any] | None:
    declared = properties(document, parameter.schema)
    pattern = re.compile(re.escape(parameter.name) + r"\[([^\[\]]+)\]")
    own = [(pattern.fullmatch(name), text) for name, text in pairs if name.startswith(f"{parameter.name}[")]
    names = [found[1] for found, _ in own if found]
    if len(set(names)) < len(own) or any(name == parameter.name for name, _ in pairs):
        raise UnclearError  # nested, repeated, or in another style
    return {
        found[1]: typed(document, _decoded(text), declared.get(found[1], {})) for found, text in own if found
    } or None


def _split(text: str, delimiter: str) -> list[str]:
    return [_decoded(part) for part in re.split(delimiter, text)]


def _single(texts: list[str]) -> str:
    if len(texts) != 1 or not texts[0].strip():
        raise UnclearError
    return texts[0]


def _document(text: str) -> Any:
    try:
        return json.loads(unquote(text))
    except ValueError as error:
        raise UnclearError from error


def _decoded(text: str) -> str:
    return unquote(text.replace("+", " "))


def with_halves(value: Any) -> Any:
    """The JSON value with a half added to each whole number that was written with a fraction or an exponent."""
    if isinstance(value, dict):
        return {name: with_halves(member) for name, member in value.items()}
    if isinstance(value, list):
        return [with_halves(item) for item in value]
    return value + 0.5 if isinstance(value, float) and value.is_integer() else value
