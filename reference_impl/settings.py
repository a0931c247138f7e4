"""How one instance is set up."""

from __future__ import annotations

import json
import os
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class FixedClient:
    """An OAuth client that exists without the database; `scope` is space-delimited."""

    id: str
    secret: str
    scope: str
    tier: str = "standard"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that is decided before the start; all times are seconds."""

    public_url: str
    database: str = "sqlite:///links.db"
    trusted_issuers: tuple[str, ...] = ()
    allowed_receivers: frozenset[str] = frozenset()
    fixed_clients: tuple[FixedClient, ...] = ()
    rate_storage: str = "memory://"
    docs: Path | None = None
    quotas: Mapping[str, int] = field(default_factory=lambda: {"standard": 600, "partner": 10})
    retry_schedule: tuple[float, ...] = (5, 300, 1800, 7200, 18000, 36000, 50400)
    delivery_timeout: float = 15
    secret_overlap: float = 86400
    key_refetch_cooldown: float = 10
    key_retention: float = 86400
    token_lifetime: int = 600

    @property
    def issuer(self) -> str:
        return self.public_url

    @classmethod
    def of(cls, arguments: Namespace, url: str) -> Settings:
        """From the command line and the environment; `url` is where the server listens."""
        return cls(
            public_url=(arguments.public_url or url).rstrip("/"),
            database=arguments.database,
            trusted_issuers=tuple(arguments.trust),
            allowed_receivers=frozenset(arguments.allow_receiver),
            fixed_clients=fixed_clients(os.environ),
            rate_storage=arguments.rate_storage,
            docs=arguments.docs,
            **(CONFORMANCE if arguments.conformance else {}),
        )


# Short times and a large quota, for runs of the conformance suite.
CONFORMANCE: Mapping[str, Any] = {
    "quotas": {"standard": 60000, "partner": 10},
    "retry_schedule": (0.3, 0.6, 1.2),
    "delivery_timeout": 3.0,
    "secret_overlap": 2.0,
    "key_refetch_cooldown": 0.0,
}


def fixed_clients(environment: Mapping[str, str]) -> tuple[FixedClient, ...]:
    """The clients that LINKS_CLIENTS lists as JSON."""
    return tuple(FixedClient(**client) for client in json.loads(environment.get("LINKS_CLIENTS") or "[]"))
