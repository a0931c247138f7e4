"""The documents of spec/, read once, with their references resolved on demand."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import jsonschema_rs
import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEC = Path(__file__).parents[2] / "spec"
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
# What stands below these is somebody's data, not the document's own words.
DATA = {"example", "examples", "value", "default", "const", "enum"}


@dataclass(frozen=True)
class Place:
    """A mapping somewhere in a document, under the name that a reference would give it."""

    file: str
    pointer: str
    node: dict[str, Any]

    def at(self, *keys: str | int) -> str:
        steps = "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)
        return f"{self.file}#{self.pointer}{steps}"


@dataclass(frozen=True)
class Operation:
    """An operation of the OpenAPI document with everything resolved that tests ask for."""

    method: str
    path: str
    node: dict[str, Any]
    parameters: list[dict[str, Any]]
    responses: dict[str, dict[str, Any]]
    security: list[dict[str, list[str]]]
    ownership: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def scopes(self) -> set[str]:
        return {scope for way in self.security for scopes in way.values() for scope in scopes}


class Documents:
    """All YAML files of spec/ by their path in it."""

    def __init__(self, files: dict[str, Any]) -> None:
        self.files = files

    def places(self) -> Iterator[Place]:
        for name, document in self.files.items():
            yield from walk(Place(name, "", document))

    def resolve(self, node: Any, base: str = "openapi.yaml") -> Any:
        while isinstance(node, dict) and "$ref" in node:
            base, node = self.follow(node["$ref"], base)
        return node

    def follow(self, reference: str, base: str) -> tuple[str, Any]:
        """The file and the node that a reference leads to; KeyError if it leads nowhere."""
        name, _, pointer = urljoin(base, reference).partition("#")
        node = self.files[name]
        for step in pointer.split("/")[1:]:
            node = node[step.replace("~1", "/").replace("~0", "~")]
        return name, node

    def errors(self, reference: str, instance: Any) -> list[str]:
        """Why the instance does not fit the schema that a reference such as schemas/link.yaml leads to."""
        quoted = re.sub(r"[{}]", lambda brace: f"%{ord(brace[0]):X}", reference)
        validator = jsonschema_rs.Draft202012Validator(
            {"$ref": f"spec:///{quoted}"}, registry=self.registry, validate_formats=True
        )
        return [f"{reference}: {error.message}" for error in validator.iter_errors(instance)]

    @cached_property
    def registry(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry([(f"spec:///{name}", document) for name, document in self.files.items()])


def walk(place: Place) -> Iterator[Place]:
    yield place
    for key, value in place.node.items():
        if key not in DATA:
            for step, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(child, dict):
                    pointer = place.at(key) if step is None else place.at(key, step)
                    yield from walk(Place(place.file, pointer.partition("#")[2], child))


def read(pattern: str) -> dict[str, Any]:
    return {path.relative_to(SPEC).as_posix(): yaml.safe_load(path.read_text()) for path in sorted(SPEC.glob(pattern))}


@pytest.fixture(scope="session")
def spec_path():
    return SPEC


@pytest.fixture(scope="session")
def documents():
    return Documents(
        read("openapi.yaml") | read("asyncapi.yaml") | read("journeys.arazzo.yaml") | read("schemas/*.yaml")
    )


@pytest.fixture(scope="session")
def openapi(documents):
    return documents.files["openapi.yaml"]


@pytest.fixture(scope="session")
def asyncapi(documents):
    return documents.files["asyncapi.yaml"]


@pytest.fixture(scope="session")
def schemes():
    return {Path(name).stem: scheme for name, scheme in read("schemes/*.yaml").items()}


@pytest.fixture(scope="session")
def vocabulary():
    return json.loads((SPEC / "vocabulary.schema.json").read_text())


@pytest.fixture(scope="session")
def vocabulary_errors(vocabulary):
    """A function that says why a value does not fit a definition of the vocabulary."""

    def errors(name: str, value: Any) -> list[str]:
        validator = jsonschema_rs.validator_for({**vocabulary, "$ref": f"#/$defs/{name}"}, validate_formats=True)
        return [f"{name}: {error.message}" for error in validator.iter_errors(value)]

    return errors


@pytest.fixture(scope="session")
def operations(documents, openapi):
    return [
        Operation(
            method=method,
            path=path,
            node=node,
            parameters=[documents.resolve(p) for p in [*item.get("parameters", []), *node.get("parameters", [])]],
            responses={status: documents.resolve(response) for status, response in node["responses"].items()},
            security=node.get("security", openapi["security"]),
            ownership=node.get("x-ownership", openapi["x-ownership"]),
        )
        for path, item in openapi["paths"].items()
        for method, node in item.items()
        if method in METHODS
    ]


@pytest.fixture(scope="session")
def by_id(operations):
    return {operation.node["operationId"]: operation for operation in operations}


@pytest.fixture(scope="session")
def messages(asyncapi):
    """Messages of the AsyncAPI document by the name that events carry."""
    return {message["name"]: message for message in asyncapi["components"]["messages"].values()}


@pytest.fixture(scope="session")
def vectors():
    return json.loads((SPEC / "vectors/signatures.json").read_text())
