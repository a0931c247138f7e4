"""The tables. `position` orders rows by their making and is never shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

METADATA = MetaData()
POSITION = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only of type INTEGER


class Json(TypeDecorator[Any]):
    """A value kept as JSON text: unlike plain text, it may hold U+0000 on PostgreSQL too."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


LINKS = Table(
    "links",
    METADATA,
    Column("position", POSITION, primary_key=True, autoincrement=True),
    Column("id", String(24), nullable=False, unique=True),
    Column("owner", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("code", String(32), nullable=False, unique=True),
    Column("destination", Text, nullable=False),
    Column("title", Json),
    Column("enabled", Boolean, nullable=False),
    Column("expires_at", String(24)),
    Column("taken_down", Boolean, nullable=False),
    Column("created_at", String(24), nullable=False),
    Column("updated_at", String(24), nullable=False),
    Column("version", Integer, nullable=False),
    Index("links_of_owner", "owner", "position"),
    sqlite_autoincrement=True,
)

UNCOUNTED = Table(
    "uncounted",
    METADATA,
    Column("position", POSITION, primary_key=True, autoincrement=True),
    Column("event_id", String(24), nullable=False, unique=True),
    Column("link_id", String(24), nullable=False),
    Column("clicked_at", String(24), nullable=False),
    sqlite_autoincrement=True,
)

CLICKS = Table(
    "clicks",
    METADATA,
    Column("position", POSITION, primary_key=True, autoincrement=True),
    Column("event_id", String(24), nullable=False, unique=True),
    Column("link_id", ForeignKey("links.id", ondelete="CASCADE"), nullable=False),
    Column("clicked_at", String(24), nullable=False),
    Index("clicks_of_link", "link_id", "position"),
    sqlite_autoincrement=True,
)

WEBHOOKS = Table(
    "webhooks",
    METADATA,
    Column("position", POSITION, primary_key=True, autoincrement=True),
    Column("id", String(24), nullable=False, unique=True),
    Column("owner", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("events", Json, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("disabled_reason", String(16)),
    Column("description", Json),
    Column("secret", Text, nullable=False),
    Column("previous_secret", Text),
    Column("previous_until", Float, nullable=False),
    Column("private_key", Text, nullable=False),
    Column("created_at", String(24), nullable=False),
    Column("updated_at", String(24), nullable=False),
    Column("version", Integer, nullable=False),
    Index("webhooks_of_owner", "owner", "position"),
    sqlite_autoincrement=True,
)

EVENTS = Table(
    "events",
    METADATA,
    Column("position", POSITION, primary_key=True, autoincrement=True),
    Column("id", String(24), nullable=False, unique=True),
    Column("type", String(64), nullable=False),
    Column("owner", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("position", POSITION, primary_key=True, autoincrement=True),
    Column("id", String(24), nullable=False, unique=True),
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
    Column("webhook_id", ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", String(24), nullable=False),
    Column("round", Integer, nullable=False),  # grows when somebody asks for it again
    Column("attempts", Integer, nullable=False),  # of this round
    Column("due_at", Float, index=True),  # nothing for what is done
    Column("leased_until", Float, nullable=False, index=True),
    Index("deliveries_of_webhook", "webhook_id", "position"),
    UniqueConstraint("event_id", "webhook_id"),
    sqlite_autoincrement=True,
)

JOBS = Table(
    "jobs",
    METADATA,
    Column("position", POSITION, primary_key=True, autoincrement=True),
    Column("id", String(24), nullable=False, unique=True),
    Column("owner", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("request_id", String(24), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("leased_until", Float, nullable=False),
    Column("created_at", String(24), nullable=False),
    Column("ended_at", String(24)),
    Index("jobs_of_owner", "owner", "position"),
    sqlite_autoincrement=True,
)

JOB_ITEMS = Table(
    "job_items",
    METADATA,
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("body", Json, nullable=False),
    Column("status", String(16), nullable=False),
    Column("link_id", String(24)),
    Column("problem", Json),
)

ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("position", POSITION, primary_key=True, autoincrement=True),
    Column("delivery_id", ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", String(24), nullable=False),
    Column("status", Integer),
    Column("failure", String(16)),
    Column("duration_ms", Integer, nullable=False),
    sqlite_autoincrement=True,
)

OUTCOMES = Table(
    "outcomes",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer),
    Column("headers", Json),
    Column("body", LargeBinary),
    Column("forgotten_at", Float, nullable=False, index=True),
)

CLIENTS = Table(
    "clients",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("secret_digest", String(64)),
    Column("scope", Text, nullable=False),
    Column("tier", String(16), nullable=False),
    Column("redirect_uris", Json, nullable=False),
    Column("pkce", String(16), nullable=False),
    Column("tenant", String(64), nullable=False),
)

USERS = Table(
    "users",
    METADATA,
    Column("id", String(24), primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("name", Json, nullable=False),
    Column("email", Json, nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("roles", Json, nullable=False),
)

CONSENTS = Table(
    "consents",
    METADATA,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("client_id", String(64), primary_key=True),
    Column("scope", Text, nullable=False),
)

GRANTS = Table(
    "grants",
    METADATA,
    Column("id", String(24), primary_key=True),
    Column("client_id", String(64), nullable=False),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("scope", Text, nullable=False),
    Column("nonce", Json),
    Column("auth_time", Integer, nullable=False),
    Column("revoked", Boolean, nullable=False),
)

CODES = Table(
    "codes",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("grant_id", ForeignKey("grants.id", ondelete="CASCADE"), nullable=False),
    Column("redirect_uri", Json),
    Column("challenge", String(128)),
    Column("expires_at", Float, nullable=False),
    Column("used", Boolean, nullable=False),
)

REFRESH_TOKENS = Table(
    "refresh_tokens",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("grant_id", ForeignKey("grants.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("used", Boolean, nullable=False),
)

ACCESS_TOKENS = Table(
    "access_tokens",
    METADATA,
    Column("jti", String(64), primary_key=True),
    Column("client_id", String(64), nullable=False),
    Column("grant_id", ForeignKey("grants.id", ondelete="CASCADE")),
    Column("expires_at", Float, nullable=False, index=True),
    Column("revoked", Boolean, nullable=False),
)

BROWSER_SESSIONS = Table(
    "browser_sessions",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("auth_time", Integer, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)

SERVER_SECRETS = Table(
    "server_secrets",
    METADATA,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
