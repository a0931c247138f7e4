"""`conformance.toml`: one file that describes a target."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.errors import ConfigurationError
from conformance.results.share import percentage
from conformance.sut.given_values import GivenValues, given_values
from conformance.sut.identities import identity
from conformance.sut.sections import optional_section, refuse_unknown, section, table_of, typed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.sut.identities import Identity
    from conformance.sut.sections import Secret


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
    certificate: str = ""  # that the suite shows with every request
    private_key: str = ""
    passphrase: Secret = ""
    headers: Mapping[str, str] = field(default_factory=dict)  # of every request; a value may say where a secret is
    proxy: str = ""
    proxy_login: Secret = ""  # name:password
    max_requests_per_second: float = 0  # of all workers together; 0 for as many as there are
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
    given: GivenValues = field(default_factory=GivenValues)  # [values] and [objects]
    lifted: tuple[str, ...] = ()

    @property
    def principals(self) -> tuple[Identity, ...]:
        """Those who use the API as anybody does: all but the ones that are kept for some operations."""
        return tuple(each for each in self.identities if not each.operations)

    @property
    def kept_identities(self) -> tuple[Identity, ...]:
        """Those that are kept for some operations, such as an admin's."""
        return tuple(each for each in self.identities if each.operations)

    def path(self, relative: str) -> Path:
        return self.folder / relative


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
    known = {"target", "identities", "issuer", "receiver", "resolver", "bounds", "values", "objects", "lifted"}
    refuse_unknown(table, known, where, "")
    identities = tuple(identity(name, value, where) for name, value in table_of(table, "identities", where).items())
    return Configuration(
        folder=folder,
        target=_checked(section(Target, table_of(table, "target", where), f"{where}, [target]")),
        identities=identities,
        issuer=optional_section(Issuer, table, "issuer", where),
        receiver=optional_section(Receiver, table, "receiver", where),
        resolver=optional_section(Resolver, table, "resolver", where),
        bounds=section(Bounds, table_of(table, "bounds", where), f"{where}, [bounds]"),
        given=given_values(table_of(table, "values", where), table_of(table, "objects", where), where),
        lifted=typed(table.get("lifted", ()), "tuple[str, ...]", f"{where}: lifted"),
    )


def _checked(target: Target) -> Target:
    if target.url:
        check_url(target.url)
    if target.proxy:
        check_url(target.proxy)
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
