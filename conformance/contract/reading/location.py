"""Where a document is, a file or a URL, and the text that is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urljoin, urlsplit

from conformance.contract.document import ContractError

Location: TypeAlias = Path | str  # a file, or an http(s) URL


def location(text: str) -> Location:
    """What somebody names: a URL if it begins as one, else a path."""
    return text if is_url(text) else Path(text)


def is_url(text: str) -> bool:
    """It is absolute, and of HTTP."""
    return text.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, kw_only=True)
class Text:
    """A document as it was written. `shown` is its location as users know it."""

    shown: str
    content: str
    json: bool  # it says that it is JSON, by the end of its name or its media type

    @cached_property
    def begins_as_json(self) -> bool:
        return self.json or self.content.lstrip()[:1] == "{"


def referred(base: Location, reference: str) -> Location:
    """Where a reference without its fragment leads from a document. Raises ContractError if that is not read."""
    if isinstance(base, Path):
        if "://" in reference:
            raise ContractError(
                f"the contract refers to {reference}, and a contract on disk is read from disk only. "
                "Save that document beside it and refer to the file.",
            )
        return (base.parent / unquote(reference)).resolve()
    url = urljoin(base, reference)
    if urlsplit(url)[:2] != urlsplit(base)[:2]:
        raise ContractError(
            f"the contract refers to {reference}, which is on another host than the contract, and only the host that "
            "was named is asked. Save both beside each other and give the file.",
        )
    return url
