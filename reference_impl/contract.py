"""What `spec/` says: the operations, and both documents without references."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import yaml

from reference_impl import resources
from reference_impl.settings import Timings

if TYPE_CHECKING:
    from pathlib import Path

FORM = "application/x-www-form-urlencoded"  # the media type of HTML forms
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
        """Whether a principal is asked for: an access token, or the session of a browser."""
        return any("oauth2" in requirement or "session" in requirement for requirement in self.requirements)

    @cached_property
    def takes_token(self) -> bool:
        return any("oauth2" in requirement for requirement in self.requirements)

    @cached_property
    def takes_session(self) -> bool:
        return any("session" in requirement for requirement in self.requirements)

    @cached_property
    def asks_for_proof(self) -> bool:
        """Whether a session alone is not enough."""
        return any("csrf" in requirement for requirement in self.requirements)

    @cached_property
    def scopes(self) -> frozenset[str]:
        """All of these are needed."""
        return frozenset(scope for requirement in self.requirements for scope in requirement.get("oauth2", ()))

    @cached_property
    def roles(self) -> frozenset[str]:
        """One of these is needed beside the scopes; none asks for no role."""
        return frozenset(self.description.get("x-roles", ()))

    @cached_property
    def visibility(self) -> str:
        """Whose is what it is about: `private`, `tenant` or `public`."""
        ownership: Document = self.contract.document["x-ownership"] | self.description.get("x-ownership", {})
        return str(ownership["visibility"])

    @cached_property
    def parameters(self) -> tuple[Document, ...]:
        own = tuple(self.description.get("parameters", ()))
        return own + self.path_parameters

    @cached_property
    def media_types(self) -> tuple[str, ...]:
        """What the request body may be; nothing for an operation without one."""
        return tuple(self.description.get("requestBody", {}).get("content", ()))

    @cached_property
    def idempotency(self) -> Document | None:
        declared: Document | None = self.description.get("x-idempotency")
        return declared

    @cached_property
    def deprecated(self) -> bool:
        return bool(self.description.get("deprecated"))

    def constant(self, header: str) -> str:
        """The value that the answers declare for a header field which never changes."""
        answers = self.description["responses"].values()
        declared = next(answer["headers"][header] for answer in answers if header in answer.get("headers", {}))
        return str(declared["schema"]["const"])

    def requires(self, parameter: str) -> bool:
        return any(each["name"] == parameter and each.get("required") for each in self.parameters)


class Contract:
    """The OpenAPI document, and what the AsyncAPI document beside it promises of deliveries."""

    def __init__(self, document: Document, events: Document) -> None:
        self.document = document
        self.events = events

    @classmethod
    def load(cls) -> Contract:
        return cls(bundled("openapi.yaml"), bundled("asyncapi.yaml"))

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
    def login(self) -> Document:
        """What `x-session` declares."""
        found = (operation.description.get("x-session") for operation in self.operations.values())
        declared: Document = next(each for each in found if each)
        return declared

    def scheme(self, role: str) -> str:
        """The cookie or field of the scheme that `x-session` names as `scheme` or `proof`."""
        return str(self.document["components"]["securitySchemes"][self.login[role]]["name"])

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """All scopes that there are."""
        return tuple(sorted(self.described_scopes))

    @cached_property
    def described_scopes(self) -> Mapping[str, str]:
        """What each scope allows, in words."""
        flows = self.document["components"]["securitySchemes"]["oauth2"]["flows"]
        return {scope: words for flow in flows.values() for scope, words in flow["scopes"].items()}

    @cached_property
    def authorization_path(self) -> str:
        """Where people log in and consent."""
        flows = self.document["components"]["securitySchemes"]["oauth2"]["flows"]
        return str(flows["authorizationCode"]["authorizationUrl"])

    @cached_property
    def reserved_codes(self) -> frozenset[str]:
        """First segments of the fixed paths: no link can be reached there."""
        return frozenset(path.split("/")[1] for path in self.document["paths"] if not path.startswith("/{"))

    @cached_property
    def most_receivers(self) -> int:
        """How many `x-subscription` lets one owner have."""
        found = (operation.description.get("x-subscription") for operation in self.operations.values())
        return int(next(each["maximum"] for each in found if each))

    @cached_property
    def timings(self) -> Timings:
        """What the operation that sends events declares, and how long a key set may be kept."""
        sending = next(each for each in self.events["operations"].values() if "x-delivery" in each)
        return Timings(
            retry_schedule=tuple(sending["x-delivery"]["schedule"]),
            retry_after_cap=sending["x-delivery"]["retry-after"]["cap"],
            delivery_timeout=sending["x-delivery"]["timeout"],
            secret_overlap=sending["x-signature"]["overlap"],
            key_lifetime=self.access_token["keys"],
            key_refetch_cooldown=self.access_token["keys"],
            code_lifetime=self.document["x-bounds"]["code"],
        )

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            shared = tuple(item.get("parameters", ()))
            for method in METHODS:
                if method in item:
                    yield Operation(path, method, item[method], shared, self)


def read(file: Path) -> Any:
    loader = LOADER(file.read_text("utf-8"))
    return loader.get_single_data()


def bundled(name: str) -> Document:
    """A document of `spec/` in one piece: each reference is replaced by what it stands for."""
    spec = resources.spec()
    files = {f"schemas/{file.name}": read(file) for file in (spec / "schemas").iterdir()}
    bundle: Document = Bundle({name: read(spec / name), **files}).inlined(name)
    return bundle


class Bundle:
    """Documents that refer to themselves and to each other."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self.documents = documents
        self._done: dict[tuple[str, str], Any] = {}

    def inlined(self, name: str, pointer: str = "") -> Any:
        """What is at the JSON Pointer in the document, made once."""
        if (name, pointer) not in self._done:
            node = self.documents[name]
            for segment in pointer.split("/")[1:]:
                node = node[segment.replace("~1", "/").replace("~0", "~")]
            self._done[name, pointer] = self._copy(node, name)
        return self._done[name, pointer]

    def _copy(self, node: Any, name: str) -> Any:
        if isinstance(node, list):
            return [self._copy(each, name) for each in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            file, _, pointer = node["$ref"].partition("#")
            return self.inlined(posixpath.join(posixpath.dirname(name), file) if file else name, pointer)
        return {key: self._copy(value, name) for key, value in node.items()}
