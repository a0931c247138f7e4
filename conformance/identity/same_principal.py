"""Whether two accounts are the same principal, or of the same tenant, as far as their credentials tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.errors import BlockedError, UntestableError
from conformance.http.messages import Request
from conformance.identity.compact_jwt import unverified_claims

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.contract.operation import Operation
    from conformance.identity.accounts import Account


def shared_identity(one: Account, other: Account, operations: Sequence[Operation]) -> str:
    """What both accounts have in common: a credential, subject, client or user, in words; empty if nothing."""
    if one.source.principal and other.source.principal:
        return one.source.principal if one.source.principal == other.source.principal else ""
    pairs = [(_credential(one, each), _credential(other, each)) for each in operations if each.secured]
    presented = [(mine, theirs) for mine, theirs in pairs if mine and theirs]
    if presented and all(mine == theirs for mine, theirs in presented):
        return "credential"
    first, second = claims_of(one), claims_of(other)
    same = first.get("sub") and (first.get("iss"), first["sub"]) == (second.get("iss"), second.get("sub"))
    return f"subject {first['sub']}" if same else ""


def require_two_principals(one: Account, other: Account, operations: Sequence[Operation]) -> None:
    """Raises BlockedError if both accounts are the same principal, since access of one then says nothing of others."""
    same = shared_identity(one, other, operations)
    if same:
        raise BlockedError(
            f"[identities.{one.name}] and [identities.{other.name}] have the same {same}, so neither is a stranger to "
            "the other. Give each its own.",
            blame="configuration",
        )


def require_told_apart(one: Account, other: Account, operation: Operation) -> None:
    """Raises UntestableError if both show the operation the same credentials, such as the key of one application."""
    if shared_identity(one, other, [operation]) == "credential":
        raise UntestableError(
            f"{operation.id} takes no credential by which {one.name} and {other.name} differ, so to it neither is a "
            "stranger.",
        )


def require_two_tenants(one: Account, other: Account, operation: Operation) -> None:
    """Raises UntestableError if the operation's objects are shared by a tenant, and the two may be of one tenant."""
    if not of_two_tenants(one, other, operation):
        raise UntestableError(
            f"needs {one.name} and {other.name} to be of two tenants. Say so with tenant = in "
            f"[identities.{one.name}] and [identities.{other.name}].",
        )


def of_two_tenants(one: Account, other: Account, operation: Operation) -> bool:
    """The operation's objects are not shared by a tenant, or the accounts are known to be of two tenants."""
    shared = operation.ownership.declared and operation.ownership.visibility == "tenant"
    return not shared or bool(one.tenant and other.tenant and one.tenant != other.tenant)


def claims_of(account: Account) -> dict[str, Any]:
    """The claims of the account's token; empty if it has none, or an opaque one."""
    try:
        return unverified_claims(account.token)
    except UntestableError:
        return {}


def _credential(account: Account, operation: Operation) -> tuple[Any, ...]:
    """Path, fields and certificate of a request with the account's credentials; empty if it has none that are fit."""
    bare = Request(method=operation.method, path=operation.path, operation=operation.id)
    try:
        sent = account.authenticated(bare)
    except UntestableError:
        return ()
    shown, nothing = (sent.path, sent.headers, sent.certificate), (bare.path, bare.headers, bare.certificate)
    return () if shown == nothing else shown
