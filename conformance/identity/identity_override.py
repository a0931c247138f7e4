"""Requests that name another user in fields, parameters or members from which a server may take the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.http.messages import Request
    from conformance.identity.accounts import Account

MEMBERS = ("owner", "owner_id", "ownerId", "user", "user_id", "userId", "tenant", "tenant_id", "tenantId", "account_id")
HEADERS = ("X-User-Id", "X-User", "X-Owner", "X-Tenant-Id", "X-Account-Id", "X-Forwarded-User", "X-Remote-User")


def by_header(request: Request, other: Account) -> list[Request]:
    """The request once for each of the HEADERS, which names the other account."""
    return [request.with_header(name, identifier_of(other)) for name in HEADERS]


def by_query(request: Request, other: Account) -> list[Request]:
    """The request once for each query parameter, which names the other account."""
    return [request.with_query(**{name: identifier_of(other)}) for name in (*MEMBERS, "owner[]", "sub")]


def by_member(request: Request, other: Account) -> list[Request]:
    """The request once for each of the MEMBERS of its body; none if the body is no JSON object."""
    return [request.with_members(**{name: identifier_of(other)}) for name in MEMBERS] if request.json else []


def identifier_of(account: Account) -> str:
    """The subject of the account's tokens; the account's name where the suite does not know the subject."""
    return account.subject or account.name
