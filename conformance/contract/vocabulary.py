"""The extensions of `spec/vocabulary.md` as typed values: what OpenAPI and AsyncAPI cannot say."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Ownership:
    """`x-ownership`: whose an object is, and the status with which a stranger is answered (0: not declared)."""

    visibility: str = "private"
    stranger: int = 0
    declared: bool = False

    @classmethod
    def of(cls, value: dict[str, Any] | None) -> Ownership:
        value = value or {}
        return cls(
            visibility=value.get("visibility", "private"), stranger=value.get("stranger", 0), declared=bool(value)
        )


@dataclass(frozen=True, kw_only=True)
class Idempotency:
    """`x-idempotency`: the header that carries a key, and how a server answers what it refuses (0: not declared)."""

    header: str
    mismatch: int = 0
    in_progress: int = 0
    malformed: int = 0
    missing: int = 0
    max_length: int = 0
    retention: float = 0  # seconds
    stored: tuple[int, ...] = ()  # statuses of refusals that are kept as successes are
    replayed: str = ""  # the response header that marks an answer given again
    scope: tuple[str, ...] = ()  # within what a key is one key: `principal` or `tenant`, and `operation`

    @classmethod
    def of(cls, value: dict[str, Any] | None) -> Idempotency | None:
        if not value:
            return None
        known = {key.replace("-", "_"): member for key, member in value.items()}
        fields = {key: known[key] for key in cls.__dataclass_fields__ if key in known}
        lists = {name: tuple(known.get(name, ())) for name in ("stored", "scope")}
        return cls(**{"header": "Idempotency-Key", **fields, **lists})


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """`x-subscription`: how a receiver of events is registered; members are JSON Pointers, operations are ids."""

    operation: str
    url: str
    events: str = ""
    secret: str = ""
    chosen_secret: str = ""  # in the request body, where the subscriber chooses it
    keyid: str = ""
    public_key: str = ""
    enabled: str = ""
    update: str = ""
    rotate: str = ""
    ping: str = ""
    reason: str = ""  # in what shows a receiver
    handshake: str = ""  # the name by which receivers are asked for consent; empty where they are not
    maximum: int = 0  # 0 where nothing is promised
    full: int = 0

    @classmethod
    def of(cls, operation: str, value: dict[str, Any] | None) -> Subscription | None:
        if not value:
            return None
        known = {key.replace("-", "_"): member for key, member in value.items()}
        return cls(operation=operation, **{key: known[key] for key in cls.__dataclass_fields__ if key in known})


@dataclass(frozen=True, kw_only=True)
class JobRules:
    """`x-job`: what a job is made of and how it is seen; members are JSON Pointers, empty where nothing is declared."""

    state: str
    pending: tuple[str, ...]
    terminal: tuple[str, ...]
    progress: str = ""
    items: str = ""
    item: str = ""  # operationId
    results: str = ""
    made: str = ""
    problem: str = ""

    @classmethod
    def of(cls, value: dict[str, Any] | None) -> JobRules | None:
        if not value:
            return None
        fields = {key: value[key] for key in cls.__dataclass_fields__ if key in value}
        return cls(**{**fields, "pending": tuple(value["pending"]), "terminal": tuple(value["terminal"])})


@dataclass(frozen=True, kw_only=True)
class DeliveryLog:
    """`x-delivery-log`: how deliveries to a receiver are listed; members are JSON Pointers, operations are ids."""

    operation: str
    message: str
    attempts: str
    id: str = ""
    read: str = ""
    redeliver: str = ""
    state: str = ""
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # pending, delivered, failed → values
    time: str = ""
    status: str = ""
    failure: str = ""

    @classmethod
    def of(cls, operation: str, value: dict[str, Any] | None) -> DeliveryLog | None:
        if not value:
            return None
        states = {name: tuple(values) for name, values in value.get("states", {}).items()}
        fields = {key: value[key] for key in cls.__dataclass_fields__ if key in value}
        return cls(**{**fields, "operation": operation, "states": states})


@dataclass(frozen=True, kw_only=True)
class Counts:
    """`x-counts`: the operation whose successes are counted, and the JSON Pointer of the number (empty: a list)."""

    operation: str
    member: str = ""

    @classmethod
    def of(cls, value: dict[str, Any] | None) -> Counts | None:
        return cls(**value) if value else None


@dataclass(frozen=True, kw_only=True)
class SessionRules:
    """`x-session`: how a person logs in and out; schemes and operations by name, members as JSON Pointers."""

    operation: str
    scheme: str
    username: str
    password: str
    logout: str
    proof: str = ""
    token: str = ""
    token_cookie: str = ""
    attempts: int = 0  # 0 where nothing is promised
    foreign_origin: int = 0

    @classmethod
    def of(cls, operation: str, value: dict[str, Any] | None) -> SessionRules | None:
        if not value:
            return None
        known = {key.replace("-", "_"): member for key, member in value.items()}
        return cls(operation=operation, **{key: known[key] for key in cls.__dataclass_fields__ if key in known})


@dataclass(frozen=True, kw_only=True)
class CrossOrigin:
    """`x-cors`: the origins whose scripts may read answers, and whether with cookies."""

    origins: tuple[str, ...]
    credentials: bool = False

    @classmethod
    def of(cls, value: dict[str, Any] | None) -> CrossOrigin | None:
        if value is None:
            return None
        return cls(origins=tuple(value.get("origins", ())), credentials=bool(value.get("credentials", False)))


@dataclass(frozen=True, kw_only=True)
class AccessToken:
    """`x-access-token`: what the API promises about the tokens it accepts; times in seconds."""

    scheme: str
    declared: frozenset[str] = frozenset()  # the members that the contract gives; the others are not judged
    typ: str = "at+jwt"
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    leeway: float = 60
    lifetime: float = math.inf
    claims: tuple[str, ...] = ()
    keys: float = 300
    roles: str = ""  # the claim that lists the roles of a subject
    tenant: str = ""  # the claim that names its tenant

    @classmethod
    def of(cls, scheme: str, value: dict[str, Any] | None) -> AccessToken | None:
        if not value or value.get("format", "jwt") != "jwt":
            return None
        fields = {key: value[key] for key in cls.__dataclass_fields__ if key in value}
        lists = {key: tuple(member) for key, member in fields.items() if isinstance(member, list)}
        return cls(**{**fields, **lists, "scheme": scheme, "declared": frozenset(value)})


@dataclass(frozen=True, kw_only=True)
class ScopeHierarchy:
    """`x-implied-scopes`: which scopes a token with another one has as well."""

    implied: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> ScopeHierarchy:
        """As the security schemes of a document declare it."""
        schemes = document.get("components", {}).get("securitySchemes", {}).values()
        declared = (scheme.get("x-implied-scopes", {}) for scheme in schemes if isinstance(scheme, dict))
        return cls(implied={scope: frozenset(others) for each in declared for scope, others in each.items()})

    def with_implied(self, scopes: frozenset[str]) -> frozenset[str]:
        """These scopes and all that they bring with them."""
        whole = scopes.union(*(self.implied.get(scope, frozenset()) for scope in scopes))
        return whole if whole == scopes else self.with_implied(whole)

    def implying(self, scopes: frozenset[str]) -> frozenset[str]:
        """These scopes and all that bring some of them with them."""
        return scopes | {scope for scope in self.implied if self.with_implied(frozenset({scope})) & scopes}


def is_login(operation: Mapping[str, Any]) -> bool:
    """`x-login`: what it does depends on who the body says that one is."""
    return bool(operation.get("x-login", False))


def is_upsert(operation: Mapping[str, Any]) -> bool:
    """`x-upsert`: it makes what is not there."""
    return bool(operation.get("x-upsert", False))


def archives(operation: Mapping[str, Any]) -> bool:
    """`x-archives`: what it deletes is still to be read."""
    return bool(operation.get("x-archives", False))


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """`x-delivery`: how events are sent to receivers; times in seconds."""

    timeout: float = 30
    schedule: tuple[float, ...] = ()
    jitter: float = 0.0
    redirects: str = ""  # where nothing is said of them
    retry_after: float = 0.0  # for which a receiver may put an attempt off; 0 where nothing is promised
    gone: str = ""
    exhausted: str = ""
    moved: str = ""  # what waiting retries do when the URL of their receiver changes
    paused: str = ""  # what becomes of events while their receiver is disabled

    @classmethod
    def of(cls, value: dict[str, Any] | None) -> Delivery:
        value = value or {}
        return cls(
            retry_after=value.get("retry-after", {}).get("cap", 0.0),
            gone=value.get("gone", ""),
            exhausted=value.get("exhausted", ""),
            moved=value.get("moved", ""),
            paused=value.get("paused", ""),
            timeout=value.get("timeout", 30),
            schedule=tuple(value.get("schedule", ())),
            jitter=value.get("jitter", 0.0),
            redirects=value.get("redirects", ""),
        )
