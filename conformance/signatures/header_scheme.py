"""Signatures in header fields of the scheme's own, as in Standard Webhooks, GitHub and Stripe."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.signatures.registered_keys import decoded, signature_size
from conformance.signatures.signed_message import SignatureEntry

if TYPE_CHECKING:
    from conformance.contract.signature_scheme import Field, SignatureScheme
    from conformance.signatures.signed_message import SignedMessage


@dataclass(frozen=True)
class HeaderScheme:
    """Reads id, timestamp and signatures from the header fields that the scheme names."""

    scheme: SignatureScheme

    @property
    def headers(self) -> frozenset[str]:
        fields = (self.scheme.id, self.scheme.timestamp, self.scheme.signature)
        return frozenset(field.header.lower() for field in fields if field is not None)

    def entries(self, delivery: SignedMessage) -> list[SignatureEntry]:
        whole = self.scheme.content
        partial = [template for template in _partial_templates(whole) if template != whole]
        return [
            SignatureEntry(
                value=value,
                content=self._filled(whole, delivery),
                partial_contents=tuple(self._filled(template, delivery) for template in partial),
                timestamp=next(iter(self.timestamps(delivery)), ""),
            )
            for text in _values(self.scheme.signature, delivery)
            if (value := self._decoded(text)) is not None
        ]

    def id(self, delivery: SignedMessage) -> str:
        return next(iter(_values(self.scheme.id, delivery)), "")

    def timestamps(self, delivery: SignedMessage) -> list[str]:
        return _values(self.scheme.timestamp, delivery)

    def complete(self, delivery: SignedMessage) -> bool:
        """Whether id and timestamp, as far as the scheme has them, are there exactly once."""
        fields = [field for field in (self.scheme.id, self.scheme.timestamp) if field is not None]
        return all(len(_values(field, delivery)) == 1 for field in fields)

    def well_formed(self, delivery: SignedMessage) -> bool:
        values = [self._decoded(text) for text in _values(self.scheme.signature, delivery)]
        sizes = {len(value or b"") for value in values}
        return self.complete(delivery) and sizes == {signature_size(self.scheme.algorithm)}

    def _decoded(self, text: str) -> bytes | None:
        return decoded(text, self.scheme.signature.encoding if self.scheme.signature else "")

    def _filled(self, template: str, delivery: SignedMessage) -> bytes:
        identifier, timestamp = self.id(delivery).encode(), next(iter(self.timestamps(delivery)), "").encode()
        before, placeholder, after = template.encode().partition(b"{body}")
        filled = [part.replace(b"{id}", identifier).replace(b"{timestamp}", timestamp) for part in (before, after)]
        return filled[0] + (delivery.body if placeholder else b"") + filled[1]


def _partial_templates(whole: str) -> list[str]:
    """The template without the id, without the timestamp, and reduced to the body."""
    return [_without(whole, part) for part in ("{id}", "{timestamp}") if part in whole] + ["{body}"]


def _without(template: str, part: str) -> str:
    """The template without a placeholder and the separator after it."""
    return re.sub(re.escape(part) + r"[^{]?", "", template)


def _values(field: Field | None, delivery: SignedMessage) -> list[str]:
    if field is None:
        return []
    text = delivery.headers.get(field.header.lower(), "")
    parts = text.split(field.separator) if field.separator else [text]
    return [part.removeprefix(field.prefix) for part in parts if part and part.startswith(field.prefix)]
