"""One self-contained document out of a contract and the files that it refers to."""

from __future__ import annotations

import re
from typing import Any

GATHERED = "#/x-gathered/"
SCHEMA_TYPES = {"null", "boolean", "object", "array", "number", "string", "integer"}
SCHEMA_WORDS = {"properties", "allOf", "anyOf", "oneOf", "enum", "const"}


def bundled(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the schemas of its other files under `components/schemas`, by names that read well."""
    gathered = document.get("x-gathered", {})
    taken = set(document.get("components", {}).get("schemas", {}))
    names: dict[str, str] = {}
    for key, value in gathered.items():
        if _is_schema(value):
            names[key] = _free(_name(key, value), taken)
            taken.add(names[key])
    whole: dict[str, Any] = _rewritten(document, names)
    rest = whole.pop("x-gathered", {})
    for key, name in names.items():
        whole.setdefault("components", {}).setdefault("schemas", {})[name] = rest.pop(key)
    return {**whole, "x-gathered": rest} if rest else whole


def _is_schema(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    kinds = value.get("type", ())
    named = SCHEMA_TYPES.intersection([kinds] if isinstance(kinds, str) else kinds)
    return bool(named or SCHEMA_WORDS & value.keys())


def _name(key: str, schema: dict[str, Any]) -> str:
    """The schema's title if it can be a component's name, else its file's name in the same style."""
    title = str(schema.get("title", ""))
    if re.fullmatch(r"[A-Za-z0-9._-]+", title):
        return title
    stem = key.partition("-")[2]  # `load` numbers the files that it gathers
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", stem))


def _free(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}{number}", number + 1
    return free


def _rewritten(value: Any, names: dict[str, str]) -> Any:
    """A copy in which every reference to what gets a name, or into it, follows it."""
    if isinstance(value, list):
        return [_rewritten(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    copy = {key: _rewritten(member, names) for key, member in value.items()}
    if isinstance(value.get("$ref"), str):
        copy["$ref"] = _reference(value["$ref"], names)
    return copy


def _reference(reference: str, names: dict[str, str]) -> str:
    key, slash, rest = reference.removeprefix(GATHERED).partition("/")
    if not reference.startswith(GATHERED) or key not in names:
        return reference
    return f"#/components/schemas/{names[key]}{slash}{rest}"
