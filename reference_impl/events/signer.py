"""Signatures of deliveries, as Standard Webhooks 1.0 describes them (v1: HMAC-SHA256, v1a: Ed25519)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.entities import Webhook
    from reference_impl.events.key_pairs import KeyPairs


class Signer:
    """Signs each attempt anew: with the current secret, during the overlap the former one, and the private key."""

    version = "v1"
    separator = " "

    def __init__(self, clock: Clock, key_pairs: KeyPairs) -> None:
        self.clock = clock
        self.key_pairs = key_pairs

    def headers(self, webhook: Webhook, event_id: str, body: bytes) -> dict[str, str]:
        message_id, timestamp = self.message_id(event_id), self.timestamp()
        content = self.signed_content(message_id, timestamp, body)
        entries = [self.entry(secret, content) for secret in self.secrets(webhook)]
        entries.append(self.asymmetric_entry(webhook, content))
        return {
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": self.separator.join(entries),
        }

    def message_id(self, event_id: str) -> str:
        """The same for every attempt."""
        return event_id

    def timestamp(self) -> str:
        """The time of this attempt, in seconds since the epoch."""
        return str(int(self.clock.seconds()))

    def signed_content(self, message_id: str, timestamp: str, body: bytes) -> bytes:
        return f"{message_id}.{timestamp}.".encode() + body

    def secrets(self, webhook: Webhook) -> Sequence[str]:
        if webhook.previous_secret and self.overlapping(webhook):
            return [webhook.secret, webhook.previous_secret]
        return [webhook.secret]

    def overlapping(self, webhook: Webhook) -> bool:
        return self.clock.seconds() < webhook.previous_until

    def entry(self, secret: str, content: bytes) -> str:
        return f"{self.version},{self.encode(self.mac(self.key_bytes(secret), content))}"

    def asymmetric_entry(self, webhook: Webhook, content: bytes) -> str:
        return f"v1a,{self.key_pairs.sign(webhook.private_key, content)}"

    def key_bytes(self, secret: str) -> bytes:
        return base64.b64decode(secret.removeprefix("whsec_"))

    def mac(self, key: bytes, content: bytes) -> bytes:
        return hmac.digest(key, content, hashlib.sha256)

    def encode(self, mac: bytes) -> str:
        return base64.b64encode(mac).decode()
