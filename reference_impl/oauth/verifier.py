"""Verification of access tokens: JWTs as RFC 9068 profiles them and RFC 8725 advises."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jwt.exceptions import PyJWTError
from jwt.utils import base64url_decode, base64url_encode

from reference_impl.oauth.trust import TrustedIssuers, UnknownKeyError

if TYPE_CHECKING:
    from jwt import PyJWK

    from reference_impl.domain.clock import Clock
    from reference_impl.storage.grants import Grants

Claims = Mapping[str, Any]
LAST_SECOND = 253_402_300_799  # of the year 9999
SUBJECT_FORM = re.compile(r"[!-~]{1,255}")


class InvalidTokenError(Exception):
    """Why a token is not accepted, in words that may be shown."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token taken apart; nothing of it is verified."""

    header: Mapping[str, Any]
    claims: Claims
    signed: bytes
    signature: bytes


class Revocations:
    """Which of our own tokens were revoked; those of other issuers end by their expiry."""

    def __init__(self, grants: Grants, issuer: str) -> None:
        self.grants = grants
        self.issuer = issuer

    def revoked(self, claims: Claims) -> bool:
        return claims["iss"] == self.issuer and not self.is_live(str(claims.get("jti", "")))

    def is_live(self, jti: str) -> bool:
        return self.grants.is_live(jti)


class TokenVerifier:
    """Judges tokens by fixed rules; the token itself chooses nothing but one of the issuer's keys."""

    def __init__(
        self,
        issuers: TrustedIssuers,
        audience: str,
        declared: Mapping[str, Any],
        clock: Clock,
        revocations: Revocations,
    ) -> None:
        self.issuers = issuers
        self.revocations = revocations
        self.audience = audience
        self.declared = declared  # the contract's x-access-token
        self.clock = clock

    def verify(self, text: str) -> Claims:
        """The claims of a valid token; raises `InvalidTokenError` for anything else."""
        token = self.take_apart(text)
        self.check_type(token.header)
        self.check_critical(token.header)
        self.check_issuer(token.claims)
        key = self.key_for(token.header, token.claims["iss"])
        self.check_algorithm(token.header, key)
        self.check_signature(token, key)
        self.check_claims(token.claims)
        self.check_revocation(token.claims)
        return token.claims

    def take_apart(self, text: str) -> Token:
        try:
            header, claims, signature = text.split(".")
        except ValueError as error:
            raise InvalidTokenError("it is not a signed JWT") from error
        return Token(
            header=self.parse(self.decode(header)),
            claims=self.parse(self.decode(claims)),
            signed=f"{header}.{claims}".encode(),
            signature=self.decode(signature),
        )

    def decode(self, part: str) -> bytes:
        try:
            decoded = base64url_decode(part)
        except ValueError as error:
            raise InvalidTokenError("it is not base64url") from error
        if base64url_encode(decoded).decode() != part:
            raise InvalidTokenError("it is not base64url")
        return decoded

    def parse(self, part: bytes) -> Mapping[str, Any]:
        try:
            parsed = json.loads(part.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise InvalidTokenError("it does not hold JSON") from error
        if not isinstance(parsed, dict):
            raise InvalidTokenError("it does not hold JSON objects")
        return parsed

    def check_type(self, header: Mapping[str, Any]) -> None:
        declared = str(self.declared["typ"])
        if str(header.get("typ")).lower() not in {declared, f"application/{declared}"}:
            raise InvalidTokenError("it is not an access token")

    def check_critical(self, header: Mapping[str, Any]) -> None:
        if "crit" in header or "b64" in header:
            raise InvalidTokenError("it names an extension that is not understood")

    def check_issuer(self, claims: Claims) -> None:
        if not self.trusts(claims.get("iss")):
            raise InvalidTokenError("its issuer is not trusted")

    def trusts(self, issuer: object) -> bool:
        return isinstance(issuer, str) and issuer in self.issuers.names

    def key_for(self, header: Mapping[str, Any], issuer: str) -> PyJWK:
        """The issuer's own key of that id; keys and addresses in the header are not looked at."""
        key_id = header.get("kid")
        if key_id is not None and not isinstance(key_id, str):
            raise InvalidTokenError("its kid is not a string")
        try:
            return self.issuers.key(issuer, key_id)
        except UnknownKeyError as error:
            raise InvalidTokenError("its key is unknown") from error

    def algorithms(self) -> tuple[str, ...]:
        """What may be used, whatever a token says."""
        return tuple(self.declared["algorithms"])

    def check_algorithm(self, header: Mapping[str, Any], key: PyJWK) -> None:
        if header.get("alg") not in self.algorithms() or header["alg"] != key.algorithm_name:
            raise InvalidTokenError("its algorithm is not accepted")

    def check_signature(self, token: Token, key: PyJWK) -> None:
        try:
            holds = self.signature_holds(token, key)
        except (PyJWTError, ValueError, TypeError) as error:
            raise InvalidTokenError("its signature does not hold") from error
        if not holds:
            raise InvalidTokenError("its signature does not hold")

    def signature_holds(self, token: Token, key: PyJWK) -> bool:
        return key.Algorithm.verify(token.signed, key.key, token.signature)

    def check_claims(self, claims: Claims) -> None:
        self.check_expiry(claims)
        self.check_not_before(claims)
        self.check_issued_at(claims)
        self.check_audience(claims)
        self.check_subject(claims)

    def check_expiry(self, claims: Claims) -> None:
        if self.seconds(claims, "exp") <= self.now() - self.leeway():
            raise InvalidTokenError("it has expired")

    def check_not_before(self, claims: Claims) -> None:
        if "nbf" in claims and self.seconds(claims, "nbf") > self.now() + self.leeway():
            raise InvalidTokenError("it is not valid yet")

    def check_issued_at(self, claims: Claims) -> None:
        if "iat" in claims and self.seconds(claims, "iat") > self.now() + self.leeway():
            raise InvalidTokenError("it was issued in the future")

    def check_audience(self, claims: Claims) -> None:
        if not self.is_meant(claims.get("aud")):
            raise InvalidTokenError("it is meant for another audience")

    def is_meant(self, audience: object) -> bool:
        """Whether `aud`, a string or a list of strings, names this API."""
        return self.audience in (audience if isinstance(audience, list) else [audience])

    def check_subject(self, claims: Claims) -> None:
        subject = claims.get("sub")
        if not isinstance(subject, str) or not SUBJECT_FORM.fullmatch(subject):
            raise InvalidTokenError("its subject is missing or malformed")

    def check_revocation(self, claims: Claims) -> None:
        if self.revocations.revoked(claims):
            raise InvalidTokenError("it was revoked")

    def leeway(self) -> float:
        return float(self.declared["leeway"])

    def now(self) -> float:
        return self.clock.seconds()

    def seconds(self, claims: Claims, name: str) -> float:
        """A NumericDate; anything that is no number, or beyond all calendars, is refused."""
        value = claims.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LAST_SECOND:
            raise InvalidTokenError(f"its {name} is missing or no time")
        return float(value)
