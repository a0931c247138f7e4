"""What a server said against a request, and who is to act on it."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from conformance.errors import BlockedError, UntestableError
from conformance.http.messages import FORM
from conformance.http.secret_names import is_secret_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request

TOLD = ("detail", "message", "title", "error_description", "error", "errors", "description", "reason", "msg")
LONGEST = 200  # characters that are repeated
SHORTEST = 2  # characters of a value that is looked for
DEEPEST = 3  # values within each other that are looked into
VALUES = {400, 409, 422}


def objection(reply: Reply) -> str:
    """What the server objected to, as the end of a sentence, and what would mend it; empty if it says nothing."""
    told = next(_texts(reply.json, 0), "") or _of_members(reply)
    told = " ".join(_without_sent(told, reply.request).split())[:LONGEST].rstrip(".")
    said = f"; it says “{told}”" if told else ""
    where = reply.request.operation
    if reply.status == HTTPStatus.FORBIDDEN and where:
        return (
            f"{said}. If others may use it: name {where} in the `operations` of an identity that may. If nobody may "
            "here: name it under never-call"
        )
    if reply.status not in VALUES:
        return said
    return (
        f"{said}. If the values are the trouble: give the request of {where} an `example` that can be accepted again "
        "and again, or a link from the operation whose reply holds the value that is wanted"
    )


def _without_sent(told: str, request: Request) -> str:
    """What is told without the values that the request had: what is said of each of many such requests is one thing."""
    sent = {*(value for _, value in request.parameters), *_sent(request.json)}
    for value in sorted((each for each in sent if len(each) >= SHORTEST), key=len, reverse=True):
        told = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "…", told)
    return told


def _sent(value: Any) -> Iterator[str]:
    """Every text in a body."""
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _sent(each)


def _of_members(reply: Reply) -> str:
    """What is said of members of the request, under their own names: `{"email": ["is taken"]}`; empty if nothing is."""
    said = reply.json if isinstance(reply.json, dict) else {}
    texts = {name: next(_strings(value), "") for name, value in said.items() if name in _members(reply.request)}
    return "; ".join(f"{name}: {text}" for name, text in texts.items() if text)


def _strings(value: Any) -> Iterator[str]:
    yield from (text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str))


def unaccepted(operation: Operation, reply: Reply, sentence: str) -> BlockedError | UntestableError:
    """The error for a valid request that was refused; at a log-in nobody has said which password would do."""
    if not operation.takes_credentials and any(map(is_secret_name, _members(reply.request))):
        return UntestableError(
            f"{operation.id} asks for a password, and answered {reply.status} to one that was made up. If it is to be "
            "tried, give its request an `example` that is accepted."
        )
    if reply.status == HTTPStatus.FORBIDDEN and _is_for_some(operation):
        return UntestableError(
            f"{operation.id} answered 403, which it declares: it is for others than the identities that are "
            "configured. Name one that may use it, or the operation under never-call."
        )
    return BlockedError(f"{sentence}{objection(reply)}.", blame=blamed(reply))


def _is_for_some(operation: Operation) -> bool:
    """It declares that it is refused to some, and neither scopes nor roles that would tell to whom."""
    told = operation.scopes or operation.roles
    return operation.takes_credentials and operation.declares(HTTPStatus.FORBIDDEN) and not told


def _members(request: Request) -> list[str]:
    """The names of the members of a body in JSON, or of the fields of a form."""
    form = parse_qsl((request.body or b"").decode("utf-8", "replace")) if FORM in request.header("Content-Type") else []
    return [*request.json, *(name for name, _ in form)]


def blamed(reply: Reply) -> str:
    """Who has to act: refused credentials and values are to be mended in what was given to the suite."""
    return "configuration" if reply.status in {401, 403, *VALUES} else "target"


def _texts(value: Any, depth: int) -> Iterator[str]:
    """The texts under the names by which errors are told, the most telling first."""
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, list) and depth < DEEPEST:
        for item in value[:3]:
            yield from _texts(item, depth + 1)
    elif isinstance(value, dict) and depth < DEEPEST:
        for name in TOLD:
            yield from _texts(value.get(name), depth + 1)
