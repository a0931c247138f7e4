"""Whether two accounts are one and the same principal, as far as their credentials tell."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from conformance.instruments.forging import decoded
from conformance.target.errors import BlockedError, UntestableError
from conformance.target.messages import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.contract.operation import Operation
    from conformance.instruments.identities import Account

MOST = 8  # operations whose credentials are compared


def sameness(one: Account, other: Account, operations: Sequence[Operation]) -> str:
    """What shows that the two are one: the same credential, client or subject; empty if nothing does."""
    if one.subject and other.subject:
        return f"subject {one.subject}" if one.subject == other.subject else ""
    secured = [operation for operation in operations if operation.secured][:MOST]
    if any(_credential(one, each) and _credential(one, each) == _credential(other, each) for each in secured):
        return "credential"
    if client_of(one) and client_of(one) == client_of(other):
        return f"client {client_of(one)}"
    mine, others = claims_of(one), claims_of(other)
    if mine.get("sub") and (mine.get("iss"), mine["sub"]) == (others.get("iss"), others.get("sub")):
        return f"subject {mine['sub']}"
    return ""


def insist_on_two(one: Account, other: Account, operations: Sequence[Operation]) -> None:
    """Raises BlockedError if the two are one: what one of them can do would then say nothing of strangers."""
    same = sameness(one, other, operations)
    if same:
        raise BlockedError(
            f"[identities.{one.name}] and [identities.{other.name}] have the same {same}, so neither is a stranger to "
            "the other. Give each its own.",
            blame="configuration",
        )


def claims_of(account: Account) -> dict[str, Any]:
    """What the account's token says; empty if it has none or if that is opaque."""
    try:
        value = json.loads(decoded(account.token.split(".")[1]))
    except (UntestableError, IndexError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def client_of(account: Account) -> str:
    """The id of the client whose credentials the account has; empty if it has none."""
    try:
        return base64.b64decode(account.source.basic()).decode("utf-8", "replace").partition(":")[0]
    except UntestableError:
        return ""


def _credential(account: Account, operation: Operation) -> tuple[Any, ...]:
    """What the account adds to a request; empty if it lacks what the operation asks for."""
    bare = Request(method=operation.method, path=operation.path, operation=operation.id)
    try:
        sent = account.authorised(bare)
    except UntestableError:
        return ()
    return () if (sent.path, sent.headers) == (bare.path, bare.headers) else (sent.path, sent.headers)
