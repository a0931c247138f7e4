"""Forged header fields: those in which gateways and proxies pass identity, scopes and host on to services."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account

IDENTITY_FIELDS = (
    "X-User-Id",
    "X-User",
    "X-Userinfo",
    "X-Forwarded-User",
    "X-Authenticated-User",
    "X-Authenticated-Userid",
    "X-Auth-Request-User",
    "X-Remote-User",
    "Remote-User",
    "X-Consumer-Username",
    "X-Client-Id",
    "X-Tenant-Id",
    "X-Account-Id",
    "X-Principal",
    "X-Subject",
    "X_User_Id",
)
SCOPE_FIELDS = (
    "X-Scope",
    "X-Scopes",
    "X-Authenticated-Scope",
    "X-OAuth-Scopes",
    "X-Roles",
    "X-User-Roles",
    "X-Auth-Request-Groups",
    "X-Forwarded-Groups",
    "X_Scopes",
)

FORGED_HOST = "elsewhere.invalid"
SHOWN_AROUND = 40  # characters before and after it
PROXY_FIELDS = {
    "X-Forwarded-Host": FORGED_HOST,
    "X-Forwarded-Server": FORGED_HOST,
    "X-Original-Host": FORGED_HOST,
    "Forwarded": f"host={FORGED_HOST};proto=https",
}


def reflected_host(reply: Reply) -> str:
    """Where the reply shows the host that the client made up, with what is around it; "" if it refuses, or does not."""
    if 400 <= reply.status < 500:
        return ""
    fields = [f"{name}: {value}" for name, value in reply.headers]
    return next((_around(text) for text in (*fields, reply.text) if FORGED_HOST in text.lower()), "")


def _around(text: str) -> str:
    place = text.lower().index(FORGED_HOST)
    start, end = max(0, place - SHOWN_AROUND), place + len(FORGED_HOST) + SHOWN_AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def with_forged_host(request: Request) -> Request:
    """The request with a forged host in Host."""
    return request.with_header("Host", FORGED_HOST)


def with_forged_proxy_fields(request: Request) -> Request:
    """The request with the same forged host in all of the PROXY_FIELDS."""
    for name, value in PROXY_FIELDS.items():
        request = request.with_header(name, value)
    return request


FORGERIES = (with_forged_host, with_forged_proxy_fields)


def with_forged_identity(request: Request, account: Account) -> Request:
    """The request with each of the IDENTITY_FIELDS naming this account as the caller."""
    for name in IDENTITY_FIELDS:
        request = request.with_header(name, account.subject or account.name)
    return request


def with_forged_scopes(request: Request, account: Account) -> Request:
    """The request with each of the SCOPE_FIELDS listing all scopes of this account, and with the IDENTITY_FIELDS."""
    for name in SCOPE_FIELDS:
        request = request.with_header(name, " ".join(sorted(account.scopes)))
    return with_forged_identity(request, account)
