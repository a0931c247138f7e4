"""Requests that schemathesis generates from the contract, and its judgement of replies by the schema."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import schemathesis
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core import NOT_SET
from schemathesis.core.errors import SchemathesisError
from schemathesis.core.failures import Failure, FailureGroup

from conformance.http.messages import Request
from conformance.schemas.draw import draw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy
    from schemathesis import APIOperation

    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply

EVENT_STREAM = "text/event-stream"
ORIGIN = "http://target.invalid"  # only to let the library build paths; nothing is ever sent there
DESCRIBED = (
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """One way in which a reply is not what the contract describes."""

    kind: str  # "status", "media type", "header", "body"
    message: str


class RequestGenerator:
    """Valid and invalid requests for each operation, drawn with one seed."""

    def __init__(self, document: Mapping[str, Any], *, seed: int) -> None:
        self._schema = schemathesis.openapi.from_dict(copy.deepcopy(dict(document)))
        self._schema.config.update(base_url=ORIGIN)
        self._schema.config.generation.update(with_security_parameters=False)  # the sender adds credentials
        self._seed = seed
        self._drawn_bodies = 0

    def valid(self, operation: Operation, parameters: Mapping[str, str], *, count: int) -> list[Request]:
        """Requests that the schema permits, with these values in the path."""
        return self._drawn(operation, parameters, GenerationMode.POSITIVE, count)

    def invalid(self, operation: Operation, parameters: Mapping[str, str], *, count: int) -> list[Request]:
        """Requests that the schema forbids, with these values in the path."""
        return self._drawn(operation, parameters, GenerationMode.NEGATIVE, count)

    def bodies(self, operation: Operation, *, count: int) -> list[Any]:
        """Values that the schema of the request body permits, in the media type that is sent; others each time."""
        self._drawn_bodies += 1
        strategy = self._operation(operation).as_strategy()
        if len(operation.bodies) > 1:
            strategy = strategy.filter(lambda case: case.media_type == operation.media_type)
        cases = cases_of(strategy, count, self._seed + self._drawn_bodies)
        return [case.body for case in cases if case.body is not NOT_SET]

    def deviations(self, operation: Operation, reply: Reply) -> list[Deviation]:
        """How a reply deviates from the described status, media type, headers and body."""
        case = self._operation(operation).Case(path_parameters=dict.fromkeys(operation.path_parameters, "-"))
        response = _response(reply)
        streamed = reply.media_type == EVENT_STREAM  # its schema may be that of the text, or of each event
        checks = [check for check in DESCRIBED if not (streamed and check is response_schema_conformance)]
        return [found for check in checks for found in _deviations(check, case, response)]

    def _drawn(
        self, operation: Operation, parameters: Mapping[str, str], mode: GenerationMode, count: int
    ) -> list[Request]:
        fixed = dict(parameters) or None
        strategy = self._operation(operation).as_strategy(generation_mode=mode, path_parameters=fixed)
        written = (_written(case, operation, parameters) for case in cases_of(strategy, count, self._seed))
        return [request for request in written if request is not None]

    def _operation(self, operation: Operation) -> APIOperation[Any, Any, Any, Any]:
        return self._schema[operation.path][operation.method]


def cases_of(strategy: SearchStrategy[Case[Any]], count: int, seed: int) -> list[Case[Any]]:
    """Up to `count` different cases; an operation that leaves nothing to choose gives fewer."""
    try:
        return draw(strategy, count=max(count, 2), seed=seed)[-count:]
    except SchemathesisError:
        return []


def _written(case: Case[Any], operation: Operation, parameters: Mapping[str, str]) -> Request | None:
    """The case as a request, None if it cannot be written as one."""
    try:
        return request(case, operation, parameters)
    except (TypeError, ValueError, SchemathesisError):
        return None


def request(case: Case[Any], operation: Operation, parameters: Mapping[str, str]) -> Request:
    """The case as the suite sends requests: without credentials, which the sender adds."""
    prepared = requests.Request(**case.as_transport_kwargs(base_url=ORIGIN)).prepare()
    parts = urlsplit(str(prepared.url))
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    assert body is None or isinstance(body, bytes)  # a generated body is whole, no stream
    omitted = {"content-length", "authorization", "user-agent", "connection", "x-schemathesis-testcaseid"}
    return Request(
        method=operation.method,
        path=path,
        headers=tuple((name, _text(value)) for name, value in prepared.headers.items() if name.lower() not in omitted),
        body=body,
        operation=operation.id,
        parameters=tuple(parameters.items()),
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _response(reply: Reply) -> schemathesis.Response:
    headers: dict[str, list[str]] = {}
    for name, value in reply.headers:
        headers.setdefault(name.lower(), []).append(value)
    prepared = requests.Request(reply.request.method, ORIGIN + "/").prepare()
    return schemathesis.Response(reply.status, headers, reply.body, prepared, reply.seconds, verify=True)


KINDS = {
    status_code_conformance: "status",
    content_type_conformance: "media type",
    response_headers_conformance: "header",
    response_schema_conformance: "body",
}


def _deviations(check: Callable[..., Any], case: Case[Any], response: schemathesis.Response) -> list[Deviation]:
    try:
        case.validate_response(response, checks=[check])
    except FailureGroup as group:
        return [Deviation(kind=KINDS[check], message=_words(failure)) for failure in group.exceptions]
    return []


def _words(failure: BaseException) -> str:
    if not isinstance(failure, Failure):
        return str(failure)
    lines = [line.strip() for line in f"{failure.title}: {failure.message}".splitlines() if line.strip()]
    return " ".join(lines)[:300]
