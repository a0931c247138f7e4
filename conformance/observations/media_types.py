"""Whether the content of a reply has the media type of its Content-Type (RFC 9110, section 8.3)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from conformance.contract.operation import is_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http.messages import Reply

CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
UNICODE_TEXT = " Žluťoučký λόγος мир 言葉 😀"  # letters of one to four bytes in UTF-8

MEDIA_TYPE_SPELLINGS: dict[str, Callable[[str], str]] = {  # of one media type
    "charset": lambda media_type: f"{media_type}; charset=utf-8",
    "charset in capitals": lambda media_type: f"{media_type}; charset=UTF-8",
    "quoted": lambda media_type: f'{media_type};Charset="UTF-8"',
}


def has_wrong_media_type(reply: Reply) -> bool:
    """The reply has content of another media type than it states."""
    if not (reply.body and reply.media_type):
        return False  # nothing is said of it, which should not be (RFC 9110, section 8.3) and is not untrue
    if is_json(reply.media_type):
        return not _is_json(reply.body)
    if reply.media_type.startswith("text/"):
        charset = CHARSET.search(reply.header("Content-Type"))
        json_as_html = reply.media_type == "text/html" and isinstance(reply.json, dict | list)
        return json_as_html or not _is_text(reply.body, charset[1] if charset else "latin-1")
    return False


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
