"""Values in words: what was compared, as a report tells it to people who do not read Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import singledispatch
from types import NoneType

LIMIT = 400  # characters of what is told of one value
CONTEXT = 40  # characters before the first difference
VOLATILE = re.compile(r"[\w.:+-]*\d[\w.:+-]*|\w{16,}")  # times, ids, addresses
IDENTIFIER = re.compile(r"(?=[\w.:+-]{8})[\w.:+-]*\d[\w.:+-]*|\w{16,}")  # statuses and counts are none
ESSENCE = 300  # characters of an answer by which causes are told apart
NOTHING, NONE = "nothing", "none"
RELATIONS = {
    "==": "{}",
    "!=": "anything but {}",
    "<": "less than {}",
    "<=": "at most {}",
    ">": "more than {}",
    ">=": "at least {}",
    "in": "one of {}",
    "not in": "none of {}",
    "is": "{}",
    "is not": "anything but {}",
}

TYPES = {  # in the words of JSON
    NoneType: "nothing",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "an array",
    dict: "an object",
}


def expectation(relation: str, value: object) -> str:
    """What is expected of something that is to stand in this relation of Python to the value."""
    if relation == "!=" and value == []:
        return "at least one"
    if relation in {"in", "not in"} and isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return RELATIONS[relation].format(", ".join(described(item) for item in value) or NOTHING)
    return RELATIONS[relation].format(described(value))


def containment(relation: str, part: object) -> str:
    """What is expected of something that is to contain the part, or not to."""
    return f"{'no ' if relation == 'not in' else ''}{described(part)} in it"


def from_first_difference(expected: str, observed: str) -> tuple[str, str]:
    """Both texts, short enough for a line or two; where they are cut, they begin where they begin to differ."""
    if max(len(expected), len(observed)) <= LIMIT:
        return expected, observed
    start = max(0, shared_start(expected, observed) - CONTEXT)
    return _cut(expected, start), _cut(observed, start)


def essence(text: str) -> str:
    """What texts have in common that differ in times, ids and addresses alone."""
    return VOLATILE.sub("#", text[:ESSENCE])


def without_identifiers(text: str) -> str:
    """The text, the same for failures that differ in ids, times and addresses alone."""
    return IDENTIFIER.sub("#", text)


def shared_start(one: str, other: str) -> int:
    """The number of characters at the beginning that two texts have in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((position for position, (left, right) in pairs if left != right), min(len(one), len(other)))


def _cut(text: str, start: int) -> str:
    before = "…" if start else ""
    return before + text[start : start + LIMIT] + ("…" if len(text) > start + LIMIT else "")


@singledispatch
def described(value: object) -> str:
    """The value in words. A class of our own says itself, by its `__repr__`, how it is told."""
    if says_itself(value):
        return repr(value)
    if is_dataclass(value) and not isinstance(value, type):
        return ", ".join(f"{words(field.name)} {_item(getattr(value, field.name))}" for field in fields(value))
    return words(type(value).__name__)


@described.register(NoneType)
def _(value: object) -> str:
    del value
    return NOTHING


@described.register(int)
@described.register(bool)
def _(value: object) -> str:
    return str(value).lower()


@described.register
def _(value: float) -> str:
    return f"{value:.15g}"


@described.register
def _(value: Enum) -> str:
    return described(value.value)


@described.register
def _(value: date) -> str:
    return value.isoformat()


@described.register
def _(value: str) -> str:
    if type(value).__repr__ is not str.__repr__:
        return repr(value)
    return f"“{value}”" if value else "an empty text"


@described.register
def _(value: bytes) -> str:
    return described(value.decode("utf-8", "replace"))


@described.register
def _(value: type) -> str:
    return TYPES.get(value, words(value.__name__))


@described.register(Mapping)
def _(value: Mapping[object, object]) -> str:
    return "; ".join(f"{_item(key)}: {_item(item)}" for key, item in value.items()) or NONE


@described.register(AbstractSet)
def _(value: AbstractSet[object]) -> str:
    return ", ".join(sorted(map(_item, value))) or NONE


@described.register(list)
@described.register(tuple)
def _(value: list[object] | tuple[object, ...]) -> str:
    return "; ".join(map(_item, value)) or NONE


@described.register
def _(value: BaseException) -> str:
    return str(value)


def says_itself(value: object) -> bool:
    """Its class, or one that it is derived from, has a `__repr__` that somebody wrote."""
    written = type(value).__repr__
    return written is not object.__repr__ and not hasattr(written, "__wrapped__") and not callable(value)


def _item(value: object) -> str:
    """One of several values: a text is told without quotes."""
    return value if isinstance(value, str) and value else described(value)


def words(name: str) -> str:
    """An identifier of Python as words: `KeyError` is `key error`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()
