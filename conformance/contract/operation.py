"""One operation of the contract and what it promises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.vocabulary import (
        Counts,
        DeliveryLog,
        Idempotency,
        JobRules,
        Ownership,
        SessionRules,
        Subscription,
    )

TEMPLATE = re.compile(r"\{([^}]+)\}")
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A declared parameter; `place` is path, query, header or cookie."""

    name: str
    place: str
    required: bool
    schema: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A security scheme: `kind` is bearer, basic, or key; a key says where it goes and under which name."""

    name: str
    kind: str
    place: str = "header"
    parameter: str = "Authorization"


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One scheme of a security requirement, with the scopes (or roles) that it asks for."""

    scheme: Scheme
    scopes: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A declared response: its status as in the document (`200`, `4XX`, `default`), media types and headers."""

    status: str
    content: Mapping[str, Mapping[str, Any]]
    headers: Mapping[str, Mapping[str, Any]]
    links: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What the query or the body of an operation names: an object out of the reply of another one, as a link says."""

    source: str  # operationId
    query: Mapping[str, Any]  # parameter → expression
    body: Mapping[str, Any]  # member → expression, or a list of them

    @property
    def listed(self) -> bool:
        """A member takes several."""
        return any(isinstance(value, list) for value in self.body.values())


@dataclass(frozen=True, kw_only=True, eq=False)
class Operation:
    """An operation: everything a check asks of it is derived here from the document."""

    id: str
    method: str
    path: str
    summary: str
    tags: tuple[str, ...]
    alternatives: tuple[tuple[Requirement, ...], ...]
    parameters: tuple[Parameter, ...]
    bodies: Mapping[str, Mapping[str, Any]]
    body_required: bool
    answers: tuple[Answer, ...]
    ownership: Ownership
    idempotency: Idempotency | None = None
    subscription: Subscription | None = None
    delivery_log: DeliveryLog | None = None
    session_rules: SessionRules | None = None
    job: JobRules | None = None
    counts: Counts | None = None
    roles: frozenset[str] = frozenset()  # one of these is needed beside the scopes
    emits: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    deprecated: bool = False
    steady: bool = True  # what it reads stays as it is while nobody changes it, as a job does not
    interactive: bool = False  # pages (authorizationUrl), login and logout: judged as a flow and not one by one
    raw: Mapping[str, Any] = field(repr=False, default_factory=dict)

    @cached_property
    def path_parameters(self) -> tuple[str, ...]:
        return tuple(TEMPLATE.findall(self.path))

    @cached_property
    def secured(self) -> bool:
        """Credentials are required: no alternative is empty."""
        return bool(self.alternatives) and all(self.alternatives)

    @cached_property
    def scopes(self) -> frozenset[str]:
        """The scopes of the first alternative."""
        if not self.secured:
            return frozenset()
        return frozenset().union(*(requirement.scopes for requirement in self.alternatives[0]))

    @cached_property
    def schemes(self) -> tuple[Scheme, ...]:
        return tuple(requirement.scheme for requirement in self.alternatives[0]) if self.secured else ()

    @cached_property
    def cookie_alternative(self) -> tuple[Scheme, ...]:
        """The schemes of the first alternative that takes a cookie; none if there is no such alternative."""
        found = (tuple(requirement.scheme for requirement in alternative) for alternative in self.alternatives)
        return next((schemes for schemes in found if any(scheme.place == "cookie" for scheme in schemes)), ())

    @cached_property
    def bearer(self) -> bool:
        return any(scheme.kind == "bearer" for scheme in self.schemes)

    @cached_property
    def safe(self) -> bool:
        """It promises to change nothing (RFC 9110, section 9.2.1)."""
        return self.method in SAFE

    @cached_property
    def addressed(self) -> bool:
        return bool(self.path_parameters)

    @cached_property
    def private(self) -> bool:
        """It addresses an object that belongs to somebody."""
        return self.secured and self.addressed and self.ownership.visibility != "public"

    @cached_property
    def resource(self) -> str:
        """The path up to and with its last parameter: what an action such as `/things/{id}/start` acts upon."""
        end = self.path.rfind("}") + 1
        return self.path[:end] if end else self.path

    @cached_property
    def media_type(self) -> str:
        """The media type in which a body is sent, JSON where there is a choice; empty without one."""
        return next((name for name in self.bodies if is_json(name)), next(iter(self.bodies), ""))

    @cached_property
    def demands_key(self) -> bool:
        """The header parameter of its idempotency key is required."""
        return self.idempotency is not None and self.demands(self.idempotency.header)

    @cached_property
    def unique(self) -> tuple[str, ...]:
        """Members of its body of which no two objects have the same value (`x-unique`)."""
        return tuple(pointer.removeprefix("/") for pointer in self.raw.get("x-unique", ()))

    @cached_property
    def takes_json(self) -> bool:
        return is_json(self.media_type)

    @cached_property
    def body_schema(self) -> Mapping[str, Any]:
        schema: Mapping[str, Any] = self.bodies.get(self.media_type, {}).get("schema", {})
        return schema

    def demands(self, header: str) -> bool:
        """It declares this header parameter as required."""
        found = (known for known in self.parameters if known.place == "header" and known.name.lower() == header.lower())
        return any(known.required for known in found)

    def takes(self, place: str, name: str) -> bool:
        """It declares a parameter of this place and name."""
        return any(known.place == place and known.name.lower() == name.lower() for known in self.parameters)

    def promises(self, header: str) -> bool:
        """An answer with a 2xx status declares this header field."""
        return any(header.lower() in answer.headers for answer in self.answers if answer.status.startswith("2"))

    @cached_property
    def fed(self) -> Mapping[str, Any]:
        """Query parameters that a link takes out of a former reply of this very operation, such as a cursor."""
        links = [
            link for answer in self.answers for link in answer.links.values() if link.get("operationId") == self.id
        ]
        fed = {name.rpartition(".")[2]: value for link in links for name, value in link.get("parameters", {}).items()}
        return {name: value for name, value in fed.items() if self.takes("query", name)}

    def answer(self, status: int) -> Answer | None:
        """The declared response for a status: exact, then by class, then the default."""
        by_status = {answer.status.upper(): answer for answer in self.answers}
        return by_status.get(str(status)) or by_status.get(f"{status // 100}XX") or by_status.get("DEFAULT")

    def declares(self, status: int) -> bool:
        """The status stands in the document by number or by class; `default` does not count."""
        answer = self.answer(status)
        return answer is not None and answer.status.lower() != "default"

    @cached_property
    def success(self) -> tuple[int, ...]:
        """Declared statuses below 400."""
        return tuple(
            int(answer.status) for answer in self.answers if answer.status.isdigit() and int(answer.status) < 400
        )

    def succeeded(self, status: int) -> bool:
        return status in self.success if self.success else 200 <= status < 300

    def matches(self, path: str) -> dict[str, str] | None:
        """The values of the path parameters if `path` has the form of this operation's path."""
        pattern = TEMPLATE.sub("(?P<_>[^/]+)", re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}"))
        for index, _ in enumerate(self.path_parameters):
            pattern = pattern.replace("(?P<_>", f"(?P<p{index}>", 1)
        found = re.fullmatch(pattern, path)
        if found is None:
            return None
        return {name: found[f"p{index}"] for index, name in enumerate(self.path_parameters)}


def is_json(media_type: str) -> bool:
    """The media type is JSON or has the structured suffix (RFC 6839)."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")
