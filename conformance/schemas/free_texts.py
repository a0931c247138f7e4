"""Members that hold a text of anybody's choice, where a marker does no harm."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.page_parameters import is_cursor
from conformance.http.secret_names import is_secret_name
from conformance.schemas.composition import SOME, branches, items, keyword, kinds, properties

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MARKER_PREFIX = "canary-"
MARKER_LENGTH = 24
BINDING = frozenset({"format", "enum", "const", "pattern", "contentEncoding", "contentMediaType"})
CLOSING = frozenset({"patternProperties", "propertyNames", "maxProperties", "enum", "const"})
HIDDEN = ("readOnly", "writeOnly")  # a text that cannot be set, or is not shown again
# Names of members whose texts mean something to the server although their schemas do not say so.
MEANINGFUL = frozenset(
    [
        "algorithm",
        "charset",
        "code",
        "codes",
        "color",
        "colour",
        "country",
        "currency",
        "email",
        "encoding",
        "format",
        "href",
        "id",
        "ids",
        "key",
        "kind",
        "lang",
        "language",
        "level",
        "locale",
        "login",
        "method",
        "mime",
        "mode",
        "password",
        "path",
        "phone",
        "priority",
        "region",
        "role",
        "roles",
        "scope",
        "scopes",
        "secret",
        "slug",
        "state",
        "status",
        "timezone",
        "token",
        "type",
        "tz",
        "unit",
        "units",
        "uri",
        "url",
        "username",
        "uuid",
        "version",
    ]
)
# Names of members by which people and things are told apart, so that two may not have the same.
IDENTIFYING = frozenset(
    [
        "code",
        "email",
        "handle",
        "isbn",
        "key",
        "login",
        "name",
        "number",
        "phone",
        "serial",
        "sku",
        "slug",
        "title",
        "username",
    ]
)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")

Path = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class FreeText:
    """Where such a text stands, from the top of a body; empty for a body that is one text."""

    path: Path
    room: int  # characters that it may have
    meaningful: bool  # its name says that not every text will do


def new_marker() -> str:
    """A text that nothing else holds."""
    return f"{MARKER_PREFIX}{secrets.token_hex(8)}"


def free_texts(document: Mapping[str, Any], schema: Any, value: Any, *, path: Path = ()) -> Iterator[FreeText]:
    """The free texts that are in the value, those at the top first; none that is a secret, and so never shown."""
    if isinstance(value, str) and takes_any_text(document, schema):
        room = keyword(document, schema, "maxLength")
        yield FreeText(
            path=path,
            room=room if isinstance(room, int) else 1_000_000,
            meaningful=isinstance(path[-1], str) and is_meaningful(path[-1]) if path else False,
        )
    if isinstance(value, list) and value and not path:  # what is made in bulk: the first of it
        yield from free_texts(document, items(document, schema), value[0], path=(0,))
    if isinstance(value, dict):
        declared = properties(document, schema)
        known = [(name, each) for name, each in value.items() if name in declared and not is_secret_name(name)]
        members = [(name, each) for name, each in known if not is_cursor(name, declared[name])]
        for name, member in sorted(members, key=lambda pair: isinstance(pair[1], dict)):
            yield from free_texts(document, declared[name], member, path=(*path, name))


def takes_any_member(document: Mapping[str, Any], schema: Any) -> bool:
    """The schema is of an object into which anybody may put what they like: it says so, or says no more of it."""
    parts = list(branches(document, schema, SOME))
    further = [part["additionalProperties"] for part in parts if "additionalProperties" in part]
    told = any({"properties", "required"} & set(part) for part in parts)
    bound = any(CLOSING & set(part) for part in parts) or any(each not in (True, {}) for each in further)
    return kinds(document, schema) == {"object"} and not bound and (bool(further) or not told)


def takes_any_text(document: Mapping[str, Any], schema: Any) -> bool:
    """Nothing in the schema says which texts it takes."""
    parts = list(branches(document, schema, SOME))
    bound = any(BINDING & set(part) or any(part.get(name) is True for name in HIDDEN) for part in parts)
    return not bound and "string" in kinds(document, schema)


def is_meaningful(name: str) -> bool:
    """The name is one of those by which servers expect certain texts, such as `unit` or `contentType`."""
    words = [word.lower() for word in WORD.findall(name)]
    return bool(MEANINGFUL.intersection(words)) or "".join(words) in MEANINGFUL


def is_identifying(name: str) -> bool:
    """The name is one of those by which things are told apart."""
    words = [word.lower() for word in WORD.findall(name)]
    return bool(IDENTIFYING.intersection(words)) or "".join(words) in IDENTIFYING


def with_text_at(value: Any, path: Path, text: Any) -> Any:
    """The value with this text at the path."""
    if not path:
        return text
    changed = with_text_at(value[path[0]] if len(path) > 1 else None, path[1:], text)
    return [changed, *value[1:]] if isinstance(value, list) else {**value, path[0]: changed}
