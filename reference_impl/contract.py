"""What `spec/openapi.yaml` says, as operations and one document without outside references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import PurePosixPath
from typing import Any

import yaml

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Document = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation: where it is, what it needs, and its description with references resolved one step."""

    path: str
    method: str
    description: Document
    path_parameters: tuple[Document, ...]
    contract: Contract

    @property
    def id(self) -> str:
        return str(self.description["operationId"])

    @cached_property
    def requirements(self) -> tuple[Document, ...]:
        """The alternatives of `security`; none for a public operation."""
        return tuple(self.description.get("security", self.contract.document.get("security", ())))

    @cached_property
    def protected(self) -> bool:
        """Whether an access token is asked for."""
        return any("oauth2" in requirement for requirement in self.requirements)

    @cached_property
    def scopes(self) -> frozenset[str]:
        """All of these are needed."""
        return frozenset(scope for requirement in self.requirements for scope in requirement.get("oauth2", ()))

    @cached_property
    def parameters(self) -> tuple[Document, ...]:
        own = tuple(map(self.contract.resolve, self.description.get("parameters", ())))
        return own + self.path_parameters

    @cached_property
    def media_types(self) -> tuple[str, ...]:
        """What the request body may be; nothing for an operation without one."""
        return tuple(self.description.get("requestBody", {}).get("content", ()))

    @cached_property
    def idempotency(self) -> Document | None:
        declared: Document | None = self.description.get("x-idempotency")
        return declared

    def requires(self, parameter: str) -> bool:
        return any(each["name"] == parameter and each.get("required") for each in self.parameters)


class Contract:
    """The OpenAPI document, with the schema files beside it brought in as components."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @classmethod
    def load(cls) -> Contract:
        return cls(bundled())

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """By operationId."""
        return {operation.id: operation for operation in self._operations()}

    @cached_property
    def access_token(self) -> Document:
        """What `x-access-token` declares."""
        declared: Document = self.document["components"]["securitySchemes"]["oauth2"]["x-access-token"]
        return declared

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """All scopes that there are."""
        flows = self.document["components"]["securitySchemes"]["oauth2"]["flows"]
        return tuple(sorted({scope for flow in flows.values() for scope in flow["scopes"]}))

    @cached_property
    def reserved_codes(self) -> frozenset[str]:
        """First segments of the fixed paths: no link can be reached there."""
        return frozenset(path.split("/")[1] for path in self.document["paths"] if not path.startswith("/{"))

    def resolve(self, item: Document) -> Document:
        """What a local reference stands for, or the item itself."""
        while "$ref" in item:
            found: Any = self.document
            for segment in item["$ref"].removeprefix("#/").split("/"):
                found = found[segment]
            item = found
        return item

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            shared = tuple(map(self.resolve, item.get("parameters", ())))
            for method in METHODS:
                if method in item:
                    yield Operation(path, method, item[method], shared, self)


def bundled() -> Document:
    """The document in one piece: `schemas/link.yaml` becomes `#/components/schemas/link`."""
    spec = resources.files("spec")
    schemas = {
        PurePosixPath(file.name).stem: yaml.load(file.read_text("utf-8"), LOADER)  # noqa: S506
        for file in spec.joinpath("schemas").iterdir()
        if file.name.endswith(".yaml")
    }
    document = yaml.load(spec.joinpath("openapi.yaml").read_text("utf-8"), LOADER)  # noqa: S506
    document["components"]["schemas"] = schemas
    localised: Document = localise(document)
    return localised


def localise(node: Any) -> Any:
    """The node with references to schema files turned into references to components."""
    if isinstance(node, dict):
        return {key: local(value) if key == "$ref" else localise(value) for key, value in node.items()}
    if isinstance(node, list):
        return [localise(each) for each in node]
    return node


def local(reference: str) -> str:
    if reference.startswith("#"):
        return reference
    return f"#/components/schemas/{PurePosixPath(reference).stem}"
