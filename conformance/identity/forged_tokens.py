"""Forged access tokens: each differs from a sound one, which was just accepted, in one thing."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jwt.algorithms import get_default_algorithms

from conformance.errors import BlockedError, InapplicableError, UntestableError
from conformance.identity.certificates import public_forms, self_signed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.vocabulary import AccessToken
    from conformance.servers.token_issuer import Key, Keys, Mint

ABSENT = object()  # in the place of a value: the member is left out
MARGIN = 60  # seconds beyond the leeway
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the group of P-256 (FIPS 186)
RSA = ("RS", "PS")
ELLIPTIC = ("ES",)


def encoded(content: bytes) -> str:
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def segment(members: Mapping[str, Any]) -> str:
    """A JSON object as a part of a token; absent members are left out."""
    kept = {name: value for name, value in members.items() if value is not ABSENT}
    return encoded(json.dumps(kept, separators=(",", ":")).encode())


def signed(signing_input: str, algorithm: str, key: Any) -> str:
    """The token in compact form; `key` is a private key, or the bytes of an HMAC secret."""
    signature: bytes = get_default_algorithms()[algorithm].sign(signing_input.encode(), key)
    return f"{signing_input}.{encoded(signature)}"


@dataclass(frozen=True, kw_only=True)
class Forger:
    """Forges tokens after the model of a sound one.

    Methods that need a key which the target trusts raise UntestableError without a test issuer.
    """

    rules: AccessToken
    sound: str
    mint: Mint | None
    foreign_keys: Keys

    @cached_property
    def parts(self) -> tuple[str, str, str]:
        head, body, signature = [*self.sound.split("."), "", ""][:3]
        return head, body, signature

    @cached_property
    def header(self) -> dict[str, Any]:
        return self._read(self.parts[0])

    @cached_property
    def claims(self) -> dict[str, Any]:
        return self._read(self.parts[1])

    def _read(self, part: str) -> dict[str, Any]:
        try:
            return dict(json.loads(decoded(part)))
        except (ValueError, TypeError):
            raise BlockedError(
                f"the contract says of {self.rules.scheme} that its tokens are JWTs, but the token at hand is none.",
                blame="configuration",
            ) from None

    # Without any key: whoever holds a token can do this.

    def unsecured(self, name: str) -> str:
        """The algorithm is `none` in some spelling, the signature empty (RFC 7519, section 6)."""
        return f"{segment({**self.header, 'alg': name})}.{self.parts[1]}."

    def unsecured_but_signed(self, name: str) -> str:
        """The algorithm is `none` in some spelling, the old signature is kept."""
        return self.unsecured(name) + self.parts[2]

    def unsigned(self) -> str:
        """The signature is empty."""
        return f"{self.parts[0]}.{self.parts[1]}."

    def tampered(self, **claims: Any) -> str:
        """Claims are changed under the old signature."""
        return f"{self.parts[0]}.{segment({**self.claims, **claims})}.{self.parts[2]}"

    def prolonged(self) -> str:
        """Valid for another minute, says the payload, under the old signature."""
        return self.tampered(exp=self.claims.get("exp", 0) + MARGIN)

    def relabelled(self, **members: Any) -> str:
        """The header is changed under the old signature."""
        return f"{segment({**self.header, **members})}.{self.parts[1]}.{self.parts[2]}"

    def bent(self) -> str:
        """One bit in the middle of the signature is flipped."""
        signature = bytearray(decoded(self.parts[2]))
        signature[len(signature) // 2] ^= 1
        return self.with_signature(bytes(signature))

    def with_signature(self, signature: bytes) -> str:
        return f"{self.parts[0]}.{self.parts[1]}.{encoded(signature)}"

    def with_numbers(self, r: int, s: int) -> str:
        """The signature consists of these two numbers (RFC 7518, section 3.4)."""
        size = len(decoded(self.parts[2])) // 2
        return self.with_signature(r.to_bytes(size, "big") + s.to_bytes(size, "big"))

    # With a key of one's own, which nobody trusts.

    @property
    def foreign_key(self) -> Key:
        algorithm = self.header["alg"]
        return self.foreign_keys.key(algorithm if algorithm.startswith((*RSA, "ES256")) else "RS256")

    def foreign(self, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """Signed by a foreign key; everything else, also `kid`, is genuine unless told otherwise."""
        key = self.foreign_key
        changed = {**self.header, "alg": key.as_dict(private=False)["alg"], **(header or {})}
        return signed(f"{segment(changed)}.{segment({**self.claims, **claims})}", changed["alg"], key.private_key)

    def embedded_jwk(self) -> str:
        """Signed by a foreign key that the header brings along (RFC 7515, section 4.1.3)."""
        public = self.foreign_key.as_dict(private=False)
        return self.foreign({"jwk": public, "kid": public["kid"]})

    def embedded_jwk_under_genuine_kid(self) -> str:
        return self.foreign({"jwk": self.foreign_key.as_dict(private=False)})

    def embedded_x5c(self) -> str:
        """Signed by a foreign key whose certificate the header brings along (RFC 7515, section 4.1.6)."""
        certificate = base64.b64encode(self_signed(self.foreign_key.private_key)).decode()
        return self.foreign({"x5c": [certificate], "kid": self.foreign_key.kid})

    def referring(self, place: str, url: str) -> str:
        """Signed by a foreign key that can be fetched where the header (jku, x5u, kid) or the issuer says."""
        kid = {"kid": self.foreign_key.kid}
        return self.foreign(kid, iss=url) if place == "iss" else self.foreign({**kid, place: f"{url}/jwks"})

    def authenticated(self, secret: bytes, algorithm: str = "HS256", **header: Any) -> str:
        """HMAC instead of a signature, over a secret that a careless verifier may take for the key."""
        head = segment({**self.header, "alg": algorithm, **header})
        return signed(f"{head}.{self.parts[1]}", algorithm, secret)

    # With the issuer's own key: the suite's issuer, which the target trusts, is needed.

    @property
    def trusted(self) -> Mint:
        """The issuer of the sound token, if it is the suite's own."""
        if self.mint is None or self.claims.get("iss") != self.mint.issuer:
            raise UntestableError(
                "needs a token that the suite's own issuer signed. Add an [issuer] that the target is configured to "
                'trust, and give the first identity kind = "issuer".',
            )
        return self.mint

    def public_key_as_secret(self, form: str, algorithm: str) -> str:
        """HMAC over the issuer's public key in one of its spellings; `kid` is genuine."""
        forms = public_forms(self.trusted.keys.key(self.header["alg"]))
        if form not in forms:
            raise InapplicableError(f"the issuer's key has no {form} form")
        return self.authenticated(forms[form], algorithm)

    def minted(self, **claims: Any) -> str:
        """Truly signed; these claims are changed."""
        return self._minted(self.header, claims)

    def headed(self, **members: Any) -> str:
        """Truly signed; these members of the header are changed."""
        return self._minted({**self.header, **members}, {})

    def _minted(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        key = self.trusted.keys.key(self.header["alg"]).private_key
        return signed(f"{segment(header)}.{segment({**self.claims, **claims})}", self.header["alg"], key)

    def typed(self, typ: Any) -> str:
        """Truly signed, of another type than the contract declares."""
        if "typ" not in self.rules.declared:
            raise InapplicableError("the contract leaves `typ` out of x-access-token")
        if str(typ).lower().removeprefix("application/") == self.rules.typ.lower():
            raise InapplicableError(f"{typ} is the type that the contract declares")
        return self.headed(typ=typ)

    def expired(self, ago: float = MARGIN) -> str:
        """Truly signed; it expired so many seconds before the leeway began."""
        end = int(time.time() - self.rules.leeway - ago)
        return self.minted(exp=end, iat=end - MARGIN)

    def early(self) -> str:
        """Truly signed; it becomes valid some minutes after the leeway."""
        begin = int(time.time() + self.rules.leeway + 5 * MARGIN)
        return self.minted(nbf=begin, exp=begin + MARGIN)

    def resigned(self, algorithm: str) -> str:
        """Truly signed with the trusted key, by an algorithm that the contract does not list."""
        if "algorithms" not in self.rules.declared or algorithm in self.rules.algorithms:
            raise InapplicableError(f"the contract does not exclude {algorithm}")
        if not self.header["alg"].startswith(RSA):
            raise InapplicableError("the contract lists no RSA algorithm, so the issuer has no such key")
        key = self.trusted.keys.key(self.header["alg"]).private_key
        return signed(f"{segment({**self.header, 'alg': algorithm})}.{self.parts[1]}", algorithm, key)

    def signed_by(self, key: Key) -> str:
        """Header and claims of the sound token, signed by another key of the issuer."""
        header = {**self.header, "kid": key.kid}
        return signed(f"{segment(header)}.{self.parts[1]}", self.header["alg"], key.private_key)

    def of_family(self, prefixes: tuple[str, ...]) -> Forger | None:
        """A forger after a sound token of such an algorithm; None if the contract lists none."""
        algorithm = next((known for known in self.rules.algorithms if known.startswith(prefixes)), None)
        if algorithm is None:
            return None
        key = self.trusted.keys.key(algorithm)
        header = {**self.header, "alg": algorithm, "kid": key.kid}
        return replace(self, sound=signed(f"{segment(header)}.{self.parts[1]}", algorithm, key.private_key))
