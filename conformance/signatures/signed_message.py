"""What the forms of signature have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class SignedMessage(Protocol):
    """A delivery as far as it can be signed; header names in lower case, the URL as it was registered."""

    @property
    def method(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class SignatureEntry:
    """One signature of a delivery, and what it may have been made for.

    `content`: all that the scheme signs; None if the signature says itself that it covers less.
    `lesser`: what a signature would cover that leaves a part out.
    """

    value: bytes
    content: bytes | None
    partial_contents: tuple[bytes, ...] = ()
    timestamp: str = ""
    expires: int | None = None  # seconds since the epoch
    keyid: str = ""
