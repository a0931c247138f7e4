"""One operation of the contract and what it promises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.relations.reference import Reference
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
    """A declared parameter; `place` is path, query, header or cookie.

    `style` and `explode` say how arrays and objects are written (OpenAPI 3.1, section 4.8.12.3); with a `media_type`
    (the key of its `content`) its value is written as a document instead.
    """

    name: str
    place: str
    required: bool
    schema: Mapping[str, Any]
    style: str = "simple"
    explode: bool = False
    media_type: str = ""
    examples: tuple[Any, ...] = ()  # values that the contract itself gives
    enumerated: bool = False  # its schema, or the configuration, says all values that there are


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
    given: bool = False  # the contract shows a value of what its path names, and nothing makes it
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
    def takes_credentials(self) -> bool:
        """Credentials are required, or optional: some alternative asks for them (OpenAPI 3.1, section 4.8.30)."""
        return any(self.alternatives)

    def knows_caller_of(self, other: Operation) -> bool:
        """Its requests show the credentials by which the other operation knows its caller, or some of another kind."""
        taken = {asked.scheme.name for alternative in self.alternatives for asked in alternative}
        wanted = [{asked.scheme.name for asked in alternative} for alternative in other.alternatives]
        return not other.secured or any(taken >= names for names in wanted) or bool(taken - set().union(*wanted))

    @cached_property
    def scopes(self) -> frozenset[str]:
        """The scopes of the first alternative."""
        return frozenset().union(*(asked.scopes for asked in (self.alternatives[0] if self.secured else ())))

    @cached_property
    def schemes(self) -> tuple[Scheme, ...]:
        return tuple(requirement.scheme for requirement in self.alternatives[0]) if self.secured else ()

    @cached_property
    def scheme_sets(self) -> tuple[tuple[Scheme, ...], ...]:
        """The schemes of each alternative that asks for credentials."""
        return tuple(tuple(each.scheme for each in alternative) for alternative in self.alternatives if alternative)

    def lacking(self, *scopes: str) -> frozenset[str]:
        """What a token must do without, to lack these scopes and not to satisfy another alternative instead."""
        others = (frozenset().union(*(each.scopes for each in alternative)) for alternative in self.alternatives[1:])
        return frozenset(scopes).union(*(other for other in others if not other & frozenset(scopes)))

    @cached_property
    def cookie_alternative(self) -> tuple[Scheme, ...]:
        """The schemes of the first alternative that takes a cookie; none if there is no such alternative."""
        return next((each for each in self.scheme_sets if any(scheme.place == "cookie" for scheme in each)), ())

    @cached_property
    def bearer(self) -> bool:
        return any(scheme.kind == "bearer" for scheme in self.schemes)

    @cached_property
    def safe(self) -> bool:
        """It promises to change nothing (RFC 9110, section 9.2.1)."""
        return self.method in SAFE

    @cached_property
    def addressed(self) -> bool:
        """Its path tells an object: not all that may vary in it is enumerated, as a language or a kind is."""
        return not {known.name for known in self.of_place("path") if known.enumerated}.issuperset(self.path_parameters)

    @cached_property
    def private(self) -> bool:
        """It addresses an object of somebody: made here, or where credentials are optional by what is declared."""
        known = (self.secured and not self.given) or (self.takes_credentials and self.ownership.declared)
        return known and self.addressed and self.ownership.visibility != "public"

    @cached_property
    def route(self) -> str:
        """The path without a slash at its end, which tells no other resource."""
        return self.path.rstrip("/") or "/"

    @cached_property
    def about_object(self) -> bool:
        """Its path ends with a parameter: it is about an object, and neither about a collection nor an action."""
        return self.addressed and self.route.endswith("}")

    @cached_property
    def resource(self) -> str:
        """The path up to and with its last parameter: what an action such as `/things/{id}/start` acts upon."""
        end = self.path.rfind("}") + 1 if self.addressed else 0
        return self.path[:end] if end else self.route

    @cached_property
    def media_type(self) -> str:
        """The media type in which a body is sent, JSON or else a form where there is a choice; empty without one."""
        return min(self.bodies, key=_remoteness, default="")

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
        return as_object(self.bodies.get(self.media_type, {}).get("schema", {}))

    def body_of(self, content_type: str) -> tuple[str, Mapping[str, Any]] | None:
        """The declared media type, or range of them, that a Content-Type is of, and what is declared of it."""
        essence = content_type.partition(";")[0].strip().lower()
        wanted = (essence, f"{essence.partition('/')[0]}/*", "*/*")
        declared = {name.partition(";")[0].strip().lower(): (name, body) for name, body in self.bodies.items()}
        return next((declared[name] for name in wanted if name in declared), None)

    def demands(self, header: str) -> bool:
        """It declares this header parameter as required."""
        return any(known.required and known.name.lower() == header.lower() for known in self.of_place("header"))

    @cached_property
    def demands_tag(self) -> bool:
        """If-Match is required, by its parameter or by a declared 428 (RFC 6585)."""
        return self.demands("If-Match") or (self.takes("header", "If-Match") and self.declares(428))

    def of_place(self, place: str) -> list[Parameter]:
        return [known for known in self.parameters if known.place == place]

    def takes(self, place: str, name: str) -> bool:
        """It declares a parameter of this place and name."""
        return any(known.name.lower() == name.lower() for known in self.of_place(place))

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
        """The status stands in the document by number: a class of them (`4XX`) and `default` promise none of it."""
        return any(answer.status == str(status) for answer in self.answers)

    def describes(self, status: int) -> bool:
        """The status stands in the document by number or by class; `default` does not count."""
        return any(answer.status.upper() in {str(status), f"{status // 100}XX"} for answer in self.answers)

    @cached_property
    def success(self) -> tuple[int, ...]:
        """Declared statuses below 400."""
        numbers = (int(answer.status) for answer in self.answers if answer.status.isdigit())
        return tuple(each for each in numbers if each < 400)

    def succeeded(self, status: int) -> bool:
        """Declared as success, or 2xx: what is done and not declared is a gap of the contract."""
        return status in self.success or 200 <= status < 300

    def matches(self, path: str) -> dict[str, str] | None:
        """The values of the path parameters if `path` has the form of this operation's path, a last slash apart."""
        pattern = TEMPLATE.sub("(?P<_>[^/]+)", re.escape(self.route).replace(r"\{", "{").replace(r"\}", "}"))
        for index, _ in enumerate(self.path_parameters):
            pattern = pattern.replace("(?P<_>", f"(?P<p{index}>", 1)
        found = re.fullmatch(pattern, path.rstrip("/") or "/")
        if found is None:
            return None
        return {name: found[f"p{index}"] for index, name in enumerate(self.path_parameters)}


def is_json(media_type: str) -> bool:
    """The media type is JSON or has the structured suffix (RFC 6839)."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


def _remoteness(media_type: str) -> int:
    """Merge patches (RFC 7396) are nearest to what they are about, and lists of steps (RFC 6902) show nothing of it."""
    steps = "json-patch+json" in media_type
    return ("merge-patch+json" in media_type, is_json(media_type) and not steps, is_form(media_type), True).index(True)


def is_form(media_type: str) -> bool:
    """The media type is one of those that HTML forms send."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence in {"application/x-www-form-urlencoded", "multipart/form-data"}


def as_object(schema: Any) -> Mapping[str, Any]:
    """The schema as a mapping: `true` permits everything, `false` nothing (JSON Schema 2020-12 core, section 4.3.2)."""
    if isinstance(schema, dict):
        return schema
    return {"not": {}} if schema is False else {}
