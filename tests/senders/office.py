"""The objects of the parcel office: parcels, hooks, and the messages that were sent to them."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Json = dict[str, Any]

EVENTS = ("parcel.posted", "parcel.changed", "parcel.dropped")
URL = re.compile(r"https?://([^/?#@\s]+)(?:[/?][^#\s]*)?")


class RefusedError(Exception):
    """The request is not carried out; the status says why."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title


def new_id() -> str:
    return secrets.token_hex(12)


@dataclass(kw_only=True)
class Parcel:
    """An object of the API, about which events are sent."""

    owner: str
    note: str
    revision: int = 1
    id: str = field(default_factory=new_id)

    def shown(self) -> Json:
        return {"id": self.id, "note": self.note, "revision": self.revision}


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A signing secret, the name by which signatures may call it, and until when it signs."""

    text: str
    name: str = field(default_factory=lambda: "key-" + secrets.token_hex(6))
    until: float = float("inf")


@dataclass(kw_only=True)
class Sent:
    """One message to one hook, with every attempt."""

    number: int
    event: str
    body: bytes
    message: str
    outcome: str = "open"
    tries: list[Json] = field(default_factory=list)

    def shown(self) -> Json:
        known = {"number": self.number, "message": self.message, "event": self.event}
        return {**known, "outcome": self.outcome, "tries": list(self.tries)}


@dataclass(kw_only=True)
class Hook:
    """A registered receiver, with its secrets and the messages that were sent to it."""

    owner: str
    url: str
    events: list[str]
    enabled: bool = True
    stopped: str | None = None
    consented: str = ""  # the URL that consented last
    secrets: list[Secret]  # newest first
    pair: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    sent: list[Sent] = field(default_factory=list)
    id: str = field(default_factory=new_id)

    def shown(self) -> Json:
        known = {"id": self.id, "url": self.url, "events": self.events}
        return {**known, "enabled": self.enabled, "stopped": self.stopped}

    def signing(self) -> list[Secret]:
        """The secrets that sign now."""
        return [secret for secret in self.secrets if secret.until > time.time()]


class Office:
    """The store, in memory; the caller holds the lock."""

    def __init__(self, admitted: frozenset[str]) -> None:
        self._admitted = admitted  # "host:port" of each receiver
        self.parcels: dict[str, Parcel] = {}
        self.hooks: dict[str, Hook] = {}

    def parcel(self, person: str, name: str) -> Parcel:
        return self._own(self.parcels, person, name)

    def hook(self, person: str, name: str) -> Hook:
        return self._own(self.hooks, person, name)

    def hooks_of(self, person: str) -> list[Hook]:
        return [hook for hook in self.hooks.values() if hook.owner == person]

    def sent(self, person: str, name: str, number: int) -> tuple[Hook, Sent]:
        hook = self.hook(person, name)
        found = next((sent for sent in hook.sent if sent.number == number), None)
        if found is None:
            raise RefusedError(404, "There is no such delivery.")
        return hook, found

    def checked_hook(self, body: Any, required: frozenset[str]) -> Json:
        """The members of a hook, as far as they are given and right."""
        members = self._members(body, required, frozenset({"url", "events", "enabled"}))
        if "url" in members:
            self._check_url(members["url"])
        if "events" in members:
            self._check_events(members["events"])
        if not isinstance(members.get("enabled", True), bool):
            raise RefusedError(400, "enabled is a boolean.")
        return members

    def checked_parcel(self, body: Any) -> Json:
        members = self._members(body, frozenset({"note"}), frozenset({"note"}))
        if not isinstance(members["note"], str) or len(members["note"]) > 500:
            raise RefusedError(400, "note is a text of 500 characters at most.")
        return members

    def _members(self, body: Any, required: frozenset[str], known: frozenset[str]) -> Json:
        if not isinstance(body, dict) or not body or not required <= body.keys() <= known:
            raise RefusedError(400, "The members are not those of the contract.")
        return body

    def _check_url(self, url: Any) -> None:
        found = URL.fullmatch(url) if isinstance(url, str) and len(url) <= 500 else None
        if found is None or found[1] not in self._admitted:
            raise RefusedError(400, "The office has not admitted this URL.")

    def _check_events(self, events: Any) -> None:
        listed = isinstance(events, list) and bool(events) and all(isinstance(event, str) for event in events)
        if not listed or not set(events) <= set(EVENTS) or len(set(events)) < len(events):
            raise RefusedError(400, "events lists events of the contract.")

    def _own(self, objects: dict[str, Any], person: str, name: str) -> Any:
        found = objects.get(name)
        if found is None or found.owner != person:
            raise RefusedError(404, "There is no such thing.")
        return found
