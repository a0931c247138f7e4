"""Expected replies of an authorization server's endpoints."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from conformance.judgement.expectation import Expectation

if TYPE_CHECKING:
    from conformance.http.messages import Reply

inactive_token = Expectation("active false", lambda reply: reply.success and reply.member("active") is False)
untold_token = Expectation(
    "active false and nothing else, or refused", lambda reply: reply.refused or reply.json == {"active": False}
)


def no_token(*errors: str) -> Expectation:
    """A refusal of the token endpoint, with one of these errors if any are named (RFC 6749, section 5.2)."""
    return Expectation(
        "a refusal without a token" + (f", error {' or '.join(errors)}" if errors else ""),
        lambda reply: (
            reply.refused
            and reply.member("access_token") is None
            and (not errors or str(reply.member("error")) in errors)
        ),
    )


def granting_within(scopes: frozenset[str]) -> Expectation:
    """A refusal with invalid_scope, or a token whose `scope` member names none but these (RFC 6749, section 5.1)."""

    def holds(reply: Reply) -> bool:
        if reply.success:
            given = reply.member("scope")
            return isinstance(given, str) and scopes.issuperset(given.split())
        return reply.status == HTTPStatus.BAD_REQUEST and reply.member("error") == "invalid_scope"

    return Expectation(f"invalid_scope, or a token with a scope within {' '.join(sorted(scopes))}", holds)


# RFC 6749 section 5.2 and RFC 8707 section 2.
OAUTH_ERRORS = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_target",
}
ERROR_DESCRIPTION = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]*")

oauth_error = Expectation(
    "400 or 401 as application/json with a registered error code (RFC 6749 section 5.2)",
    lambda reply: (
        reply.status in {400, 401}
        and reply.media_type == "application/json"
        and str(reply.member("error")) in OAUTH_ERRORS
        and ERROR_DESCRIPTION.fullmatch(str(reply.member("error_description") or "")) is not None
    ),
)
