"""A first look at the target: can it be judged at all?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.target.errors import BlockedError
from conformance.target.messages import Request

if TYPE_CHECKING:
    from conformance.engine.session import Session


def preflight(session: Session) -> str:
    """Why the target cannot be judged, in a sentence; empty if it can."""
    path = session.configuration.target.ready or "/"
    try:
        reply = session.client.exchange(Request(method="GET", path=path, headers=(("Accept", "*/*"),)))
    except BlockedError as error:
        return str(error)
    del reply
    return ""
