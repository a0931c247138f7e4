"""Encodings of public keys, and self-signed certificates."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from conformance.servers.token_issuer import Key

NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "conformance")])
ENCODINGS = (
    "spki-pem",
    "spki-pem-without-newline",
    "spki-der",
    "pkcs1-pem",
    "pkcs1-pem-without-newline",
    "pkcs1-der",
    "jwk",
)
VALIDITY = timedelta(days=1)


def public_key_encodings(key: Key) -> dict[str, bytes]:
    """The public key as a verifier may hold it in memory, by the names in ENCODINGS."""
    public = key.public_key
    forms = {
        "spki-pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "spki-der": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "jwk": json.dumps(key.as_dict(private=False)).encode(),
    }
    if isinstance(public, RSAPublicKey):
        forms["pkcs1-pem"] = public.public_bytes(Encoding.PEM, PublicFormat.PKCS1)
        forms["pkcs1-der"] = public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    stripped = {f"{name}-without-newline": form.rstrip() for name, form in forms.items() if name.endswith("pem")}
    return forms | stripped


def self_signed(private_key: Any) -> bytes:
    """A certificate of the key, signed by the key itself, in DER."""
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer_name=NAME,
        subject_name=NAME,
        public_key=private_key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - VALIDITY,
        not_valid_after=now + VALIDITY,
    )
    return builder.sign(private_key, hashes.SHA256()).public_bytes(Encoding.DER)
