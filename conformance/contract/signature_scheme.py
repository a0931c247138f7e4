"""A signature scheme as data: how deliveries are signed, whoever invented it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from conformance import resources
from conformance.contract.document import ContractError


@dataclass(frozen=True, kw_only=True)
class Field:
    """Where a value stands: a header, perhaps as one of several separated entries with a prefix."""

    header: str
    separator: str = ""
    prefix: str = ""
    encoding: str = ""

    @classmethod
    def of(cls, value: dict[str, Any] | None) -> Field | None:
        return cls(**value) if value else None


@dataclass(frozen=True, kw_only=True)
class SignatureScheme:
    """`x-signature`: what is signed, with which key, and where the signature stands.

    Either `content` is signed and the `signature` stands in a header, or (RFC 9421) the `components` are, at least, and
    every signature has the `parameters`, at least.
    """

    title: str
    secret_encoding: str
    secret_prefix: str
    algorithm: str
    content: str  # with {id}, {timestamp} and {body}
    signature: Field | None
    components: tuple[str, ...]
    parameters: tuple[str, ...]
    id: Field | None
    timestamp: Field | None
    tolerance: float  # seconds; 0 if not declared
    overlap: float | None  # seconds for which a rotated secret goes on signing; None if not declared
    companion: SignatureScheme | None  # the scheme of the asymmetric signatures that are sent as well

    @classmethod
    def of(cls, value: dict[str, Any] | None) -> SignatureScheme | None:
        """The scheme that an `x-signature` describes, or names: `scheme: NAME` is `spec/schemes/NAME.yaml`."""
        if not value:
            return None
        scheme = value.get("scheme", "")
        whole = {**(scheme if isinstance(scheme, dict) else _named(scheme)), **value}
        secret = whole.get("secret", {})
        signature, components = Field.of(whole.get("signature")), tuple(whole.get("components", ()))
        if signature is None and not components:
            raise ContractError("x-signature must name a scheme, or say in which header the signature stands.")
        return cls(
            title=whole.get("title", "signature"),
            secret_encoding=secret.get("encoding", "text"),
            secret_prefix=secret.get("prefix", ""),
            algorithm=whole.get("algorithm", "hmac-sha256"),
            content=whole.get("content", "{body}"),
            signature=signature,
            components=components,
            parameters=tuple(whole.get("parameters", ())),
            id=Field.of(whole.get("id")),
            timestamp=Field.of(whole.get("timestamp")),
            tolerance=float(whole.get("tolerance", 0)),
            overlap=whole.get("overlap"),
            companion=cls.of({"scheme": value["asymmetric"]}) if "asymmetric" in value else None,
        )

    @property
    def asymmetric(self) -> bool:
        """A public key proves the signatures, and not a shared secret."""
        return self.algorithm == "ed25519"

    @property
    def timed(self) -> bool:
        """Deliveries bear the time of their attempt."""
        return self.timestamp is not None or "created" in self.parameters

    def unstated(self, *, rotates: bool) -> list[str]:
        """What a receiver must know and the contract does not say; `rotates`: whether secrets can be replaced."""
        lacks_tolerance, lacks_overlap = self.timed and not self.tolerance, rotates and self.overlap is None
        return ["tolerance"] * lacks_tolerance + ["overlap"] * lacks_overlap

    @property
    def bound(self) -> bool:
        """More than the body is signed."""
        return any(part in self.content for part in ("{id}", "{timestamp}")) or bool(self.components)


def _named(name: str) -> dict[str, Any]:
    if not name:
        return {}
    file = resources.spec() / "schemes" / f"{name}.yaml"
    if not file.is_file():
        raise ContractError(f"x-signature names the scheme {name}, which is not known. Describe it instead.")
    value = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return value if isinstance(value, dict) else {}
