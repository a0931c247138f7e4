"""Parameters as they are written in a request, in every style of OpenAPI 3.1 (section 4.8.12.3)."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.contract.operation import Parameter

DELIMITERS = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}

encoded = partial(quote, safe="")  # RFC 3986, section 2.1: nothing but unreserved characters stands for itself


def text_of(value: Any) -> str:
    """A single value as text: JSON, but for texts themselves."""
    return value if isinstance(value, str) else json.dumps(value)


def path_text(parameter: Parameter, value: Any) -> str:
    """What stands in the place of the parameter's template expression."""
    if parameter.media_type:
        return encoded(json.dumps(value))
    if parameter.style == "matrix":
        return "".join(f";{pair}" for pair in _named(parameter, value, ","))
    if parameter.style == "label":
        return "." + _joined(value, "." if parameter.explode else ",", explode=parameter.explode)
    return _joined(value, ",", explode=parameter.explode)


def query_text(parameter: Parameter, value: Any) -> str:
    """The pairs of the query that hold the value, joined as they stand there."""
    if parameter.media_type:
        return f"{encoded(parameter.name)}={encoded(json.dumps(value))}"
    if parameter.style == "deepObject" and isinstance(value, dict):
        return "&".join(_deep(parameter.name, value))
    return "&".join(_named(parameter, value, DELIMITERS.get(parameter.style, ",")))


def cookie_text(parameter: Parameter, value: Any) -> str:
    """The pairs of a Cookie field that hold the value."""
    if parameter.media_type:
        return f"{parameter.name}={encoded(json.dumps(value))}"
    return "; ".join(_named(parameter, value, ","))


def header_text(parameter: Parameter, value: Any) -> str:
    """The value of the header field, which knows no percent-encoding."""
    if parameter.media_type:
        return json.dumps(value)
    return _joined(value, ",", explode=parameter.explode, encode=str)


def filled(template: str, parameters: tuple[Parameter, ...], values: Mapping[str, Any]) -> str:
    """The path template with these values in it, each in the style of its parameter, percent-encoded once."""
    styles = {parameter.name: parameter for parameter in parameters if parameter.place == "path"}
    path = template
    for name, value in values.items():
        written = path_text(styles[name], value) if name in styles else encoded(text_of(value))
        path = path.replace("{" + name + "}", written)
    return path


def _named(parameter: Parameter, value: Any, delimiter: str) -> Iterator[str]:
    """Pairs of name and value: one, or one for each part of an exploded value."""
    name = encoded(parameter.name)
    if parameter.explode and isinstance(value, list):
        yield from (f"{name}={encoded(text_of(item))}" for item in value)
    elif parameter.explode and isinstance(value, dict):
        yield from (f"{encoded(key)}={encoded(text_of(member))}" for key, member in value.items())
    else:
        yield f"{name}={_joined(value, delimiter)}"


def _joined(value: Any, delimiter: str, *, explode: bool = False, encode: Callable[[str], str] = encoded) -> str:
    if isinstance(value, list):
        return delimiter.join(encode(text_of(item)) for item in value)
    if isinstance(value, dict):
        pairs = ((encode(key), encode(text_of(member))) for key, member in value.items())
        return delimiter.join(("=" if explode else delimiter).join(pair) for pair in pairs)
    return encode(text_of(value))


def _deep(prefix: str, value: Mapping[str, Any]) -> Iterator[str]:
    for key, member in value.items():
        name = f"{prefix}[{key}]"
        if isinstance(member, dict):
            yield from _deep(name, member)
        else:
            parts = member if isinstance(member, list) else [member]
            yield from (f"{encoded(name)}={encoded(text_of(part))}" for part in parts)
