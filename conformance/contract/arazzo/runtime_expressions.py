"""Runtime expressions of Arazzo 1.1 (section "Runtime Expressions"): values out of what a workflow has seen so far."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import jsonpath

from conformance.contract.document import ContractError, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOOKS_LIKE_ONE = re.compile(r"\$[A-Za-z]+([.#\[].*)?", re.DOTALL)
GRAMMAR = re.compile(
    r"\$(?:(?:url|method|statusCode|self)"
    r"|(?:request|response|message)\.(?:(?:header|query|path)\.[^#]+|(?:body|payload)(?:[.\[#].*)?)"
    r"|(?:inputs|outputs)\.[^#]+(?:#.*)?"
    r"|steps\.[\w-]+\.outputs\.[^#]+(?:#.*)?"
    r"|workflows\.[\w-]+\.(?:inputs|outputs)\.[^#]+(?:#.*)?"
    r"|sourceDescriptions\.[\w-]+\..+)",
    re.DOTALL,
)
EMBEDDED = re.compile(r"\{(\$[^{}]+)\}")
INDEX = re.compile(r"\[(\d+)\]")
SELECTOR = {"context", "selector", "type"}
JSONPATH = jsonpath.JSONPathEnvironment(strict=True)  # RFC 9535, without the library's own additions

Scope = "Mapping[str, Any]"


def is_expression(text: Any) -> bool:
    """The whole text is an expression, or was meant to be one."""
    return isinstance(text, str) and LOOKS_LIKE_ONE.fullmatch(text) is not None


def expressions(given: Any) -> Iterator[str]:
    """All expressions in a value: whole texts, and those in braces within a text."""
    if isinstance(given, dict):
        for member in given.values():
            yield from expressions(member)
    elif isinstance(given, list):
        for item in given:
            yield from expressions(item)
    elif is_expression(given):
        yield given
    elif isinstance(given, str):
        yield from EMBEDDED.findall(given)


def insist_on_grammar(expression: str) -> None:
    """Raises ContractError for what begins as an expression and is none."""
    if not GRAMMAR.fullmatch(expression):
        raise ContractError(f"{expression} is no runtime expression of Arazzo")


def evaluated(given: Any, scope: Mapping[str, Any]) -> Any:
    """A value of the document with what its expressions stand for; Selector Objects give what they select."""
    if isinstance(given, dict):
        if set(given) == SELECTOR:
            return selected(given, scope)
        return {name: evaluated(member, scope) for name, member in given.items()}
    if isinstance(given, list):
        return [evaluated(item, scope) for item in given]
    if is_expression(given):
        return looked_up(given, scope)
    return embedded(given, scope) if isinstance(given, str) else given


def embedded(text: str, scope: Mapping[str, Any]) -> str:
    """The text with the expressions in braces replaced: scalars as text, all else as JSON."""
    return EMBEDDED.sub(lambda found: text_of(looked_up(found[1], scope)), text)


def selected(selector: Mapping[str, Any], scope: Mapping[str, Any]) -> Any:
    """What a Selector Object takes out of its context: a single node as its value, several as a list."""
    context = evaluated(selector["context"], scope)
    if kind_of(selector["type"]) == "jsonpointer":
        return _at(context, selector["selector"])
    found = JSONPATH.findall(embedded(selector["selector"], scope), context)
    return found[0] if len(found) == 1 else (found or None)


def kind_of(declared: Any) -> str:
    """The type of a criterion or a selector, whether it comes with a version or not."""
    return str(declared.get("type") if isinstance(declared, dict) else declared)


def looked_up(expression: str, scope: Mapping[str, Any]) -> Any:
    """The value of one expression; None where there is nothing.

    `scope` is a tree of the names that expressions begin with; header names in it are in lower case.
    """
    path, hash_, pointer = expression.removeprefix("$").partition("#")
    source, _, name = path.partition(".header.")
    if name and source in {"request", "response", "message"}:
        path = f"{source}.header.{name.lower()}"
    found = _dug(scope, path)
    return _at(found, pointer) if hash_ else found


def _dug(value: Any, path: str) -> Any:
    """Follows `.name` and `[0]`; a name may hold full stops, so the longest that is there wins."""
    rest = path
    while rest:
        index = INDEX.match(rest)
        if index and isinstance(value, list):
            position = int(index[1])
            value, rest = (value[position] if position < len(value) else None), rest[index.end() :].lstrip(".")
            continue
        name = (
            max((key for key in value if _begins(rest, key)), key=len, default=None)
            if isinstance(value, dict)
            else None
        )
        if name is None:
            return None
        value, rest = value[name], rest[len(name) :].lstrip(".")
    return value


def _begins(path: str, name: str) -> bool:
    return path.startswith(name) and path[len(name) :][:1] in {"", ".", "["}


def _at(value: Any, pointer: str) -> Any:
    if value is None or pointer in {"", "#"}:
        return value
    try:
        return resolve(value, pointer)
    except ContractError:
        return None


def text_of(value: Any) -> str:
    """A text as it is, all else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
