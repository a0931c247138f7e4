"""How one instance is set up."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class FixedClient:
    """An OAuth client that exists without the database, public if it has no secret; `scope` is space-delimited."""

    id: str
    scope: str
    secret: str = ""
    tier: str = "standard"
    redirect_uris: tuple[str, ...] = ()
    pkce: str = "required"
    tenant: str = ""


@dataclass(frozen=True, kw_only=True)
class FixedUser:
    """Somebody who can log in from the first start on."""

    username: str
    password: str
    name: str = ""
    email: str = ""
    tenant: str = ""
    roles: tuple[str, ...] = ()


Fixed = TypeVar("Fixed", FixedClient, FixedUser)


@dataclass(frozen=True, kw_only=True)
class Timings:
    """What takes how long, in seconds."""

    retry_schedule: tuple[float, ...]  # before each retry of a delivery
    retry_after_cap: float  # for which a receiver may put a retry off
    delivery_timeout: float
    secret_overlap: float
    key_lifetime: float  # of an issuer's keys in the cache
    key_refetch_cooldown: float
    code_lifetime: float


# Compressed, for runs of the conformance suite.
CONFORMANCE_TIMINGS = Timings(
    retry_schedule=(0.2, 0.4, 0.8),
    retry_after_cap=2,
    delivery_timeout=1.5,
    secret_overlap=2,
    key_lifetime=1,
    key_refetch_cooldown=0,
    code_lifetime=6,
)
QUOTAS: Mapping[str, int] = {"standard": 600, "partner": 10}  # requests a minute
CONFORMANCE_QUOTAS: Mapping[str, int] = {"standard": 60000, "partner": 10}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that is decided before the start; without timings, those of the contract hold."""

    public_url: str
    database: str = "sqlite:///links.db"
    trusted_issuers: tuple[str, ...] = ()
    allowed_receivers: frozenset[str] = frozenset()  # "host:port"
    resolvers: tuple[str, ...] = ()  # "host:port"; without any, the operating system resolves
    fixed_clients: tuple[FixedClient, ...] = ()
    fixed_users: tuple[FixedUser, ...] = ()
    rate_storage: str = "memory://"
    docs: Path | None = None
    quotas: Mapping[str, int] = field(default_factory=lambda: QUOTAS)
    timings: Timings | None = None
    token_lifetime: int = 600
    quick_passwords: bool = False  # hashed so fast that they could be guessed

    @property
    def issuer(self) -> str:
        """The name of our own authorization server: it is where the API is."""
        return self.public_url

    @classmethod
    def of(cls, arguments: Namespace, url: str) -> Settings:
        """From the command line and the environment; `url` is where the server listens."""
        return cls(
            public_url=(arguments.public_url or url).rstrip("/"),
            database=arguments.database,
            trusted_issuers=tuple(arguments.trust),
            allowed_receivers=frozenset(arguments.allow_receiver),
            resolvers=tuple(arguments.resolver),
            fixed_clients=fixed(FixedClient, os.environ, "LINKS_CLIENTS"),
            fixed_users=fixed(FixedUser, os.environ, "LINKS_USERS"),
            rate_storage=arguments.rate_storage,
            docs=arguments.docs,
            quotas=CONFORMANCE_QUOTAS if arguments.conformance else QUOTAS,
            timings=CONFORMANCE_TIMINGS if arguments.conformance else None,
            quick_passwords=arguments.conformance,
        )


def fixed(kind: type[Fixed], environment: Mapping[str, str], name: str) -> tuple[Fixed, ...]:
    """What a variable lists as JSON; raises ValueError with what is wrong."""
    try:
        return tuple(kind(**each) for each in json.loads(environment.get(name) or "[]"))
    except (ValueError, TypeError) as error:
        members = ", ".join(each.name for each in fields(kind))
        raise ValueError(f"{name} must be a JSON list of {{{members}}}: {error}.") from error
