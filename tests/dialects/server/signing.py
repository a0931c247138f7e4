"""Four ways of signing a delivery, each as its maker describes it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

COMPONENTS = ("@method", "@target-uri", "content-type", "content-digest")


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One message to one receiver."""

    url: str
    body: bytes
    secret: str
    name: str  # of the secret
    id: str = field(default_factory=lambda: f"msg_{secrets.token_hex(12)}")


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def mac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()


def new_secret(scheme: str) -> str:
    """A secret in the form of the scheme."""
    if scheme == "standard-webhooks":
        return f"whsec_{encoded(secrets.token_bytes(32))}"
    return encoded(secrets.token_bytes(32)) if scheme == "http-message-signatures" else secrets.token_hex(20)


def standard_webhooks(delivery: Delivery) -> dict[str, str]:
    stamp = str(int(time.time()))
    key = base64.b64decode(delivery.secret.removeprefix("whsec_"))
    signature = encoded(mac(key, f"{delivery.id}.{stamp}.".encode() + delivery.body))
    return {"webhook-id": delivery.id, "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}"}


def github(delivery: Delivery) -> dict[str, str]:
    signature = mac(delivery.secret.encode(), delivery.body).hex()
    return {"X-GitHub-Delivery": delivery.id, "X-Hub-Signature-256": f"sha256={signature}"}


def stripe(delivery: Delivery) -> dict[str, str]:
    stamp = str(int(time.time()))
    signature = mac(delivery.secret.encode(), stamp.encode() + b"." + delivery.body).hex()
    return {"Stripe-Signature": f"t={stamp},v1={signature}"}


def message_signatures(delivery: Delivery) -> dict[str, str]:
    """RFC 9421 with a shared secret, and the digest of RFC 9530."""
    digest = f"sha-256=:{encoded(hashlib.sha256(delivery.body).digest())}:"
    values = dict(zip(COMPONENTS, ("POST", delivery.url, "application/json", digest), strict=True))
    names = " ".join(f'"{name}"' for name in COMPONENTS)
    parameters = f'({names});created={int(time.time())};keyid="{delivery.name}"'
    lines = [*(f'"{name}": {value}' for name, value in values.items()), f'"@signature-params": {parameters}']
    signature = encoded(mac(base64.b64decode(delivery.secret), "\n".join(lines).encode()))
    return {"Content-Digest": digest, "Signature-Input": f"sig1={parameters}", "Signature": f"sig1=:{signature}:"}


SCHEMES: dict[str, Callable[[Delivery], dict[str, str]]] = {
    "standard-webhooks": standard_webhooks,
    "github": github,
    "stripe": stripe,
    "http-message-signatures": message_signatures,
}
