"""Ways to get key pairs of receivers wrong."""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from reference_impl.events.dispatcher import Attempts
from reference_impl.events.key_pairs import KeyPairs
from reference_impl.events.signer import Signer
from reference_impl.faults import fault
from reference_impl.views.representations import WebhookRepresentation


@fault("WHS-ASYMMETRIC-V1A")
class SignsTheHash(KeyPairs):
    """Signs the SHA-256 hash of the content, as is done with RSA, instead of the content."""

    def signature(self, key, content):
        return super().signature(key, hashlib.sha256(content).digest())


@fault("WHS-ASYMMETRIC-V1A")
class PairSignsTheBodyAlone(Signer):
    """Has the key pair sign the body without id and timestamp."""

    def asymmetric_entry(self, webhook, content):
        return super().asymmetric_entry(webhook, content.split(b".", 2)[2])


@fault("WHS-ASYMMETRIC-V1A")
class MacUnderThePublicKey(Signer):
    """Computes a MAC whose key is the public key, which anybody can do."""

    def asymmetric_entry(self, webhook, content):
        key = base64.b64decode(self.key_pairs.public_key(webhook.private_key).removeprefix("whpk_"))
        return f"v1a,{self.encode(self.mac(key, content))}"


@fault("WHS-ASYMMETRIC-V1A")
class EntryUnderTheOldVersion(Signer):
    """Writes the signature of the key pair as a second v1."""

    def asymmetric_entry(self, webhook, content):
        return super().asymmetric_entry(webhook, content).replace("v1a,", "v1,")


@fault("WHS-PUBLIC-KEY-FORM")
class PublicKeyInDer(KeyPairs):
    """Shows the public key as the library exports it, wrapped in DER."""

    def public_bytes(self, key):
        return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@fault("WHS-PUBLIC-KEY-FORM")
class PublicKeyWithoutPrefix(KeyPairs):
    """Leaves the prefix out, so that a public key looks like a secret."""

    def public_key(self, private_key):
        return super().public_key(private_key).removeprefix("whpk_")


@fault("WHS-PRIVATE-KEY-KEPT")
class ShowsThePrivateKey(WebhookRepresentation):
    """Shows the private key beside the secret, when a receiver is made."""

    def with_secret(self, webhook):
        return {**super().with_secret(webhook), "private_key": webhook.private_key}


@fault("WHS-PRIVATE-KEY-KEPT")
class ShowsEveryColumn(WebhookRepresentation):
    """Shows whatever the table holds, in its own writing, to everybody who may read the receiver."""

    def document(self, webhook):
        seed = base64.b64decode(webhook.private_key.removeprefix("whsk_"))
        return {**super().document(webhook), "key_material": seed.hex()}


@fault("WHS-ASYMMETRIC-V1A")
class RetriesHaveNoKeyPair(Attempts):
    """The entry of the key pair is made with the first attempt."""

    def answer(self, delivery, webhook):
        if not delivery.attempts:
            return super().answer(delivery, webhook)
        headers = self.signer.headers(webhook, delivery.event_id, delivery.body)
        shared = [entry for entry in headers["webhook-signature"].split(" ") if entry.startswith("v1,")]
        return self.sender.send(webhook.url, {**headers, "webhook-signature": " ".join(shared)}, delivery.body)
