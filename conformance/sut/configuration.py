"""`conformance.toml`: one file that describes a target."""

from __future__ import annotations

import math
import os
import tomllib
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from conformance.errors import ConfigurationError
from conformance.results.share import percentage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from _typeshed import DataclassInstance

KINDS = ("issuer", "client-credentials", "authorization-code", "session", "token")
REQUIRED_KEYS = {
    "client-credentials": ("client_id", "client_secret"),
    "authorization-code": ("client_id", "redirect_uri", "username", "password"),
    "session": ("username", "password"),
}
TYPES = {"str": "text", "int": "a whole number from 0", "float": "a number from 0", "bool": "true or false"}


@dataclass(frozen=True, kw_only=True)
class Target:
    """[target]: its URL, its documents and, if the suite starts it, its commands; times are in seconds."""

    url: str = ""
    contract: str = ""
    asyncapi: str = ""
    overlays: tuple[str, ...] = ()  # OpenAPI Overlay 1.0 documents, applied in this order
    journeys: str = ""  # Arazzo document: what is special to the contract
    ca: str = ""
    verify: bool = True
    ready: str = ""
    start_timeout: float = 60
    deadline: float = 10
    command: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()  # added to `command`
    variants: tuple[str, ...] = ()  # prints the faulty variants as a JSON list
    variant: tuple[str, ...] = ("--fault", "{fault}")  # added to `arguments` to start one
    fork_server: tuple[str, ...] = ()  # reads lines of arguments and serves a variant for each
    roll_over: tuple[str, ...] = ()  # has the target sign its tokens with another key
    environment: Mapping[str, str] = field(default_factory=dict)
    never_call: tuple[str, ...] = ()  # operationIds that are too dangerous to call
    may_change: tuple[str, ...] = ()  # operationIds that may change what the suite did not make
    public: tuple[str, ...] = ()  # operationIds that are open although the contract secures them
    at_least: str = ""  # how much of what applies must be tried, in percent


@dataclass(frozen=True, kw_only=True)
class FixedToken:
    """One of several tokens of an identity, with its scopes."""

    token: str
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Identity:
    """[identities.NAME]: the credentials of a principal."""

    name: str
    kind: str
    subject: str = ""
    tenant: str = ""  # where its tokens do not name it
    client_id: str = ""
    client_secret: str = ""
    redirect_uri: str = ""
    username: str = ""
    password: str = ""
    approve: str = ""  # NAME=VALUE of the button that consents, where it is not the first
    deny: str = ""  # NAME=VALUE of the button that refuses
    scopes: tuple[str, ...] = ()
    token: str = ""
    tokens: tuple[FixedToken, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)  # security scheme → API key


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """[issuer]: the suite's own token issuer, which the target is configured to trust."""

    port: int = 0
    host: str = "127.0.0.1"
    url: str = ""
    audience: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """[receiver]: the suite's own webhook receiver, which the target may call."""

    port: int = 0
    host: str = "127.0.0.1"
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Resolver:
    """[resolver]: the suite's own name server, which the target must ask for the addresses of receivers."""

    port: int = 0
    host: str = "127.0.0.1"
    zone: str = "conformance.test"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """[bounds]: bounds of this target, in seconds, where they differ from those of the contract."""

    event: float | None = None
    retry_schedule: tuple[float, ...] | None = None
    retry_after: float | None = None  # for which a receiver may put the next attempt off
    overlap: float | None = None
    delivery_timeout: float | None = None
    keys: float | None = None  # until a change of an issuer's keys is noticed
    code: float | None = None  # until an authorization code has expired
    revocation: float | None = None  # until what was revoked is refused
    rotation: float | None = None  # until a used refresh token is refused
    job: float | None = None  # until a job has ended
    count: float | None = None  # until counters show what they count


@dataclass(frozen=True, kw_only=True, eq=False)
class Configuration:
    """A whole `conformance.toml`; its relative paths start at `folder`."""

    folder: Path
    target: Target
    identities: tuple[Identity, ...]
    issuer: Issuer | None
    receiver: Receiver | None
    resolver: Resolver | None
    bounds: Bounds
    lifted: tuple[str, ...] = ()

    def path(self, relative: str) -> Path:
        return self.folder / relative


Section = TypeVar("Section", bound="DataclassInstance")


def read(path: Path) -> Configuration:
    """Reads a configuration file. Raises ConfigurationError if it is missing or wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            f"There is no configuration at {path}. Name another with --config, or let `conformance init URL` write one."
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read as TOML: {error}. Mend it there.") from None
    return parse(table, path.parent, str(path))


def parse(table: Mapping[str, Any], folder: Path, where: str) -> Configuration:
    """The configuration in a parsed table; `where` names it in errors."""
    known = {"target", "identities", "issuer", "receiver", "resolver", "bounds", "lifted"}
    _refuse_unknown(table, known, where, "")
    identities = tuple(_identity(name, value, where) for name, value in _table(table, "identities", where).items())
    return Configuration(
        folder=folder,
        target=_checked(_section(Target, _table(table, "target", where), f"{where}, [target]")),
        identities=identities,
        issuer=_optional(Issuer, table, "issuer", where),
        receiver=_optional(Receiver, table, "receiver", where),
        resolver=_optional(Resolver, table, "resolver", where),
        bounds=_section(Bounds, _table(table, "bounds", where), f"{where}, [bounds]"),
        lifted=_typed(table.get("lifted", ()), "tuple[str, ...]", f"{where}: lifted"),
    )


def secret(value: str, where: str) -> str:
    """A secret given as `env:NAME`; anything else is refused, since secrets do not belong in files."""
    if not value.startswith("env:"):
        raise ConfigurationError(
            f'{where} holds a secret in plain text. Put it into an environment variable and write "env:NAME".',
        )
    name = value.removeprefix("env:")
    found = os.environ.get(name)
    if not found:
        raise ConfigurationError(f"{where} needs the environment variable {name}, which is not set. Set it.")
    return found


def _identity(name: str, value: Any, where: str) -> Identity:
    place = f"{where}, [identities.{name}]"
    if not isinstance(value, dict):
        raise ConfigurationError(f"{place} must be a table.")
    listed = value.get("tokens", [])
    if not isinstance(listed, list):
        raise ConfigurationError(f"{place}: tokens must be a list of tables, as in [[identities.{name}.tokens]].")
    tokens = tuple(_section(FixedToken, entry, f"{place}, tokens") for entry in listed)
    identity = _section(Identity, {**value, "name": name, "tokens": tokens}, place)
    if identity.kind not in KINDS:
        raise ConfigurationError(f"{place} has the kind {identity.kind!r}. Use one of {', '.join(KINDS)}.")
    for key in REQUIRED_KEYS.get(identity.kind, ()):
        if not getattr(identity, key):
            raise ConfigurationError(f"{place} lacks {key}, which the kind {identity.kind} needs.")
    if identity.kind == "token" and not (identity.token or identity.tokens or identity.keys):
        raise ConfigurationError(
            f'{place} has no token. Add token = "env:NAME", or keys, or [[identities.{name}.tokens]].',
        )
    return identity


def _checked(target: Target) -> Target:
    if target.url:
        check_url(target.url)
    if not (target.deadline and target.start_timeout):
        raise ConfigurationError("[target]: deadline and start-timeout must be more than 0. Give them in seconds.")
    percentage(target.at_least or "0%", "[target]: at-least")
    return target


def check_url(url: str) -> str:
    """The URL itself, if it can be that of a target. Raises ConfigurationError otherwise."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in url):
        raise ConfigurationError(
            f"{url!r} cannot be used as a URL. Give an absolute one, such as https://staging.example.com."
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError(
            f"The URL for {parts.hostname} has a user, a query or a fragment in it. Leave it out; credentials belong "
            "under [identities].",
        )
    return url


def _table(table: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where}: {key} must be a table, as in [{key}].")
    return value


def _optional(kind: type[Section], table: Mapping[str, Any], key: str, where: str) -> Section | None:
    return _section(kind, _table(table, key, where), f"{where}, [{key}]") if key in table else None


def _section(kind: type[Section], value: Mapping[str, Any], where: str) -> Section:
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where} must be a table.")
    named = {key.replace("-", "_"): member for key, member in value.items()}
    members = fields(kind)
    known = {member.name: str(member.type) for member in members}
    _refuse_unknown(named, set(known), where, " here")
    for member in members:
        if member.default is MISSING and member.default_factory is MISSING and member.name not in named:
            raise ConfigurationError(f"{where} lacks the key {member.name!r}. Add it.")
    return kind(**{key: _typed(member, known[key], f"{where}: {key}") for key, member in named.items()})


def _typed(value: Any, declared: str, where: str) -> Any:
    """The value, if it has the type that the dataclass declares. Raises ConfigurationError otherwise."""
    kind = declared.removesuffix(" | None")
    if kind.startswith("tuple"):
        if not isinstance(value, (list, tuple)):
            raise ConfigurationError(f"{where} must be a list, but is {value!r}. Write it in square brackets.")
        return tuple(_typed(item, kind.removeprefix("tuple[").removesuffix(", ...]"), where) for item in value)
    if kind.startswith("Mapping"):
        if not isinstance(value, dict):
            raise ConfigurationError(f"{where} must be a table, but is {value!r}. Write it in braces.")
        item_kind = kind.removeprefix("Mapping[str, ").removesuffix("]")
        return {name: _typed(item, item_kind, f"{where}.{name}") for name, item in value.items()}
    if kind in TYPES and not _has_type(value, kind):
        raise ConfigurationError(f"{where} must be {TYPES[kind]}, but is {value!r}. Mend it.")
    return value


def _has_type(value: Any, kind: str) -> bool:
    if kind in {"str", "bool"}:
        return type(value).__name__ == kind
    return type(value).__name__ in {"int", kind} and 0 <= value < math.inf


def _refuse_unknown(value: Mapping[str, Any], known: set[str], where: str, here: str) -> None:
    for key in value:
        if key not in known:
            options = ", ".join(sorted(name.replace("_", "-") for name in known))
            raise ConfigurationError(f"{where}: the key {key!r} is not known{here}. Known are: {options}.")
