"""One self-contained document out of a contract and the files that it refers to."""

from __future__ import annotations

import re
from typing import Any

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
    moved = {f"#/x-gathered/{key}": f"#/components/schemas/{name}" for key, name in names.items()}
    whole = _rewritten({**document, "x-gathered": {}}, moved)
    components = whole.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas |= {name: _rewritten(gathered[key], moved) for key, name in names.items()}
    rest = {key: _rewritten(value, moved) for key, value in gathered.items() if key not in names}
    if rest:
        return {**whole, "x-gathered": rest}
    del whole["x-gathered"]
    return whole


def _is_schema(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    kinds = value.get("type", ())
    return bool(SCHEMA_WORDS & value.keys()) or bool(SCHEMA_TYPES.intersection([kinds] if isinstance(kinds, str) else kinds))


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


def _rewritten(value: Any, moved: dict[str, str]) -> Any:
    """A copy in which every reference to what was moved, or into it, follows it."""
    if isinstance(value, list):
        return [_rewritten(item, moved) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _reference(member, moved) if key == "$ref" else _rewritten(member, moved) for key, member in value.items()}


def _reference(reference: Any, moved: dict[str, str]) -> Any:
    if not isinstance(reference, str):
        return _rewritten(reference, moved)
    file, slash, rest = reference.removeprefix("#/x-gathered/").partition("/")
    return moved.get(f"#/x-gathered/{file}", f"#/x-gathered/{file}") + slash + rest if "#/x-gathered/" in reference else reference
