"""Things that a reply is equal to, or not; their `repr` is what the report shows as expected."""

from __future__ import annotations

from http import HTTPStatus
import re
from typing import TYPE_CHECKING, Any

from conformance.target.messages import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.operation import Operation


class Expectation:
    """A described set of replies: `reply == expectation` says whether the reply is one of them."""

    def __init__(self, words: str, holds: Callable[[Reply], bool]) -> None:
        self._words = words
        self._holds = holds

    def __eq__(self, reply: object) -> bool:
        return isinstance(reply, Reply) and self._holds(reply)

    __hash__ = None  # type: ignore

    def __repr__(self) -> str:
        return self._words

    def __and__(self, other: Expectation) -> Expectation:
        return Expectation(f"{self!r}, {other!r}", lambda reply: reply == self and reply == other)


refused = Expectation("refused (4xx, or a redirect elsewhere)", lambda reply: reply.refused)
success = Expectation("a 2xx answer", lambda reply: reply.success)
no_server_error = Expectation("no 5xx", lambda reply: reply.status < 500)


def essence(reply: Reply) -> tuple[int, str, Any]:
    """What an answer says apart from the exchange that carries it: status, Location, and the body (JSON by its value)."""
    return (reply.status, reply.header("Location"), reply.body if reply.json is None else reply.json)


def replay_of(first: Reply) -> Expectation:
    """The first answer once more."""
    return Expectation(f"the first answer again, {first!r}", lambda reply: essence(reply) == essence(first))


def status(*wanted: int) -> Expectation:
    """An answer with one of these statuses."""
    return Expectation(" or ".join(map(str, wanted)), lambda reply: reply.status in wanted)


def problem(*wanted: int, **members: Any) -> Expectation:
    """A problem document (RFC 9457) with one of these statuses and these members."""
    return Expectation(
        " or ".join(map(str, wanted)) + " as application/problem+json" + (f" with {members}" if members else ""),
        lambda reply: (
            reply.status in wanted
            and reply.media_type == "application/problem+json"
            and all(reply.member(name) == value for name, value in members.items())
        ),
    )


def no_token(*errors: str) -> Expectation:
    """A refusal of the token endpoint, with one of these errors if any are named (RFC 6749, section 5.2)."""
    return Expectation(
        "a refusal without a token" + (f", error {' or '.join(errors)}" if errors else ""),
        lambda reply: (
            reply.refused and reply.member("access_token") is None and (not errors or reply.member("error") in errors)
        ),
    )


def challenge(scheme: str, **attributes: str) -> Expectation:
    """A WWW-Authenticate challenge of this scheme with these attributes (RFC 9110, section 11.6.1)."""
    wanted = ", ".join(f'{name}="{value}"' for name, value in attributes.items())
    return Expectation(
        f"WWW-Authenticate: {scheme} {wanted}".rstrip(),
        lambda reply: any(
            known.lower() == scheme.lower() and attributes.items() <= found.items()
            for known, found in challenges(reply.header("WWW-Authenticate"))
        ),
    )


def challenges(field: str) -> list[tuple[str, dict[str, str]]]:
    """The challenges of a WWW-Authenticate field: scheme and attributes (names in lower case)."""
    found: list[tuple[str, dict[str, str]]] = []
    for part in _split(field):
        head, equals, value = part.partition("=")
        words = head.split()
        if len(words) == 2 or not equals:
            found.append((words[0] if words else "", {}))
        if equals and found and words:
            found[-1][1][words[-1].lower()] = _unquoted(value.strip())
    return found


def _split(field: str) -> list[str]:
    """The comma-separated parts of a field; commas within quotes do not separate."""
    parts, quoted, current, escaped = [], False, "", False
    for character in field:
        if character == "," and not quoted:
            parts.append(current.strip())
            current = ""
            continue
        quoted ^= character == '"' and not escaped
        escaped = character == "\\" and not escaped
        current += character
    return [part for part in [*parts, current.strip()] if part]


def _unquoted(value: str) -> str:
    return value[1:-1].replace('\\"', '"') if len(value) > 1 and value[0] == value[-1] == '"' else value


def refusal(operation: Operation, *wanted: int) -> Expectation:
    """A refusal; with one of these statuses where the operation declares them."""
    declared = [code for code in wanted if operation.declares(code)]
    return status(*declared) if declared else refused


def holding(value: Any) -> Expectation:
    """An answer whose body is an object with a member of this value."""
    return Expectation(
        f"an object with a member {value!r}", lambda reply: isinstance(reply.json, dict) and value in reply.json.values()
    )


def accepted(operation: Operation) -> Expectation:
    """An answer with a status by which the operation says that it did what was asked."""
    wanted = ", ".join(map(str, operation.success)) or "2xx"
    return Expectation(f"accepted ({wanted})", lambda reply: operation.succeeded(reply.status))


def granting_within(scopes: frozenset[str]) -> Expectation:
    """A refusal with invalid_scope, or a token whose `scope` member names none but these (RFC 6749, section 5.1)."""
    return Expectation(
        f"invalid_scope, or a token with a scope within {' '.join(sorted(scopes))}",
        lambda reply: (
            (reply.status == HTTPStatus.BAD_REQUEST and reply.member("error") == "invalid_scope")
            or (reply.success and isinstance(reply.member("scope"), str) and scopes.issuperset(reply.member("scope").split()))
        ),
    )


problem_document = Expectation(
    "a JSON object as application/problem+json",
    lambda reply: reply.media_type == "application/problem+json" and isinstance(reply.json, dict),
)


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
PERMITTED = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]*")

oauth_error = Expectation(
    "400 or 401 as application/json with a registered error code (RFC 6749 section 5.2)",
    lambda reply: (
        reply.status in {400, 401}
        and reply.media_type == "application/json"
        and reply.member("error") in OAUTH_ERRORS
        and PERMITTED.fullmatch(str(reply.member("error_description") or "")) is not None
    ),
)
