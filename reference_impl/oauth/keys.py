"""The signing keys of this authorization server; kept in the database, so that restarts keep them."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from joserfc.jwk import ECKey, KeyParameters, KeySet, RSAKey
from jwt import PyJWK

from reference_impl.domain.ids import random_base62

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reference_impl.storage.secrets import ServerSecrets


class SigningKeys:
    """An ES256 key that signs access tokens, and an RS256 key, which OpenID Connect asks to be offered."""

    def __init__(self, secrets: ServerSecrets) -> None:
        self.secrets = secrets

    @cached_property
    def signing(self) -> ECKey:
        return ECKey.import_key(json.loads(self.secrets.get("signing-key-es256", self.new_ec_key)))

    @cached_property
    def offered(self) -> RSAKey:
        return RSAKey.import_key(json.loads(self.secrets.get("signing-key-rs256", self.new_rsa_key)))

    def new_ec_key(self) -> str:
        return json.dumps(ECKey.generate_key("P-256", self.parameters("ES256"), private=True).as_dict(private=True))

    def new_rsa_key(self) -> str:
        return json.dumps(RSAKey.generate_key(2048, self.parameters("RS256"), private=True).as_dict(private=True))

    def parameters(self, algorithm: str) -> KeyParameters:
        return {"use": "sig", "alg": algorithm, "kid": random_base62(8)}

    def published(self) -> dict[str, Any]:
        """The JWK set (RFC 7517), public members only."""
        return dict(KeySet([self.signing, self.offered]).as_dict(private=False))

    @cached_property
    def _public(self) -> Mapping[str, PyJWK]:
        return {str(self.signing.kid): PyJWK(self.signing.as_dict(private=False))}

    def public(self) -> Mapping[str, PyJWK]:
        """The keys that verify access tokens, by id."""
        return self._public
