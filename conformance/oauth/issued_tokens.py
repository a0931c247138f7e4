"""Access tokens that the target itself issues: JWTs of RFC 9068, read and verified as a client can."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jwt import PyJWKSet
from jwt.exceptions import PyJWTError

from conformance.errors import BlockedError, UntestableError
from conformance.http.messages import Request
from conformance.identity.compact_jwt import from_base64url, unverified_claims, unverified_header
from conformance.identity.credential_sources import ClientCredentials
from conformance.identity.forged_tokens import MARGIN

if TYPE_CHECKING:
    from conformance.contract.vocabulary import AccessToken
    from conformance.http.client import Client
    from conformance.identity.accounts import Account

WELL_KNOWN = ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")
REQUIRED = frozenset({"iss", "exp", "aud", "sub", "client_id", "iat", "jti"})  # RFC 9068, section 2.2


@dataclass(frozen=True, kw_only=True)
class IssuedToken:
    """An access token and the `expires_in` of its token response, in seconds."""

    text: str
    expires_in: float | None
    rules: AccessToken

    @cached_property
    def header(self) -> dict[str, Any]:
        return unverified_header(self.text)

    @cached_property
    def claims(self) -> dict[str, Any]:
        return unverified_claims(self.text)

    @property
    def missing_claims(self) -> frozenset[str]:
        """Claims that RFC 9068 requires and the token lacks; where the contract lists claims, only of its list."""
        wanted = REQUIRED & frozenset(self.rules.claims) if self.rules.claims else REQUIRED
        return wanted - frozenset(name for name, value in self.claims.items() if value is not None)

    @property
    def has_declared_type(self) -> bool:
        """`typ` is the one that the contract declares, if it declares one."""
        typ = str(self.header.get("typ", "")).lower().removeprefix("application/")
        return "typ" not in self.rules.declared or typ == self.rules.typ.lower()

    @property
    def issued_now(self) -> bool:
        """`iat` is the present time; clocks may differ by the leeway."""
        return abs(time.time() - self._seconds("iat")) <= self.rules.leeway + MARGIN

    @property
    def lifetime(self) -> float:
        """Seconds from issue to expiry."""
        return self._seconds("exp") - self._seconds("iat")

    @property
    def lifetime_error(self) -> float:
        """The difference in seconds between `expires_in`, if given, and the lifetime of the token."""
        return 0.0 if self.expires_in is None else abs(self.expires_in - self.lifetime)

    def _seconds(self, claim: str) -> float:
        """A NumericDate (RFC 7519, section 2); NaN if the claim is none, so that every comparison fails."""
        value = self.claims.get(claim)
        return float(value) if isinstance(value, int | float) else float("nan")

    def verifies(self, key_set: dict[str, Any]) -> bool:
        """A key of the JWK set verifies the signature, whose algorithm the contract declares."""
        signing_input, _, signature = self.text.rpartition(".")
        if self.header.get("alg") not in self.rules.algorithms:
            return False
        try:
            key = PyJWKSet.from_dict(key_set)[str(self.header.get("kid"))]
            return key.Algorithm.verify(signing_input.encode(), key.key, from_base64url(signature))
        except (PyJWTError, KeyError, ValueError, TypeError):
            return False


@dataclass(frozen=True, kw_only=True)
class TokenSource:
    """The token endpoint and the published keys, as one client uses them."""

    client: Client
    account: Account
    rules: AccessToken

    def issue(self) -> IssuedToken:
        """A new token. Raises BlockedError if the token endpoint gives none."""
        source = self.account.source
        assert isinstance(source, ClientCredentials)
        request = source.authenticated_request()
        reply = self.client.send(request, identity=self.account.name)
        token = reply.member("access_token")
        if not isinstance(token, str):
            raise BlockedError(f"the token endpoint gave {self.account.name} no token: {reply.status}.")
        return IssuedToken(text=token, expires_in=reply.number("expires_in"), rules=self.rules)

    def published_keys(self) -> dict[str, Any]:
        """The JWK set that the authorization server's metadata points to."""
        for path in WELL_KNOWN:
            found = self.client.send(Request(method="GET", path=path)).member("jwks_uri")
            if isinstance(found, str):
                return dict(self.client.send(Request(method="GET", path=path_on_target(self.client, found))).json or {})
        raise UntestableError(f"the target serves no metadata that names its keys: neither {' nor '.join(WELL_KNOWN)}.")


def path_on_target(client: Client, url: str) -> str:
    """The path of a URL of the target, below the client's base. Raises UntestableError for a URL of another server."""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" != client.url or not parts.path.startswith(client.prefix):
        raise UntestableError(
            f"{url} is not at the target {client.url}{client.prefix}, and nobody else is asked. "
            "Judge the target under the URL that its own metadata name.",
        )
    return parts.path.removeprefix(client.prefix)
