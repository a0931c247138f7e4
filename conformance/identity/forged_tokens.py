"""Forged access tokens: each differs in one thing from a token that was just accepted."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.errors import BlockedError, InapplicableError, UntestableError
from conformance.identity.certificates import public_key_encodings, self_signed
from conformance.identity.compact_jwt import (
    base64url,
    from_base64url,
    json_part,
    signed_jwt,
    unverified_claims,
    unverified_header,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.vocabulary import AccessToken
    from conformance.servers.token_issuer import IssuerKeys, Key, Mint

MARGIN = 60  # seconds beyond the leeway
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the group of P-256 (FIPS 186)
RSA = ("RS", "PS")  # prefixes of algorithm names (RFC 7518, section 3.1)
ECDSA = ("ES",)


@dataclass(frozen=True, kw_only=True)
class Forger:
    """Makes forged variants of a token that the target has just accepted.

    Methods that need a key which the target trusts raise UntestableError without the suite's token issuer.
    """

    rules: AccessToken
    accepted: str
    mint: Mint | None
    untrusted_keys: IssuerKeys

    @cached_property
    def parts(self) -> tuple[str, str, str]:
        head, body, signature = [*self.accepted.split("."), "", ""][:3]
        return head, body, signature

    @cached_property
    def header(self) -> dict[str, Any]:
        return self._required(unverified_header(self.accepted))

    @cached_property
    def claims(self) -> dict[str, Any]:
        return self._required(unverified_claims(self.accepted))

    def _required(self, part: dict[str, Any]) -> dict[str, Any]:
        if not part:
            raise BlockedError(
                f"the contract says of {self.rules.scheme} that its tokens are JWTs, but the token at hand is none.",
                blame="configuration",
            )
        return part

    # Forgeries that need no key.

    def unsecured(self, name: str) -> str:
        """The algorithm is `none` in some spelling, the signature empty (RFC 7519, section 6)."""
        return f"{json_part({**self.header, 'alg': name})}.{self.parts[1]}."

    def unsecured_with_signature(self, name: str) -> str:
        """The algorithm is `none` in some spelling, the original signature is kept."""
        return self.unsecured(name) + self.parts[2]

    def unsigned(self) -> str:
        """The algorithm is kept, the signature is empty."""
        return f"{self.parts[0]}.{self.parts[1]}."

    def tampered(self, **claims: Any) -> str:
        """These claims are changed, the original signature is kept."""
        return f"{self.parts[0]}.{json_part({**self.claims, **claims})}.{self.parts[2]}"

    def with_later_expiry(self) -> str:
        """`exp` is a minute later, the original signature is kept."""
        return self.tampered(exp=self.claims.get("exp", 0) + MARGIN)

    def with_tampered_header(self, **members: Any) -> str:
        """These header members are changed, the original signature is kept."""
        return f"{json_part({**self.header, **members})}.{self.parts[1]}.{self.parts[2]}"

    def with_flipped_bit(self) -> str:
        """One bit in the middle of the signature is flipped."""
        signature = bytearray(from_base64url(self.parts[2]))
        signature[len(signature) // 2] ^= 1
        return self.with_signature(bytes(signature))

    def with_signature(self, signature: bytes) -> str:
        """The signature is replaced by these bytes."""
        return f"{self.parts[0]}.{self.parts[1]}.{base64url(signature)}"

    def with_ecdsa_values(self, r: int, s: int) -> str:
        """The signature consists of these two numbers (ECDSA, RFC 7518, section 3.4)."""
        size = len(from_base64url(self.parts[2])) // 2
        return self.with_signature(r.to_bytes(size, "big") + s.to_bytes(size, "big"))

    # Forgeries signed by a key of the attacker, which no target trusts.

    @property
    def untrusted_key(self) -> Key:
        """A key for the algorithm of the accepted token, or for RS256."""
        algorithm = self.header["alg"]
        return self.untrusted_keys.key(algorithm if algorithm.startswith((*RSA, "ES256")) else "RS256")

    def signed_by_untrusted_key(self, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """Signed by the untrusted key; header (with `kid`) and claims are kept, but for these members."""
        key = self.untrusted_key
        changed = {**self.header, "alg": key.as_dict(private=False)["alg"], **(header or {})}
        return signed_jwt(
            f"{json_part(changed)}.{json_part({**self.claims, **claims})}", changed["alg"], key.private_key
        )

    def embedded_jwk(self) -> str:
        """Signed by the untrusted key, which the header contains as `jwk` (RFC 7515, section 4.1.3)."""
        public = self.untrusted_key.as_dict(private=False)
        return self.signed_by_untrusted_key({"jwk": public, "kid": public["kid"]})

    def embedded_jwk_with_trusted_kid(self) -> str:
        """The same, with the `kid` of the trusted key."""
        return self.signed_by_untrusted_key({"jwk": self.untrusted_key.as_dict(private=False)})

    def embedded_x5c(self) -> str:
        """Signed by the untrusted key, whose certificate the header contains (RFC 7515, section 4.1.6)."""
        certificate = base64.b64encode(self_signed(self.untrusted_key.private_key)).decode()
        return self.signed_by_untrusted_key({"x5c": [certificate], "kid": self.untrusted_key.kid})

    def with_key_reference(self, place: str, url: str) -> str:
        """Signed by the untrusted key, which can be fetched at the URL in this member: jku, x5u, kid or iss."""
        kid = {"kid": self.untrusted_key.kid}
        return (
            self.signed_by_untrusted_key(kid, iss=url)
            if place == "iss"
            else self.signed_by_untrusted_key({**kid, place: f"{url}/jwks"})
        )

    def hmac_signed(self, secret: bytes, algorithm: str = "HS256", **header: Any) -> str:
        """Authenticated by HMAC with a key that a verifier may confuse with the right one (RFC 8725, section 2.1)."""
        head = json_part({**self.header, "alg": algorithm, **header})
        return signed_jwt(f"{head}.{self.parts[1]}", algorithm, secret)

    # Tokens signed by the suite's token issuer, which the target trusts.

    @property
    def trusted_mint(self) -> Mint:
        """The suite's token issuer, if it issued the accepted token; else raises UntestableError."""
        if self.mint is None or self.claims.get("iss") != self.mint.issuer:
            raise UntestableError(
                "needs a token that the suite's own issuer signed. Add an [issuer] that the target is configured to "
                'trust, and give the first identity kind = "issuer".',
            )
        return self.mint

    def public_key_as_secret(self, form: str, algorithm: str) -> str:
        """Authenticated by HMAC with the issuer's public key in one of the ENCODINGS; `kid` is kept."""
        forms = public_key_encodings(self.trusted_mint.keys.key(self.header["alg"]))
        if form not in forms:
            raise InapplicableError(f"the issuer's key has no {form} form")
        return self.hmac_signed(forms[form], algorithm)

    def with_claims(self, **claims: Any) -> str:
        """Signed by the issuer; these claims are changed."""
        return self._reissued(self.header, claims)

    def with_header(self, **members: Any) -> str:
        """Signed by the issuer; these header members are changed."""
        return self._reissued({**self.header, **members}, {})

    def _reissued(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        key = self.trusted_mint.keys.key(self.header["alg"]).private_key
        return signed_jwt(f"{json_part(header)}.{json_part({**self.claims, **claims})}", self.header["alg"], key)

    def with_type(self, typ: Any) -> str:
        """Signed by the issuer; `typ` is another one than the contract declares."""
        if "typ" not in self.rules.declared:
            raise InapplicableError("the contract leaves `typ` out of x-access-token")
        if str(typ).lower().removeprefix("application/") == self.rules.typ.lower():
            raise InapplicableError(f"{typ} is the type that the contract declares")
        return self.with_header(typ=typ)

    def expired(self, ago: float = MARGIN) -> str:
        """Signed by the issuer; it expired so many seconds before the leeway began."""
        end = int(time.time() - self.rules.leeway - ago)
        return self.with_claims(exp=end, iat=end - MARGIN)

    def not_yet_valid(self, *, fraction: float = 0) -> str:
        """Signed by the issuer; `nbf` is some minutes, and a fraction of a second, after the leeway."""
        begin = int(time.time() + self.rules.leeway + 5 * MARGIN)
        return self.with_claims(nbf=begin + fraction, exp=begin + MARGIN)

    def signed_with(self, algorithm: str) -> str:
        """Signed by the issuer's RSA key with an algorithm that the contract does not list."""
        if "algorithms" not in self.rules.declared or algorithm in self.rules.algorithms:
            raise InapplicableError(f"the contract does not exclude {algorithm}")
        if not self.header["alg"].startswith(RSA):
            raise InapplicableError("the contract lists no RSA algorithm, so the issuer has no such key")
        key = self.trusted_mint.keys.key(self.header["alg"]).private_key
        return signed_jwt(f"{json_part({**self.header, 'alg': algorithm})}.{self.parts[1]}", algorithm, key)

    def signed_by(self, key: Key) -> str:
        """Signed by another key of the issuer, which `kid` names; the claims are kept."""
        header = {**self.header, "kid": key.kid}
        return signed_jwt(f"{json_part(header)}.{self.parts[1]}", self.header["alg"], key.private_key)

    def for_family(self, prefixes: tuple[str, ...]) -> Forger | None:
        """A forger for a token of such an algorithm, not yet tried; None if the contract lists none."""
        algorithm = next((known for known in self.rules.algorithms if known.startswith(prefixes)), None)
        if algorithm is None:
            return None
        key = self.trusted_mint.keys.key(algorithm)
        header = {**self.header, "alg": algorithm, "kid": key.kid}
        return replace(self, accepted=signed_jwt(f"{json_part(header)}.{self.parts[1]}", algorithm, key.private_key))
