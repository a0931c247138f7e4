"""JSON (RFC 8259): the value that a text holds, and where each part of it stands."""

from __future__ import annotations

import json
import re
from collections import Counter
from json.decoder import JSONDecoder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BLANK = re.compile(r"[ \t\n\r]*")


class NotJSONError(ValueError):
    """The text is no JSON: why, and in which line."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


def value_of(text: str) -> Any:
    """The value. Raises NotJSONError, also for names that an object has twice."""
    try:
        value = json.loads(text, object_pairs_hook=_members, parse_constant=_refused)
        json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise NotJSONError(error.msg, error.lineno) from None
    except UnicodeEncodeError:
        raise NotJSONError("a text has half of a surrogate pair", 1) from None
    except RecursionError:
        raise NotJSONError("it is nested too deeply", 1) from None
    except _TwiceError as error:
        raise NotJSONError(f"the name {error.name!r} stands twice in one object", _line_of_twice(text)) from None
    except _ConstantError as error:
        line = text.count("\n", 0, max(text.find(error.name), 0)) + 1
        raise NotJSONError(f"{error.name} is no JSON", line) from None
    return value


class _TwiceError(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _ConstantError(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError(Counter(name for name, _ in pairs).most_common(1)[0][0])
    return found


def _refused(name: str) -> Any:
    raise _ConstantError(name)


def line_of(text: str, steps: Sequence[str | int]) -> int:
    """The line in which the part at these steps begins, or else the nearest one around it."""
    start = _after_blank(text, 0)
    line_start = start
    for step in steps:
        found = next(((at, begin) for name, at, begin in _parts(text, start) if str(name) == str(step)), None)
        if found is None:
            break
        line_start, start = found
    return text.count("\n", 0, line_start) + 1


def _line_of_twice(text: str) -> int:
    """Where the first name stands that its object has already."""
    pending = [_after_blank(text, 0)]
    while pending:
        seen: set[str | int] = set()
        for name, at, begin in _parts(text, pending.pop()):
            if name in seen:
                return text.count("\n", 0, at) + 1
            seen.add(name)
            pending.append(begin)
    return 1


def _parts(text: str, start: int) -> Iterator[tuple[str | int, int, int]]:
    """Of each member or element of what begins there: its name, where that stands, and where its value begins."""
    kind = text[start]
    if kind not in "{[":
        return
    decoder = JSONDecoder(strict=False)
    at, number = _after_blank(text, start + 1), 0
    while text[at] not in "}]":
        name: str | int = number
        begin = at
        if kind == "{":
            name, end = decoder.raw_decode(text, at)
            begin = _after_blank(text, _after_blank(text, end) + 1)
        yield name, at, begin
        end = _after_blank(text, decoder.raw_decode(text, begin)[1])
        at = _after_blank(text, end + 1) if text[end] == "," else end
        number += 1


def _after_blank(text: str, at: int) -> int:
    found = BLANK.match(text, at)
    return found.end() if found else at
