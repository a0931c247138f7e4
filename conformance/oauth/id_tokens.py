"""ID tokens, validated as a relying party does (OpenID Connect Core, section 3.1.3.7)."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import jwt
from jwt import PyJWKSet
from jwt.exceptions import PyJWTError

from conformance.http.messages import Request
from conformance.identity.compact_jwt import base64url, unverified_claims, unverified_header

if TYPE_CHECKING:
    from conformance.oauth.authorization_code import TokenResponse
    from conformance.oauth.authorization_server import AuthorizationServer

LEEWAY = 60  # seconds by which clocks may differ
MAX_SUBJECT_LENGTH = 255  # ASCII characters


@dataclass(frozen=True, kw_only=True)
class IdToken:
    """An ID token, with the token response that held it and what its validation needs."""

    NONCE: ClassVar[str] = "n-0S6_WzA2Mj~.=&+/%41"  # with characters that a server may decode wrongly

    text: str
    tokens: TokenResponse
    client_id: str
    authorization_server: AuthorizationServer

    @property
    def claims(self) -> dict[str, Any]:
        return unverified_claims(self.text)

    @cached_property
    def header(self) -> dict[str, Any]:
        return unverified_header(self.text)

    @property
    def identity(self) -> tuple[Any, Any, frozenset[str]]:
        """Issuer, subject and audience."""
        return self.claims.get("iss"), self.claims.get("sub"), self.audience

    @property
    def audience(self) -> frozenset[str]:
        found = self.claims.get("aud")
        return frozenset(map(str, found if isinstance(found, list) else [found]))

    def validation_errors(self) -> list[str]:
        """Why a relying party would refuse the token, in words; empty for a valid one."""
        now, claims = time.time(), self.claims
        subject = claims.get("sub")
        judged = {
            "its signature does not hold, or its algorithm is not listed": self._verifies(),
            "iss is not the issuer of the metadata": claims.get("iss")
            == self.authorization_server.document.get("issuer"),
            "aud does not name the client": self.client_id in self.audience,
            "sub is no text of 1 to 255 ASCII characters": isinstance(subject, str)
            and 0 < len(subject) <= MAX_SUBJECT_LENGTH
            and subject.isascii(),
            "exp is not in the future": self._seconds("exp") > now - LEEWAY,
            "exp is more than a year away": self._seconds("exp") < now + 366 * 86_400,
            "iat is not now": abs(self._seconds("iat") - now) < LEEWAY,
        }
        return [words for words, holds in judged.items() if not holds]

    def _seconds(self, claim: str) -> float:
        """A NumericDate (RFC 7519, section 2); NaN if the claim is none, so that every comparison fails."""
        value = self.claims.get(claim)
        return float(value) if isinstance(value, int | float) else float("nan")

    def _verifies(self) -> bool:
        algorithm = str(self.header.get("alg"))
        if algorithm.startswith("HS") or algorithm not in self.authorization_server.listed(
            "id_token_signing_alg_values_supported"
        ):
            return False
        keys = self.authorization_server.client.send(
            Request(method="GET", path=self.authorization_server.path("jwks_uri"))
        ).json
        try:
            known = PyJWKSet.from_dict(keys).keys
        except (PyJWTError, TypeError, AttributeError):
            return False
        named = [key for key in known if key.key_id == self.header.get("kid")] or known
        return any(self._signed_by(key, algorithm) for key in named)

    def _signed_by(self, key: Any, algorithm: str) -> bool:
        options: Any = {"verify_exp": False, "verify_aud": False, "verify_iat": False}
        try:
            jwt.decode(self.text, key.key, algorithms=[algorithm], options=options)
        except (PyJWTError, TypeError, ValueError):
            return False
        return True

    @property
    def at_hash(self) -> str | None:
        """The correct at_hash (section 3.1.3.6); None for an algorithm without a known hash."""
        bits = str(self.header.get("alg"))[-3:]
        if bits not in {"256", "384", "512"}:
            return None
        digest = hashlib.new(f"sha{bits}", self.tokens.access_token.encode()).digest()
        return base64url(digest[: len(digest) // 2])
