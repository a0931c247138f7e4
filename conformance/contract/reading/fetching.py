"""The text at a location."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

import requests

from conformance.contract.document import ContractError
from conformance.contract.reading.location import Text

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.contract.reading.location import Location

SECONDS = 20  # for each answer
LARGEST = 100_000_000  # bytes


def fetched(where: Location, *, what: str = "contract") -> Text:
    """The text at a location. Raises ContractError."""
    return _from_url(where, what) if isinstance(where, str) else _from_disk(where, what)


def _from_disk(path: Path, what: str) -> Text:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ContractError(f"There is no {what} at {path}. Check the path.") from None
    except OSError as error:
        raise ContractError(f"The {what} at {path} cannot be read: {error.strerror}. Name a file.") from None
    return Text(shown=str(path), content=_text(content, str(path)), json=path.suffix == ".json")


def _from_url(url: str, what: str) -> Text:
    """The answer of the host that was named: nobody else is asked, so redirects are not followed."""
    accepted = {"Accept": "application/json, application/yaml, */*;q=0.5"}
    try:
        with requests.get(url, headers=accepted, timeout=SECONDS, allow_redirects=False, stream=True) as reply:
            content = reply.raw.read(LARGEST + 1, decode_content=True)
            status, kind, target = (
                reply.status_code,
                reply.headers.get("Content-Type", ""),
                reply.headers.get("Location"),
            )
    except (requests.RequestException, OSError) as error:
        raise ContractError(f"The {what} at {url} cannot be read: {_reason(error)}. Check the URL.") from None
    if target and 300 <= status < 400:
        raise ContractError(f"The {what} at {url} has moved to {urljoin(url, target)}. Name that URL.")
    if status != 200:
        raise ContractError(f"The {what} at {url} cannot be read: the answer is {status}. Save it, and name the file.")
    if len(content) > LARGEST:
        raise ContractError(f"The document at {url} is longer than {LARGEST // 10**6} MB. Is it the right one?")
    return Text(shown=url, content=_text(content, url), json="json" in kind)


def _reason(error: Exception) -> str:
    cause: BaseException = error
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__ or cause
    told = getattr(cause, "strerror", None) or str(cause)
    return " ".join(str(told).split()) or type(error).__name__


def _text(content: bytes, shown: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ContractError(f"{shown}:{line}: this is not text in UTF-8. Give a YAML or JSON file.") from None
