"""Four ways to sign a delivery, each written from its maker's description."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from office import Hook, Json, Secret, Sent

MEDIA_TYPE = "application/json"


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


class Signer:
    """What the schemes have in common: a secret for each hook, and the time of the attempt."""

    def new_secret(self) -> str:
        return secrets.token_hex(20)

    def shown(self, _hook: Hook) -> Json:
        """What anybody who may see a hook sees of its keys."""
        return {}

    def given(self, hook: Hook) -> Json:
        """What is shown once of its newest secret."""
        return {"secret": hook.secrets[0].text}

    def headers(self, hook: Hook, sent: Sent) -> dict[str, str]:
        raise NotImplementedError

    def key(self, secret: Secret) -> bytes:
        return secret.text.encode()

    def body(self, sent: Sent) -> bytes:
        """The bytes that are signed."""
        return sent.body

    def time(self, _sent: Sent) -> int:
        return int(time.time())

    def mac(self, secret: Secret, content: bytes) -> bytes:
        return hmac.new(self.key(secret), content, hashlib.sha256).digest()


class StandardWebhooks(Signer):
    """https://www.standardwebhooks.com: id, time and body, by shared secret (v1) and by key pair (v1a)."""

    def new_secret(self) -> str:
        return "whsec_" + base64_of(secrets.token_bytes(32))

    def shown(self, hook: Hook) -> Json:
        return {"public_key": "whpk_" + base64_of(self.public_key(hook))}

    def public_key(self, hook: Hook) -> bytes:
        return hook.pair.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def headers(self, hook: Hook, sent: Sent) -> dict[str, str]:
        stamp = str(self.time(sent))
        content = self.content(sent, stamp)
        entries = [f"v1,{base64_of(self.mac(secret, content))}" for secret in hook.signing()]
        entries.append(f"v1a,{base64_of(self.signature(hook, content))}")
        return {"webhook-id": sent.message, "webhook-timestamp": stamp, "webhook-signature": " ".join(entries)}

    def key(self, secret: Secret) -> bytes:
        return base64.b64decode(secret.text.removeprefix("whsec_"))

    def content(self, sent: Sent, stamp: str) -> bytes:
        return f"{sent.message}.{stamp}.".encode() + self.body(sent)

    def signature(self, hook: Hook, content: bytes) -> bytes:
        return hook.pair.sign(content)


class GitHub(Signer):
    """The body alone, in a header that names the algorithm; of two secrets the newest."""

    def headers(self, hook: Hook, sent: Sent) -> dict[str, str]:
        return {
            "X-GitHub-Event": sent.event,
            "X-GitHub-Delivery": self.delivery(sent),
            "X-Hub-Signature-256": self.prefix + self.mac(hook.secrets[0], self.body(sent)).hex(),
        }

    prefix = "sha256="

    def delivery(self, sent: Sent) -> str:
        return sent.message


class Stripe(Signer):
    """Time and body, in one header with the time; each secret that signs adds a v1."""

    def new_secret(self) -> str:
        return "whsec_" + secrets.token_urlsafe(24)

    def headers(self, hook: Hook, sent: Sent) -> dict[str, str]:
        stamp = str(self.time(sent))
        entries = [f"v1={self.mac(secret, self.content(sent, stamp)).hex()}" for secret in self.signing(hook)]
        return {"Stripe-Signature": ",".join([f"t={stamp}", *entries])}

    def signing(self, hook: Hook) -> list[Secret]:
        return hook.signing()

    def content(self, sent: Sent, stamp: str) -> bytes:
        return stamp.encode() + b"." + self.body(sent)


@dataclass(frozen=True, kw_only=True)
class Base:
    """A signature base of RFC 9421 §2.5, and the parameters that it ends with."""

    content: bytes
    parameters: str


class MessageSignatures(Signer):
    """RFC 9421 and RFC 9530: method, URL, media type and digest, a label for each secret that signs."""

    components = ("@method", "@target-uri", "content-type", "content-digest")

    def new_secret(self) -> str:
        return base64_of(secrets.token_bytes(32))

    def given(self, hook: Hook) -> Json:
        return {**super().given(hook), "keyid": hook.secrets[0].name}

    def headers(self, hook: Hook, sent: Sent) -> dict[str, str]:
        digest = self.digest(sent)
        signing = {f"sig{number}": secret for number, secret in enumerate(hook.signing())}
        bases = {label: self.base(hook, sent, secret, digest) for label, secret in signing.items()}
        signatures = {label: base64_of(self.mac(secret, bases[label].content)) for label, secret in signing.items()}
        return {
            "Content-Digest": digest,
            "Signature-Input": ", ".join(f"{label}={base.parameters}" for label, base in bases.items()),
            "Signature": ", ".join(f"{label}=:{signature}:" for label, signature in signatures.items()),
        }

    def digest(self, sent: Sent) -> str:
        return f"sha-256=:{base64_of(hashlib.sha256(self.body(sent)).digest())}:"

    def base(self, hook: Hook, sent: Sent, secret: Secret, digest: str) -> Base:
        values = {
            "@method": "POST",
            "@target-uri": self.target(hook),
            "content-type": MEDIA_TYPE,
            "content-digest": digest,
        }
        parameters = f"({' '.join(f'{chr(34)}{name}{chr(34)}' for name in self.components)}){self.bare(sent, secret)}"
        lines = [f'"{name}": {values[name]}' for name in self.components]
        return Base(content="\n".join([*lines, f'"@signature-params": {parameters}']).encode(), parameters=parameters)

    def bare(self, sent: Sent, secret: Secret) -> str:
        """The parameters without the components."""
        return f';created={self.time(sent)};keyid="{self.keyid(secret)}"'

    def keyid(self, secret: Secret) -> str:
        return secret.name

    def target(self, hook: Hook) -> str:
        return hook.url

    def key(self, secret: Secret) -> bytes:
        return base64.b64decode(secret.text)


SCHEMES: dict[str, type[Signer]] = {
    "standard-webhooks": StandardWebhooks,
    "github": GitHub,
    "stripe": Stripe,
    "http-message-signatures": MessageSignatures,
}
