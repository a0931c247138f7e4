"""Whether content is what its Content-Type says it is (RFC 9110, section 8.3)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from conformance.contract.operation import is_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http.messages import Reply

CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
WORLDLY = " Žluťoučký λόγος мир 言葉 😀"  # letters of one to four bytes in UTF-8

SPELLINGS: dict[str, Callable[[str], str]] = {  # of one media type
    "capitals": lambda media_type: media_type.title(),
    "charset": lambda media_type: f"{media_type}; charset=utf-8",
    "quoted": lambda media_type: f'{media_type};Charset="UTF-8"',
}


def mislabelled(reply: Reply) -> bool:
    """There is content without a label, or with one that its bytes belie."""
    if not reply.body:
        return False
    if is_json(reply.media_type):
        return not _is_json(reply.body)
    if reply.media_type.startswith("text/"):
        written = CHARSET.search(reply.header("Content-Type"))
        html = reply.media_type == "text/html" and isinstance(reply.json, dict | list)
        return html or not _is_text(reply.body, written[1] if written else "latin-1")
    return not reply.media_type


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return False
    return True


def _is_text(body: bytes, charset: str) -> bool:
    try:
        body.decode(charset)
    except (ValueError, LookupError):
        return False
    return True
