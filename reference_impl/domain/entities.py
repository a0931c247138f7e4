"""What the platform keeps: links, webhooks and jobs, each of one owner, and the people who own them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Who asks: a subject of an issuer, with the scopes of the access token."""

    issuer: str
    subject: str
    scopes: frozenset[str]
    tier: str = "standard"
    roles: frozenset[str] = frozenset()
    tenant: str = ""  # without one, a principal is a tenant of its own

    @property
    def key(self) -> str:
        """Names the owner of things; subjects of two issuers never meet."""
        return f"{self.issuer}|{self.subject}"

    @property
    def tenant_key(self) -> str:
        """Names the owner of what everybody of a tenant shares; no subject's key has a space after the issuer."""
        return f"{self.issuer} {self.tenant}" if self.tenant else self.key


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody who can log in."""

    id: str
    username: str
    password_hash: str
    name: str
    email: str
    tenant: str
    roles: frozenset[str]

    def get_user_id(self) -> str:
        """The `sub` of tokens (Authlib asks for it by this name)."""
        return self.id


@dataclass(frozen=True, kw_only=True)
class Link:
    """A short link. Timestamps are written; `version` counts the changes from 1."""

    id: str
    owner: str
    tenant: str
    code: str
    destination: str
    title: str | None
    enabled: bool
    expires_at: str | None
    taken_down: bool
    created_at: str
    updated_at: str
    version: int
    position: int = 0

    @property
    def path(self) -> str:
        return f"/v1/links/{self.id}"


@dataclass(frozen=True, kw_only=True)
class Click:
    """One visit of a link, under the id of its event."""

    event_id: str
    link_id: str
    clicked_at: str
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """How often a link was visited, and when last."""

    clicks: int
    last_clicked_at: str | None


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """A receiver. The previous secret still signs until `previous_until` (seconds since the epoch)."""

    id: str
    owner: str
    url: str
    events: tuple[str, ...]
    enabled: bool
    disabled_reason: str | None
    description: str | None
    secret: str
    previous_secret: str | None
    previous_until: float
    private_key: str
    created_at: str
    updated_at: str
    version: int
    position: int = 0

    @property
    def path(self) -> str:
        return f"/v1/webhooks/{self.id}"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of one item of a job; `pending` until something has."""

    index: int
    status: str
    link_id: str | None = None
    problem: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many items a job has, and what came of them."""

    total: int
    created: int
    refused: int

    @property
    def done(self) -> int:
        return self.created + self.refused


@dataclass(frozen=True, kw_only=True)
class Job:
    """Links that are made in the background. Lists leave `results` out."""

    id: str
    owner: str
    tenant: str
    request_id: str
    state: str
    created_at: str
    ended_at: str | None
    counts: Counts
    results: tuple[Result, ...] = ()
    position: int = 0

    @property
    def path(self) -> str:
        return f"/v1/jobs/{self.id}"

    @property
    def ended(self) -> bool:
        return self.state in {"succeeded", "failed"}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One attempt to deliver: what the receiver answered, or why it did not."""

    at: str
    status: int | None
    failure: str | None
    duration_ms: int


@dataclass(frozen=True, kw_only=True)
class Sending:
    """A delivery and all attempts, oldest first; the next one is due at `due_at` (seconds since the epoch)."""

    id: str
    webhook_id: str
    event_id: str
    event_type: str
    state: str
    created_at: str
    due_at: float | None
    attempts: tuple[Attempt, ...]
    position: int = 0


Versioned = Link | Webhook
Entity = Versioned | Job
