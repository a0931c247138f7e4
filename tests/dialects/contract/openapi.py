"""The OpenAPI 3.1 document of a dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialects.contract.examples import body_example
from dialects.contract.parameters import addressing, parameters
from dialects.contract.responses import responses
from dialects.contract.schemas import file_schema, reference, schemas
from dialects.contract.security import security_schemes
from dialects.media import media_type
from dialects.operations import operations, requirements

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Json
    from dialects.operations import Operation

SERVERS: dict[str, list[Json]] = {
    "root": [],
    "path": [{"url": "/api"}],
    "variable": [{"url": "/{version}", "variables": {"version": {"default": "v1", "enum": ["v1"]}}}],
}
STRANGERS: dict[str, Json] = {
    "hidden": {"x-ownership": {"visibility": "private", "stranger": 404}},
    "forbidden": {"x-ownership": {"visibility": "private", "stranger": 403}},
}


HOOK: Json = {
    "type": "object",
    "required": ["url"],
    "additionalProperties": False,
    "properties": {"url": {"type": "string", "format": "uri", "maxLength": 500}},
}

CHOOSING_HOOK: Json = {
    **HOOK,
    "required": ["url", "secret"],
    "properties": {**HOOK["properties"], "secret": {"type": "string", "minLength": 16, "maxLength": 100}},
}


def openapi(dialect: Dialect) -> Json:
    """The whole document."""
    info = {
        "title": "Things",
        "version": "1",
        **({"summary": "Things that belong to people"} if dialect.summaries else {}),
    }
    components = {"securitySchemes": security_schemes(dialect), "schemas": schemas(dialect)}
    return {
        "openapi": "3.1.0",
        "info": info,
        **({"servers": SERVERS[dialect.base]} if SERVERS[dialect.base] else {}),
        **({"security": usual_security(dialect)} if dialect.security == "root" else {}),
        **({"x-normative": True} if dialect.normative else {}),
        **STRANGERS.get(dialect.ownership, {}),
        **({"x-bounds": {"event": 10}} if dialect.events != "none" else {}),
        "paths": paths(dialect),
        "components": components,
    }


def usual_security(dialect: Dialect) -> list[dict[str, list[str]]]:
    """The requirements that hold where an operation has none of its own."""
    return requirements(dialect, next(known for known in operations(dialect) if known.name == "createThing"))


def paths(dialect: Dialect) -> Json:
    found: Json = {}
    for operation in operations(dialect):
        item = found.setdefault(operation.path, {})
        if operation.addressed:
            item["parameters"] = addressing(dialect, operation)
        item[operation.method.lower()] = described(dialect, operation)
    return found


def described(dialect: Dialect, operation: Operation) -> Json:
    """The operation object."""
    own = requirements(dialect, operation)
    named = dialect.security == "operation" or own != usual_security(dialect)
    given = parameters(dialect, operation)
    return {
        **({"operationId": operation.name} if dialect.identifiers else {}),
        **({"summary": f"Does {operation.name}."} if dialect.summaries else {}),
        **({"security": own} if named else {}),
        **({"parameters": given} if given else {}),
        **promises(dialect, operation),
        **({"requestBody": request_body(dialect, operation)} if operation.takes_body else {}),
        "responses": responses(dialect, operation),
    }


def promises(dialect: Dialect, operation: Operation) -> Json:
    """Extensions that stand at an operation."""
    found: Json = {}
    if operation.name == "createThing" and dialect.replay:
        found["x-idempotency"] = {"header": "Idempotency-Key", "scope": ["principal", "operation"], "mismatch": 422}
    if operation.name == "createThing" and dialect.events != "none":
        found["x-emits"] = ["thing.created"]
    if operation.name == "addHook":
        named = {"keyid": "/keyid"} if dialect.events == "http-message-signatures" else {}
        place = "chosen-secret" if dialect.chosen_secret else "secret"
        found["x-subscription"] = {"url": "/url", place: "/secret", **named}
    return found


def request_body(dialect: Dialect, operation: Operation) -> Json:
    content: Json = {"schema": request_schema(dialect, operation)}
    example = body_example(dialect, operation)
    if example is not None:
        content["example"] = example
    return {"required": True, "content": {media_type(dialect, operation.name): content}}


def request_schema(dialect: Dialect, operation: Operation) -> Any:
    if operation.name == "storeFile":
        return file_schema(dialect)
    if operation.name == "addHook":
        return CHOOSING_HOOK if dialect.chosen_secret else HOOK
    if operation.name == "updateThing" and dialect.update == "patch":
        return reference("Patch")
    return reference("Body" if dialect.direction == "two-schemas" else "Thing")
