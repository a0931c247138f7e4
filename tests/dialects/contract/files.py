"""Writing a document: as YAML or JSON, in one file or in several."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

    from dialects.dialect import Dialect
    from dialects.members import Json

PREFIX = "#/components/schemas/"


def write_document(folder: Path, name: str, document: Json, dialect: Dialect) -> str:
    """The name of the file that was written; of a document in several files, of the first."""
    own = document["components"].pop("schemas", None) if dialect.split else None
    if own:
        schemas = f"schemas.{dialect.format}"
        _write(folder / schemas, _rewritten(own, PREFIX, "#/"), dialect)
        document = _rewritten(document, PREFIX, f"{schemas}#/")
    _write(folder / f"{name}.{dialect.format}", document, dialect)
    return f"{name}.{dialect.format}"


def inlined(value: Any, schemas: dict[str, Json]) -> Any:
    """The value with schemas in the place of references to them."""
    if isinstance(value, dict) and str(value.get("$ref", "")).startswith(PREFIX):
        return inlined(schemas[value["$ref"].removeprefix(PREFIX)], schemas)
    if isinstance(value, dict):
        return {key: inlined(member, schemas) for key, member in value.items()}
    return [inlined(item, schemas) for item in value] if isinstance(value, list) else value


def _rewritten(value: Any, old: str, new: str) -> Any:
    """The value with another beginning of each reference."""
    if isinstance(value, dict):
        return {key: _rewritten(member, old, new) for key, member in value.items()}
    if isinstance(value, list):
        return [_rewritten(item, old, new) for item in value]
    return new + value.removeprefix(old) if isinstance(value, str) and value.startswith(old) else value


class _Dumper(yaml.SafeDumper):
    """Writes equal parts out twice, since aliases are a dialect of their own."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _write(path: Path, value: Json, dialect: Dialect) -> None:
    if dialect.format == "json":
        text = json.dumps(value, indent=2)
    else:
        text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
