"""The suite's own token issuer: OpenID provider metadata and keys on loopback, and the tokens signed with these."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from joserfc import jws
from joserfc.jwk import ECKey, KeySet, RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from conformance.servers.lifecycle import LocalServer
from conformance.servers.webhook_receiver import QuietHandler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joserfc.jwk import KeyParameters

LIFETIME = 300  # seconds
Key = RSAKey | ECKey


def new_key(algorithm: str) -> Key:
    """A new key for a JOSE algorithm (RFC 7518), with `kid`, `alg` and `use`."""
    parameters: KeyParameters = {"use": "sig", "alg": algorithm, "kid": secrets.token_hex(6)}
    return ECKey.generate_key("P-256", parameters) if algorithm == "ES256" else RSAKey.generate_key(2048, parameters)


@dataclass
class IssuerKeys:
    """The signing keys of an issuer: one for each algorithm, made when first used, and those added by a check."""

    by_algorithm: dict[str, Key] = field(default_factory=dict)
    added: dict[str, Key] = field(default_factory=dict)  # by id

    def key(self, algorithm: str) -> Key:
        if algorithm not in self.by_algorithm:
            self.by_algorithm[algorithm] = new_key(algorithm)
        return self.by_algorithm[algorithm]

    def publish(self, algorithm: str) -> Key:
        """Adds a key to the published set."""
        key = new_key(algorithm)
        self.added[str(key.kid)] = key
        return key

    def withdraw(self, key: Key) -> None:
        """Removes an added key from the published set."""
        self.added.pop(str(key.kid), None)

    @property
    def public(self) -> dict[str, Any]:
        """The JSON Web Key Set (RFC 7517)."""
        return dict(KeySet([*self.by_algorithm.values(), *self.added.values()]).as_dict(private=False))


@dataclass(frozen=True, kw_only=True)
class Mint:
    """Makes access tokens by RFC 9068, and any deviation from it that is asked for."""

    issuer: str
    audience: str
    keys: IssuerKeys
    algorithm: str
    typ: str = "at+jwt"
    roles_claim: str = ""
    roles: tuple[str, ...] = ()
    tenant_claim: str = ""
    tenant: str = ""  # without one, each subject has a tenant of its own
    extra: Mapping[str, Any] = field(default_factory=dict)

    def claims(self, subject: str, scopes: frozenset[str]) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.issuer,
            "sub": subject,
            "aud": self.audience,
            "client_id": "conformance",
            "iat": now,
            "exp": now + LIFETIME,
            "jti": secrets.token_urlsafe(12),
            "scope": " ".join(sorted(scopes)),
            **self.extra,
            **self._role_and_tenant(subject),
        }

    def _role_and_tenant(self, subject: str) -> dict[str, Any]:
        """The claims of roles and tenant, where the contract names them."""
        roles = {self.roles_claim: list(self.roles)} if self.roles_claim else {}
        return roles | ({self.tenant_claim: self.tenant_of(subject)} if self.tenant_claim else {})

    def tenant_of(self, subject: str) -> str:
        return self.tenant or f"tenant-{subject}"

    def header(self, algorithm: str = "") -> dict[str, Any]:
        algorithm = algorithm or self.algorithm
        return {"alg": algorithm, "typ": self.typ, "kid": self.keys.key(algorithm).kid}

    def token(self, subject: str, scopes: frozenset[str]) -> str:
        """A valid access token."""
        return sign(self.header(), self.claims(subject, scopes), self.keys.key(self.algorithm))


def sign(header: Mapping[str, Any], claims: Mapping[str, Any], key: Key) -> str:
    """A JWS in compact form; claims whose value is None are left out, so that a claim can be removed."""
    kept = {name: value for name, value in claims.items() if value is not None}
    registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
    return jws.serialize_compact(dict(header), json.dumps(kept).encode(), key, registry=registry)


class TokenIssuer(LocalServer):
    """Serves the metadata and the keys of a `Mint` on loopback."""

    def __init__(self, *, host: str, port: int, url: str = "", keys: IssuerKeys | None = None) -> None:
        self.keys = keys or IssuerKeys()
        self.key_requests = 0  # requests for the key set
        server = make_server(host, port, self._answer, threaded=True, request_handler=QuietHandler)
        super().__init__(server)
        self.url = (url or f"http://{host}:{server.server_port}").rstrip("/")

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = Request(environ).path
        documents = {
            "/.well-known/openid-configuration": self.metadata,
            "/.well-known/oauth-authorization-server": self.metadata,
            "/jwks": self.keys.public,
        }
        if path not in documents:
            return Response(status=404)(environ, start_response)
        self.key_requests += path == "/jwks"
        body = json.dumps(documents[path])
        return Response(body, content_type="application/json")(environ, start_response)

    @property
    def metadata(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0, section 3."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks",
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid"],
        }
