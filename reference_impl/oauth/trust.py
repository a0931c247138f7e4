"""Whose tokens are accepted, and the keys of each issuer."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import urllib3
from jwt import PyJWK
from jwt.exceptions import PyJWTError

if TYPE_CHECKING:
    from reference_impl.domain.clock import Clock
    from reference_impl.oauth.keys import SigningKeys

KeySet = Mapping[str, PyJWK]


class UnknownKeyError(Exception):
    """No key of that id belongs to the issuer, or its keys cannot be had."""


class Discovery:
    """Fetches the keys of an issuer that the operator trusts (OpenID Connect Discovery 1.0)."""

    path = "/.well-known/openid-configuration"
    timeout = 5.0  # seconds
    limit = 1 << 20  # bytes

    def __init__(self) -> None:
        self._http = urllib3.PoolManager(retries=False)

    def fetch(self, issuer: str) -> KeySet:
        """The issuer's keys by id; raises `UnknownKeyError` if they cannot be had."""
        metadata = self.document(issuer.rstrip("/") + self.path)
        if metadata.get("issuer") != issuer or not isinstance(metadata.get("jwks_uri"), str):
            raise UnknownKeyError(issuer)
        listed = self.document(metadata["jwks_uri"]).get("keys")
        return usable(listed if isinstance(listed, list) else [])

    def document(self, url: str) -> Mapping[str, Any]:
        try:
            response = self._http.request("GET", url, redirect=False, timeout=self.timeout, preload_content=False)
            try:
                document = json.loads(response.read(self.limit)) if response.status == HTTPStatus.OK else None
            finally:
                response.release_conn()
        except (urllib3.exceptions.HTTPError, ValueError, RecursionError) as error:
            raise UnknownKeyError(url) from error
        if not isinstance(document, dict):
            raise UnknownKeyError(url)
        return document


def usable(listed: list[Any]) -> KeySet:
    """The public signing keys of a JWK set by id; what is of no use is passed over."""
    keys = {}
    for key in listed:
        if isinstance(key, dict) and key.get("use", "sig") == "sig" and isinstance(key.get("kid"), str):
            try:
                keys[key["kid"]] = PyJWK(key)
            except (PyJWTError, ValueError, TypeError):
                continue
    return keys


@dataclass
class Cached:
    """The keys of one issuer, and when they were fetched."""

    keys: KeySet = field(default_factory=dict)
    fetched_at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)


class KeyCache:
    """Keeps the keys of issuers for a while."""

    def __init__(self, discovery: Discovery, clock: Clock, lifetime: float, cooldown: float) -> None:
        self.discovery = discovery
        self.clock = clock
        self.lifetime = lifetime  # seconds that a key set is kept
        self.cooldown = cooldown  # seconds between two fetches because of unknown keys
        self._cached: defaultdict[str, Cached] = defaultdict(Cached)

    def keys(self, issuer: str) -> KeySet:
        """The keys, fetched again when they are too old."""
        return self._fetched_within(issuer, self.lifetime)

    def newest(self, issuer: str) -> KeySet:
        """The keys fetched again, but not more often than once in `cooldown`."""
        return self._fetched_within(issuer, self.cooldown)

    def _fetched_within(self, issuer: str, age: float) -> KeySet:
        cached = self._cached[issuer]
        with cached.lock:
            if self.clock.seconds() - cached.fetched_at >= age:
                cached.keys = self.discovery.fetch(issuer)
                cached.fetched_at = self.clock.seconds()
            return cached.keys


class TrustedIssuers:
    """Our own issuer, and those that the operator named; no token adds one."""

    def __init__(self, own: str, signing_keys: SigningKeys, others: tuple[str, ...], cache: KeyCache) -> None:
        self.own = own
        self.signing_keys = signing_keys
        self.names = frozenset({own, *others})
        self.cache = cache

    def key(self, issuer: str, key_id: str | None) -> PyJWK:
        """The key of that issuer; raises `UnknownKeyError` if it has none of that id."""
        if issuer == self.own:
            return self.choose(self.signing_keys.public(), key_id)
        try:
            return self.choose(self.cache.keys(issuer), key_id)
        except UnknownKeyError:
            return self.choose(self.cache.newest(issuer), key_id)

    def choose(self, keys: KeySet, key_id: str | None) -> PyJWK:
        """The key of that id; a token without one means the only key that there is."""
        if key_id is None and len(keys) == 1:
            return next(iter(keys.values()))
        if key_id is None or key_id not in keys:
            raise UnknownKeyError(key_id)
        return keys[key_id]
