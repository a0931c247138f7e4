"""The members of a thing: for each its JSON Schema, and beside it, written by hand, what the server takes for valid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialects.dialect import Dialect

Json = dict[str, Any]

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member that a request may set; `default` is shown where a request has left it out, None shows nothing."""

    name: str
    schema: Json
    valid: Callable[[Any], bool]
    required: bool = False
    default: Any = None
    hidden: bool = False  # writeOnly


def members(dialect: Dialect) -> tuple[Member, ...]:
    """What a request may set, in the order in which the document lists it."""
    known = [Member(name="name", schema=text(1, 40), valid=is_text(1, 40), required=True)]
    known.append(Member(name="qty", schema=number(100), valid=is_number(100), default=default_quantity(dialect)))
    if dialect.choice == "any-of":
        known.append(Member(name="size", schema=number(50), valid=is_number(50)))
    if dialect.choice == "one-of":
        known.append(Member(name="kind", schema={"enum": ["box", "ball"]}, valid=is_kind, required=True))
        known.append(Member(name="width", schema=number(500), valid=is_number(500)))
        known.append(Member(name="radius", schema=number(500), valid=is_number(500)))
    if dialect.nullable:
        known.append(Member(name="note", schema={**text(0, 60), "type": ["string", "null"]}, valid=is_note))
    if dialect.nested:
        known.append(Member(name="place", schema=PLACE, valid=is_place))
    if dialect.listed:
        items = {"type": "array", "maxItems": 3, "items": text(1, 20)}
        known.append(Member(name="labels", schema=items, valid=is_labels))
    if dialect.dated:
        known.append(Member(name="due", schema={"type": "string", "format": "date-time"}, valid=is_moment))
    if dialect.direction == "one-schema":
        code = Member(name="code", schema={**text(4, 30), "writeOnly": True}, valid=is_text(4, 30), hidden=True)
        known.append(code)
    return tuple(known)


def plain_body(dialect: Dialect, name: str) -> Json:
    """A body that the dialect takes, with this name."""
    found: Json = {"name": name, "qty": 3}
    if dialect.choice == "one-of":
        found |= {"kind": "box", "width": 40}
    if dialect.direction == "one-schema":
        found["code"] = "lamp-code"
    return found


def default_quantity(dialect: Dialect) -> int | None:
    return None if dialect.choice == "any-of" else 0


def fits_choice(dialect: Dialect, body: Json) -> bool:
    """The rule about several members holds."""
    if dialect.choice == "any-of":
        return "qty" in body or "size" in body
    if dialect.choice == "one-of":
        return {"box": ("width", "radius"), "ball": ("radius", "width")}[body["kind"]] == measured(body)
    return True


def measured(body: Json) -> tuple[str, str]:
    """The measure that a body has, and the one that it has not; nothing where it has both or none."""
    has = [name for name in ("width", "radius") if name in body]
    return (has[0], "radius" if has[0] == "width" else "width") if len(has) == 1 else ("", "")


PLACE: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["row"],
    "properties": {
        "row": {"type": "integer", "minimum": 1, "maximum": 9},
        "shelf": {"type": "string", "maxLength": 10},
    },
}


def text(least: int, most: int) -> Json:
    return {"type": "string", "minLength": least, "maxLength": most}


def number(most: int) -> Json:
    return {"type": "integer", "minimum": 0, "maximum": most}


def is_text(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and least <= len(value) <= most


def is_number(most: int, least: int = 0) -> Callable[[Any], bool]:
    """JSON Schema takes 1.0 for an integer too."""
    return lambda value: (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and value == value // 1
        and least <= value <= most
    )


def is_kind(value: Any) -> bool:
    return value in ("box", "ball") and isinstance(value, str)


def is_note(value: Any) -> bool:
    return value is None or is_text(0, 60)(value)


def is_place(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and {"row"} <= value.keys() <= {"row", "shelf"}
        and is_number(9, 1)(value["row"])
        and is_text(0, 10)(value.get("shelf", ""))
    )


def is_labels(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 3 and all(map(is_text(1, 20), value))


def is_moment(value: Any) -> bool:
    """An RFC 3339 moment."""
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        return False
    try:
        return datetime.fromisoformat(value.upper()) is not None
    except ValueError:
        return False
