"""The signing keys of this authorization server; kept in the database, for restarts and for other processes."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from joserfc.jwk import ECKey, KeyParameters, KeySet, RSAKey
from jwt import PyJWK

from reference_impl.domain.ids import random_base62

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reference_impl.domain.clock import Clock
    from reference_impl.storage.secrets import ServerSecrets

RING = "signing-keys-es256"
LONGEST_TOKEN = 3600  # seconds; so long a key is kept after its last signature
MARGIN = 60  # seconds in which every process has noticed a roll-over


@dataclass(frozen=True)
class Ring:
    """The keys that signed, in their order, the last of which signs; and the next one, published ahead."""

    signed: tuple[ECKey, ...]
    following: ECKey

    @property
    def signing(self) -> ECKey:
        return self.signed[-1]

    @cached_property
    def public(self) -> Mapping[str, PyJWK]:
        keys = (*self.signed, self.following)
        return {str(key.kid): PyJWK(key.as_dict(private=False)) for key in keys}


class SigningKeys:
    """ES256 keys that sign access tokens, and an RS256 key, which OpenID Connect asks to be offered."""

    def __init__(self, secrets: ServerSecrets, clock: Clock, lifetime: float) -> None:
        self.secrets = secrets
        self.clock = clock
        self.lifetime = lifetime  # seconds that the ring is kept before it is read again
        self._ring: Ring | None = None
        self._read_at = float("-inf")
        self._reading = threading.Lock()

    @property
    def signing(self) -> ECKey:
        return self.ring().signing

    @cached_property
    def offered(self) -> RSAKey:
        return RSAKey.import_key(json.loads(self.secrets.get("signing-key-rs256", self.new_rsa_key)))

    def ring(self) -> Ring:
        """The keys as they are now, or were a moment ago."""
        with self._reading:
            if self._ring is None or self.clock.seconds() - self._read_at >= self.lifetime:
                self._ring = self.read()
                self._read_at = self.clock.seconds()
            return self._ring

    def read(self) -> Ring:
        stored = json.loads(self.secrets.get(RING, self.new_ring))
        signed = tuple(ECKey.import_key(entry["key"]) for entry in stored["signed"])
        return Ring(signed, ECKey.import_key(stored["next"]))

    def new_ring(self) -> str:
        return json.dumps({"signed": [{"key": self.new_ec_key(), "until": None}], "next": self.new_ec_key()})

    def roll(self) -> None:
        """Signs with the next key from now on; the former one is kept until its last token has expired."""
        stored, now = json.loads(self.secrets.get(RING, self.new_ring)), self.clock.seconds()
        stored["signed"][-1]["until"] = now + LONGEST_TOKEN + MARGIN
        kept = [entry for entry in stored["signed"] if self.is_needed(entry, now)]
        rolled = {"signed": [*kept, {"key": stored["next"], "until": None}], "next": self.new_ec_key()}
        self.secrets.put(RING, json.dumps(rolled))

    def is_needed(self, entry: Mapping[str, Any], now: float) -> bool:
        """Whether a token that the key signed may still be good."""
        return bool(entry["until"] > now)

    def new_ec_key(self) -> dict[str, Any]:
        return dict(ECKey.generate_key("P-256", self.parameters("ES256"), private=True).as_dict(private=True))

    def new_rsa_key(self) -> str:
        return json.dumps(RSAKey.generate_key(2048, self.parameters("RS256"), private=True).as_dict(private=True))

    def parameters(self, algorithm: str) -> KeyParameters:
        return {"use": "sig", "alg": algorithm, "kid": random_base62(8)}

    def published(self) -> dict[str, Any]:
        """The JWK set (RFC 7517), public members only."""
        ring = self.ring()
        return dict(KeySet([*ring.signed, ring.following, self.offered]).as_dict(private=False))

    def public(self) -> Mapping[str, PyJWK]:
        """The keys that verify access tokens, by id."""
        return self.ring().public
