"""Whether caches may store a reply (RFC 9111)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.http.messages import Reply

NOT_SHARED = {"no-store", "private", "no-cache"}  # shared caches keep nothing, or ask before they give it


def directives(reply: Reply) -> dict[str, str]:
    """The directives of Cache-Control with their arguments (empty if none), in lower case."""
    parts = [part.strip().partition("=") for part in reply.header("Cache-Control").lower().split(",")]
    return {name.strip(): value.strip().strip('"') for name, _, value in parts if name.strip()}


def is_shareable(reply: Reply) -> bool:
    """A shared cache may reuse the reply for other users, although the request was authenticated (section 3.5)."""
    found = directives(reply)
    if NOT_SHARED & set(found):
        return False
    lifetime = found.get("s-maxage", found.get("max-age", ""))
    if "public" in found or "s-maxage" in found:
        return lifetime != "0"
    return "must-revalidate" in found and lifetime not in {"", "0"}


def is_storable(reply: Reply) -> bool:
    """A cache may keep the reply: it is to a reading, or says where else its content can be read and for how long.

    The latter is what a reply to POST needs (RFC 9110, section 9.3.3).
    """
    found = directives(reply)
    if "no-store" in found:
        return False
    if reply.request.method in {"GET", "HEAD"}:
        return True
    lifetime = found.get("s-maxage", found.get("max-age", reply.header("Expires")))
    return lifetime not in {"", "0"} and bool(reply.header("Content-Location"))
