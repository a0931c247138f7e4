"""HTTP Message Signatures (RFC 9421), whose fields name the components that each signature covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import http_sf
from http_message_signatures import HTTPMessageSignaturesException, HTTPSignatureComponentResolver
from http_sf.compat import Item

from conformance.signatures.content_digest import matches, members
from conformance.signatures.header_scheme import HeaderScheme
from conformance.signatures.registered_keys import signature_size
from conformance.signatures.signed_message import SignatureEntry

if TYPE_CHECKING:
    from conformance.contract.signature_scheme import SignatureScheme
    from conformance.signatures.signed_message import SignedMessage

Members = dict[str, Any]  # a structured field of the type dictionary
INPUT, SIGNATURE, DIGEST = "signature-input", "signature", "content-digest"
PARAMETER_TYPES = {"created": int, "expires": int, "keyid": str, "nonce": str, "tag": str, "alg": str}


@dataclass(frozen=True)
class MessageScheme:
    """Reads the fields Signature-Input and Signature, and builds the signature base of each signature."""

    scheme: SignatureScheme

    @property
    def headers(self) -> frozenset[str]:
        """The field of the id alone: Dictionaries may be spread over several field lines (RFC 9651 §4.2)."""
        return HeaderScheme(self.scheme).headers

    def entries(self, delivery: SignedMessage) -> list[SignatureEntry]:
        inputs, values = (members(delivery.headers.get(name, "")) for name in (INPUT, SIGNATURE))
        labels = [label for label in inputs if label in values and isinstance(values[label][0], bytes)]
        found = [self._entry(delivery, inputs[label], values[label][0]) for label in labels]
        return [entry for entry in found if entry is not None]

    def id(self, delivery: SignedMessage) -> str:
        return HeaderScheme(self.scheme).id(delivery)

    def timestamps(self, delivery: SignedMessage) -> list[str]:
        """The `created` parameters of the signatures that cover all that the scheme signs."""
        return [entry.timestamp for entry in self.entries(delivery) if entry.content is not None]

    def complete(self, delivery: SignedMessage) -> bool:
        return HeaderScheme(self.scheme).complete(delivery)

    def well_formed(self, delivery: SignedMessage) -> bool:
        """Whether there is an id, and a signature of the right size that covers all that the scheme signs."""
        whole = [entry for entry in self.entries(delivery) if entry.content is not None]
        return self.complete(delivery) and any(
            len(entry.value) == signature_size(self.scheme.algorithm) for entry in whole
        )

    def _entry(self, delivery: SignedMessage, member: tuple[Any, Members], value: bytes) -> SignatureEntry | None:
        """The signature under one label; None if it is malformed or of another algorithm."""
        components, parameters = member
        base = signature_base(delivery, components, parameters)
        if base is None or parameters.get("alg", self.scheme.algorithm) != self.scheme.algorithm:
            return None
        whole = self._covers_everything(components, parameters)
        return SignatureEntry(
            value=value,
            content=base if whole and self._digest_matches(delivery) else None,
            partial_contents=() if whole else (base,),
            timestamp=str(parameters.get("created", "")),
            expires=parameters.get("expires"),
            keyid=parameters.get("keyid", ""),
        )

    def _covers_everything(self, components: list[tuple[Any, Members]], parameters: Members) -> bool:
        """Whether all components and parameters of the scheme are covered; `sf` and `bs` cover a whole field too."""
        covered = {name for name, chosen in components if not set(chosen) - {"sf", "bs"}}
        return covered.issuperset(self.scheme.components) and parameters.keys() >= set(self.scheme.parameters)

    def _digest_matches(self, delivery: SignedMessage) -> bool:
        return DIGEST not in self.scheme.components or matches(delivery.headers.get(DIGEST, ""), delivery.body)


def signature_base(delivery: SignedMessage, components: Any, parameters: Members) -> bytes | None:
    """The signature base (RFC 9421 §2.5); None if it cannot be built."""
    if not isinstance(components, list) or not all(isinstance(name, str) for name, _ in components):
        return None
    if any(type(value) is not PARAMETER_TYPES.get(name, type(value)) for name, value in parameters.items()):
        return None
    try:
        lines = {http_sf.ser(component): _value(delivery, *component) for component in components}
        lines['"@signature-params"'] = http_sf.ser([(components, parameters)])
    except (HTTPMessageSignaturesException, ValueError, TypeError):
        return None
    repeated = len(lines) <= len(components)
    return None if repeated else "\n".join(f"{name}: {value}" for name, value in lines.items()).encode()


def _value(delivery: SignedMessage, name: str, parameters: Members) -> str:
    item = Item(name)
    item.params.update(parameters)
    return str(HTTPSignatureComponentResolver(delivery).resolve(item))
