"""Whether two accounts are one and the same principal, as far as their credentials tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.errors import BlockedError, UntestableError
from conformance.http.messages import Request
from conformance.identity.forged_tokens import decoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.contract.operation import Operation
    from conformance.identity.accounts import Account

MOST = 8  # operations whose credentials are compared


def shared_identity(one: Account, other: Account, operations: Sequence[Operation]) -> str:
    """What shows that the two are one: the same credential, subject, client or user; empty if nothing does."""
    if one.source.principal and other.source.principal:
        return one.source.principal if one.source.principal == other.source.principal else ""
    secured = [operation for operation in operations if operation.secured][:MOST]
    if any(_credential(one, each) and _credential(one, each) == _credential(other, each) for each in secured):
        return "credential"
    mine, others = claims_of(one), claims_of(other)
    alike = mine.get("sub") and (mine.get("iss"), mine["sub"]) == (others.get("iss"), others.get("sub"))
    return f"subject {mine['sub']}" if alike else ""


def require_two_principals(one: Account, other: Account, operations: Sequence[Operation]) -> None:
    """Raises BlockedError if the two are one: what one of them can do would then say nothing of strangers."""
    same = shared_identity(one, other, operations)
    if same:
        raise BlockedError(
            f"[identities.{one.name}] and [identities.{other.name}] have the same {same}, so neither is a stranger to "
            "the other. Give each its own.",
            blame="configuration",
        )


def require_two_tenants(one: Account, other: Account, operation: Operation) -> None:
    """Raises UntestableError unless the two are strangers with regard to what the operation is about."""
    if not of_two_tenants(one, other, operation):
        raise UntestableError(
            f"needs {one.name} and {other.name} to be of two tenants. Say so with tenant = in "
            f"[identities.{one.name}] and [identities.{other.name}].",
        )


def of_two_tenants(one: Account, other: Account, operation: Operation) -> bool:
    """What the operation is about is nothing that a tenant shares, or the two are known to be of two tenants."""
    shared = operation.ownership.declared and operation.ownership.visibility == "tenant"
    return not shared or bool(one.tenant and other.tenant and one.tenant != other.tenant)


def claims_of(account: Account) -> dict[str, Any]:
    """What the account's token says; empty if it has none or if that is opaque."""
    try:
        value = json.loads(decoded(account.token.split(".")[1]))
    except (UntestableError, IndexError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _credential(account: Account, operation: Operation) -> tuple[Any, ...]:
    """What the account adds to a request; empty if it lacks what the operation asks for."""
    bare = Request(method=operation.method, path=operation.path, operation=operation.id)
    try:
        sent = account.authorised(bare)
    except UntestableError:
        return ()
    return () if (sent.path, sent.headers) == (bare.path, bare.headers) else (sent.path, sent.headers)
