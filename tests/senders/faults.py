"""Wrong ways to sign: each class is a sound signer that gets one thing wrong.

`clause` is the id of the clause that the fault breaks, the first line of the docstring says how.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from signers import Base, GitHub, MessageSignatures, StandardWebhooks, Stripe, base64_of


def rewritten(sent):
    """The body as another serialiser would have written it."""
    return json.dumps(json.loads(sent.body), separators=(",", ":")).encode()


class StandardSignsAnotherSpelling(StandardWebhooks):
    """Signs the event as written once more by another serialiser."""

    clause = "WHS-SIGNS-RAW-BODY"

    def body(self, sent):
        return rewritten(sent)


class StandardKeyAsText(StandardWebhooks):
    """Takes the characters of the secret for the key."""

    clause = "WHS-HMAC-V1-VALID"

    def key(self, secret):
        return secret.text.encode()


class StandardSignsWithoutTime(StandardWebhooks):
    """Leaves the timestamp out of what is signed."""

    clause = "WHS-COVERS-ID-AND-TIMESTAMP"

    def content(self, sent, _stamp):
        return f"{sent.message}.".encode() + sent.body


class StandardConstantSignature(StandardWebhooks):
    """Sends the signature of an example, which nobody ever verified."""

    clause = "WHS-HMAC-V1-VALID"

    def mac(self, _secret, _content):
        return hashlib.sha256(b"example").digest()


class StandardSignsTheHash(StandardWebhooks):
    """Has the private key sign the hash of the content."""

    clause = "WHS-ASYMMETRIC-V1A"

    def signature(self, hook, content):
        return hook.pair.sign(hashlib.sha256(content).digest())


class StandardPublicKeyInDer(StandardWebhooks):
    """Shows the public key as its library exports it, wrapped in DER."""

    clause = "WHS-PUBLIC-KEY-FORM"

    def public_key(self, hook):
        return hook.pair.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


class StandardShowsThePair(StandardWebhooks):
    """Gives the whole key pair to whoever registers a hook."""

    clause = "WHS-PRIVATE-KEY-KEPT"

    def given(self, hook):
        seed = hook.pair.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return {**super().given(hook), "private_key": "whsk_" + base64_of(seed)}


class GitHubSignsAnotherSpelling(GitHub):
    """Signs the event as written once more by another serialiser."""

    clause = "WHS-SIGNS-RAW-BODY"

    def body(self, sent):
        return rewritten(sent)


class GitHubDecodesTheSecret(GitHub):
    """Takes the secret for hexadecimal digits, where its characters are the key."""

    clause = "WHS-HMAC-V1-VALID"

    def key(self, secret):
        return bytes.fromhex(secret.text)


class GitHubConstantSignature(GitHub):
    """Signs the empty body of a request that is not yet written."""

    clause = "WHS-HMAC-V1-VALID"

    def body(self, _sent):
        return b""


class GitHubWithoutAlgorithm(GitHub):
    """Writes the digest without the name of its algorithm."""

    clause = "WHS-HEADER-SYNTAX"

    prefix = ""


class GitHubIdOfTheAttempt(GitHub):
    """Gives every attempt an id of its own."""

    clause = "WHS-ID-STABLE-UNIQUE"

    def delivery(self, _sent):
        return secrets.token_hex(12)


class StripeSignsAnotherSpelling(Stripe):
    """Signs the event as written once more by another serialiser."""

    clause = "WHS-SIGNS-RAW-BODY"

    def body(self, sent):
        return rewritten(sent)


class StripeSignsTheBodyAlone(Stripe):
    """Sends the time along and does not sign it."""

    clause = "WHS-COVERS-ID-AND-TIMESTAMP"

    def content(self, sent, _stamp):
        return sent.body


class StripeDecodesTheSecret(Stripe):
    """Decodes the secret, where its characters are the key."""

    clause = "WHS-HMAC-V1-VALID"

    def key(self, secret):
        return base64.urlsafe_b64decode(secret.text.removeprefix("whsec_"))


class StripeMilliseconds(Stripe):
    """Writes the time in milliseconds."""

    clause = "WHS-TIMESTAMP-FORM-FRESH"

    def time(self, sent):
        return super().time(sent) * 1000


class StripeTimeOfTheFirstAttempt(Stripe):
    """Signs once, and sends the same with every attempt."""

    clause = "WHS-TIMESTAMP-NEW-PER-ATTEMPT"

    def time(self, sent):
        return vars(self).setdefault("times", {}).setdefault(sent.message, super().time(sent))


class StripeNewSecretAlone(Stripe):
    """Signs with the newest secret only."""

    clause = "WHS-ROTATION-OVERLAP"

    def signing(self, hook):
        return hook.secrets[:1]


class MessageDigestOfAnotherSpelling(MessageSignatures):
    """Computes the digest before the body is written for the last time."""

    clause = "WHS-CONTENT-DIGEST"

    def body(self, sent):
        return rewritten(sent)


class MessageDigestInHex(MessageSignatures):
    """Encodes the hexadecimal text of the digest."""

    clause = "WHS-CONTENT-DIGEST"

    def digest(self, sent):
        return f"sha-256=:{base64_of(hashlib.sha256(sent.body).hexdigest().encode())}:"


class MessageLeavesTheDigestOut(MessageSignatures):
    """Sends a digest and does not sign it, so that both it and the body can be replaced."""

    clause = "WHS-COVERS-ID-AND-TIMESTAMP"

    components = MessageSignatures.components[:-1]


class MessageWithoutTime(MessageSignatures):
    """Leaves the creation time out."""

    clause = "WHS-TIMESTAMP-FORM-FRESH"

    def bare(self, _sent, secret):
        return f';keyid="{self.keyid(secret)}"'


class MessageKeyAsText(MessageSignatures):
    """Takes the characters of the secret for the key."""

    clause = "WHS-HMAC-V1-VALID"

    def key(self, secret):
        return secret.text.encode()


class MessageForeignKeyid(MessageSignatures):
    """Names its own key in every signature, and not the one that the receiver was given."""

    clause = "WHS-HMAC-V1-VALID"

    def keyid(self, _secret):
        return "office"


class MessageSignsThePath(MessageSignatures):
    """Signs the path, as its framework knows it, under the name of the whole URL."""

    clause = "WHS-HMAC-V1-VALID"

    def target(self, hook):
        return "/" + hook.url.split("/", 3)[-1]


class MessageLinesEndAsInHttp(MessageSignatures):
    """Ends the lines of the signature base as HTTP ends its own."""

    clause = "WHS-HMAC-V1-VALID"

    def base(self, *exchange):
        base = super().base(*exchange)
        return Base(content=base.content.replace(b"\n", b"\r\n"), parameters=base.parameters)
