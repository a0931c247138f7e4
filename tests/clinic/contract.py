"""The clinic's contract, as its server reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema_rs import Draft202012Validator

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation: who may call it, and what its body and its request key must look like."""

    id: str
    method: str
    path: str
    scheme: str  # name of the security scheme, "" where the operation is public
    scopes: tuple[str, ...]
    body: Draft202012Validator | None
    key: Draft202012Validator | None


class Contract:
    """An OpenAPI document with its operations."""

    def __init__(self, path: Path) -> None:
        self._document: Json = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.operations = tuple(
            self._operation(path, method, item[method])
            for path, item in self._document["paths"].items()
            for method in METHODS
            if method in item
        )

    def operation(self, identifier: str) -> Operation:
        return next(operation for operation in self.operations if operation.id == identifier)

    def _operation(self, path: str, method: str, described: Json) -> Operation:
        security = described["security"]
        scheme, scopes = next(iter(security[0].items())) if security else ("", [])
        return Operation(
            id=described["operationId"],
            method=method.upper(),
            path=path,
            scheme=scheme,
            scopes=tuple(scopes),
            body=self._body(described),
            key=self._key(described),
        )

    def _body(self, described: Json) -> Draft202012Validator | None:
        if "requestBody" not in described:
            return None
        return self._validator(described["requestBody"]["content"]["application/json"]["schema"])

    def _key(self, described: Json) -> Draft202012Validator | None:
        if "x-idempotency" not in described:
            return None
        return self._validator(self._document["components"]["parameters"]["RequestKey"]["schema"])

    def _validator(self, schema: Json) -> Draft202012Validator:
        return Draft202012Validator({**schema, "components": self._document["components"]}, validate_formats=True)
