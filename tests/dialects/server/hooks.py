"""Receivers of events, and telling them."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dialects.server.messages import RefusedError
from dialects.server.signing import SCHEMES, Delivery, new_secret

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Json

URL = re.compile(r"http://([^/?#@\s\\]+)(/[^#\s\\]*)?")
SECRET = re.compile(r".{16,100}", re.DOTALL)
LONGEST, PATIENCE = 500, 3  # characters of a URL; seconds for an answer


@dataclass(frozen=True, kw_only=True)
class Hook:
    """A receiver that somebody has registered."""

    owner: str
    url: str
    secret: str
    id: str = field(default_factory=lambda: f"th_{secrets.token_hex(8)}")
    name: str = field(default_factory=lambda: f"key-{secrets.token_hex(6)}")  # of the secret


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """All receivers; `admitted` holds the only hosts that are called, as `host:port`."""

    dialect: Dialect
    admitted: frozenset[str]
    hooks: dict[str, Hook] = field(default_factory=dict)

    def add(self, owner: str, body: Any) -> Hook:
        """Raises RefusedError."""
        url = self.checked(body)
        chosen = body["secret"] if self.dialect.chosen_secret else new_secret(self.dialect.events)
        hook = Hook(owner=owner, url=url, secret=chosen)
        self.hooks[hook.id] = hook
        return hook

    def checked(self, body: Any) -> str:
        """The URL of a receiver that may be called."""
        wanted = {"url", "secret"} if self.dialect.chosen_secret else {"url"}
        url = body.get("url") if isinstance(body, dict) and body.keys() == wanted else None
        secret = body.get("secret") if url else ""
        if self.dialect.chosen_secret and not (isinstance(secret, str) and SECRET.fullmatch(secret)):
            raise RefusedError(self.dialect.invalid, "the secret is none")
        if self.dialect.lenient and isinstance(url, str):
            url = url.replace(" ", "%20").replace(":///", "://")
        found = URL.fullmatch(url) if isinstance(url, str) and len(url) <= LONGEST else None
        if found is None or not self.may_be_called(found[1]):
            raise RefusedError(self.dialect.invalid, "the URL cannot be called")
        return url

    def may_be_called(self, host: str) -> bool:
        return host in self.admitted

    def remove(self, caller: str, identifier: str) -> None:
        """Raises RefusedError."""
        hook = self.hooks.get(identifier)
        if hook is None:
            raise RefusedError(404, "there is no such hook")
        if hook.owner != caller:
            raise RefusedError(403 if self.dialect.ownership == "forbidden" else 404, "there is no such hook")
        del self.hooks[identifier]

    def shown(self, hook: Hook) -> Json:
        """What is told of a new receiver."""
        named = {"keyid": hook.name} if self.dialect.events == "http-message-signatures" else {}
        secret = {} if self.dialect.chosen_secret else {"secret": hook.secret}
        return {"id": hook.id, "url": hook.url, **secret, **named}

    def announce(self, event: str, owner: str, thing: Json) -> None:
        """Tells the receivers of the owner, each in a thread of its own, so that nobody waits for anybody."""
        body = json.dumps({"type": event, "data": thing}).encode()
        for hook in self.told(owner):
            delivery = Delivery(url=hook.url, body=body, secret=hook.secret, name=hook.name)
            Thread(target=self.deliver, args=(delivery,), daemon=True).start()

    def told(self, owner: str) -> list[Hook]:
        return [hook for hook in self.hooks.values() if hook.owner == owner]

    def deliver(self, delivery: Delivery) -> None:
        """Makes the one attempt."""
        parts = urlsplit(delivery.url)
        connection = HTTPConnection(parts.netloc, timeout=PATIENCE)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", target, delivery.body, self.headers(delivery))
            connection.getresponse()
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()

    def headers(self, delivery: Delivery) -> dict[str, str]:
        return {"Content-Type": "application/json", **SCHEMES[self.dialect.events](delivery)}
