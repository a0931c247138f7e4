"""The request of a step of a journey: its operation with the parameters and the body of the step."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from conformance.contract.arazzo.runtime_expressions import evaluated, is_expression, text_of
from conformance.contract.operation import is_json
from conformance.http.messages import FORM, Request, fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.arazzo.workflow import Body, Step
    from conformance.contract.operation import Operation


def request_of(step: Step, operation: Operation, scope: Mapping[str, Any]) -> Request:
    """The request that the step sends, without credentials."""
    given = [(each.place, each.name, evaluated(each.value, scope)) for each in step.parameters]
    path = {name: text_of(value) for place, name, value in given if place == "path"}
    request = Request(
        method=operation.method,
        path=fill(operation.path, path),
        headers=(("Accept", "*/*"),),
        operation=operation.id,
        parameters=tuple(path.items()),
    )
    for place, name, value in given:
        request = _with(request, place, name, value)
    return _with_body(request, step.body, operation, scope) if step.body else request


def _with(request: Request, place: str, name: str, value: Any) -> Request:
    if place == "query":
        for each in value if isinstance(value, list) else [value]:
            request = request.with_query(**{name: text_of(each)})
    elif place == "querystring":
        request = request.at(f"{request.path}?{text_of(value)}")
    elif place == "header":
        request = request.with_header(name, text_of(value))
    elif place == "cookie":
        request = request.with_cookie(f"{name}={text_of(value)}")
    return request


def _with_body(request: Request, body: Body, operation: Operation, scope: Mapping[str, Any]) -> Request:
    media_type = body.media_type or operation.media_type or "application/json"
    payload = evaluated(body.payload, scope)
    for each in body.replacements:
        _put(payload, each["target"], evaluated(each["value"], scope))
    if media_type == FORM and isinstance(payload, dict):
        content = urlencode({name: text_of(value) for name, value in payload.items()})
    elif is_json(media_type) and (is_expression(body.payload) or not isinstance(payload, str)):
        content = json.dumps(payload)
    else:  # a string is sent as it stands
        content = text_of(payload)
    return request.with_body(content.encode(), media_type)


def _put(payload: Any, pointer: str, value: Any) -> None:
    """Sets the value at a JSON Pointer; what is not there is left out."""
    *parents, last = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    for part in parents:
        payload = payload[int(part)] if isinstance(payload, list) else payload.get(part, {})
    if isinstance(payload, list):
        payload[int(last)] = value
    elif isinstance(payload, dict):
        payload[last] = value
