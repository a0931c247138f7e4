"""Header fields in which gateways tell services who is calling, and whom, as clients may forge them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account

IDENTITY = (
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
POWERS = (
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

OTHER_HOST = "elsewhere.invalid"
HOSTS = {
    "Host": OTHER_HOST,
    "X-Forwarded-Host": OTHER_HOST,
    "X-Forwarded-Server": OTHER_HOST,
    "X-Original-Host": OTHER_HOST,
    "Forwarded": f"host={OTHER_HOST};proto=https",
}


def is_misled(reply: Reply) -> bool:
    """The answer is no refusal of the request, and names the host that the client made up."""
    return not 400 <= reply.status < 500 and OTHER_HOST in reply.whole.lower()


def claiming_identity(request: Request, account: Account) -> Request:
    """The request with every such field saying that this account is calling."""
    for name in IDENTITY:
        request = request.with_header(name, account.subject or account.name)
    return request


def claiming_powers(request: Request, account: Account) -> Request:
    """The request with every such field saying that the caller has all scopes of this account."""
    for name in POWERS:
        request = request.with_header(name, " ".join(sorted(account.scopes)))
    return claiming_identity(request, account)
