"""A dialect as a folder that a person can run: document, configuration, and the description that the server reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dialects.configuration import configuration
from dialects.contract.asyncapi import asyncapi
from dialects.contract.files import inlined, write_document
from dialects.contract.openapi import openapi
from dialects.contract.versions import in_version
from dialects.dialect import Dialect

if TYPE_CHECKING:
    from pathlib import Path


def write_folder(folder: Path, dialect: Dialect, fault: str = "") -> None:
    """Writes everything that `conformance run` needs there."""
    folder.mkdir(parents=True, exist_ok=True)
    document = openapi(dialect)
    if dialect.composition == "inline":
        document = inlined(document, document["components"]["schemas"])
    document = in_version(document, dialect.version)
    contract = write_document(folder, "openapi", document, dialect)
    events = write_document(folder, "asyncapi", asyncapi(dialect), dialect) if dialect.events != "none" else ""
    (folder / "dialect.json").write_text(json.dumps(dialect.changes(), indent=2) + "\n", encoding="utf-8")
    told = configuration(dialect, contract=contract, asyncapi=events, fault=fault)
    (folder / "conformance.toml").write_text(told, encoding="utf-8")


def read_dialect(path: Path) -> Dialect:
    return Dialect(**json.loads(path.read_text(encoding="utf-8")))
