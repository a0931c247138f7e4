"""What all signature schemes have in common: a signed message, and its signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class SignedMessage(Protocol):
    """The parts of a delivery that can be signed; header names in lower case, the URL as it was registered."""

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
    """One signature of a delivery, and the bytes that it may be a signature of.

    `content`: all that the scheme signs; None if the signature itself names fewer components.
    `partial_contents`: the same without the id, the timestamp, or both; signatures of these are wrong.
    """

    value: bytes
    content: bytes | None
    partial_contents: tuple[bytes, ...] = ()
    timestamp: str = ""
    expires: int | None = None  # seconds since the epoch
    keyid: str = ""
