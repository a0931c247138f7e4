"""The responses of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialects.contract.schemas import IDENTIFIERS, reference
from dialects.media import PROBLEMS, shown_type
from dialects.operations import operations, requirements

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Json
    from dialects.operations import Operation

TEXT: Json = {"schema": {"type": "string"}}


def responses(dialect: Dialect, operation: Operation) -> Json:
    return {**success(dialect, operation), **refusals(dialect, operation)}


def success(dialect: Dialect, operation: Operation) -> Json:
    """The responses below 400."""
    thing = content(dialect, reference("Thing"), enveloped=dialect.answer == "envelope")
    if operation.name == "createThing":
        known = {"200": {"description": "changed", "content": thing}} if dialect.creation == "put" else {}
        return known | {str(dialect.created): creation(dialect)}
    if operation.name == "listThings":
        return {"200": collection(dialect)}
    if operation.name == "readThing":
        headers = {"ETag": {"required": True, **TEXT}} if dialect.tags != "none" else {}
        unchanged = {"304": {"description": "as before"}} if dialect.tags != "none" else {}
        return {
            "200": {"description": "the thing", **({"headers": headers} if headers else {}), "content": thing},
            **unchanged,
        }
    if operation.name == "updateThing":
        return {
            str(dialect.updated): {"description": "changed", **({"content": thing} if dialect.updated == 200 else {})}
        }
    if operation.name == "deleteThing":
        return {str(dialect.deleted): {"description": "gone", **({"content": thing} if dialect.deleted == 200 else {})}}
    return other(dialect, operation)


def other(dialect: Dialect, operation: Operation) -> Json:
    if operation.name == "readStatus":
        schema = {"type": "object", "required": ["up"], "properties": {"up": {"const": True}}}
        return {"200": {"description": "how it is", "content": {"application/json": {"schema": schema}}}}
    if operation.name == "storeFile":
        return {"204": {"description": "stored"}}
    if operation.name == "readFile":
        return {
            "200": {
                "description": "the file",
                "content": {
                    "application/octet-stream": {
                        "schema": {"type": "string", "contentMediaType": "application/octet-stream"}
                    }
                },
            }
        }
    if operation.name == "addHook":
        return {"201": hook(dialect)}
    return {"204": {"description": "told no more"}}


def hook(dialect: Dialect) -> Json:
    """A new receiver, with its secret."""
    shown = [] if dialect.chosen_secret else ["secret"]
    names = ["id", "url", *shown, *(["keyid"] if dialect.events == "http-message-signatures" else [])]
    schema = {"type": "object", "required": names, "properties": {name: {"type": "string"} for name in names}}
    return {
        "description": "will be told",
        "content": {"application/json": {"schema": schema}},
        "links": {"drop": {**leading_to(dialect, "dropHook"), "parameters": {"hook": "$response.body#/id"}}},
    }


def creation(dialect: Dialect) -> Json:
    shown: dict[str, Any] = {
        "thing": reference("Thing"),
        "envelope": reference("Thing"),
        "id": {"type": "object", "required": ["id"], "properties": {"id": IDENTIFIERS[dialect.identifier]}},
        "nothing": None,
    }
    schema = shown[dialect.answer]
    return {
        "description": "made",
        **({"headers": {"Location": {"required": True, **TEXT}}} if dialect.location != "none" else {}),
        **({"content": content(dialect, schema, enveloped=dialect.answer == "envelope")} if schema else {}),
        **({"links": links(dialect)} if dialect.links else {}),
    }


def links(dialect: Dialect) -> Json:
    """From the creation to all that can be done with the thing."""
    member = "/data/id" if dialect.answer == "envelope" else "/id"
    names = ["readThing", "deleteThing"] + (["updateThing"] if dialect.update != "none" else [])
    names += ["storeFile", "readFile"] if dialect.file != "none" else []
    above = {} if dialect.shelf == "none" else {"shelf": "$request.path.shelf"}
    given = {**above, dialect.parameter: f"$response.body#{member}"}
    return {name: {**leading_to(dialect, name), "parameters": given} for name in names}


def leading_to(dialect: Dialect, name: str) -> Json:
    """The operation by its id; without ids, by where it stands."""
    found = next(known for known in operations(dialect) if known.name == name)
    pointer = found.path.replace("/", "~1")
    return (
        {"operationId": name} if dialect.identifiers else {"operationRef": f"#/paths/{pointer}/{found.method.lower()}"}
    )


def collection(dialect: Dialect) -> Json:
    items = {"type": "array", "items": reference("Thing")}
    schema: Json = items
    if dialect.collection == "envelope" or dialect.pages == "cursor":
        properties: Json = {"data": items, "total": {"type": "integer", "minimum": 0}}
        if dialect.pages == "cursor":
            properties["next"] = {"type": ["string", "null"]}
        schema = {"type": "object", "required": list(properties), "properties": properties}
    told: Json = {"description": "one's own things", "content": content(dialect, schema)}
    if dialect.pages == "cursor" and dialect.links:
        above = {} if dialect.shelf == "none" else {"shelf": "$request.path.shelf"}
        told["links"] = {
            "next": {**leading_to(dialect, "listThings"), "parameters": {**above, "cursor": "$response.body#/next"}}
        }
    return told


def content(dialect: Dialect, schema: Any, *, enveloped: bool = False) -> Json:
    whole = {"type": "object", "required": ["data"], "properties": {"data": schema}} if enveloped else schema
    return {shown_type(dialect): {"schema": whole}}


def refusals(dialect: Dialect, operation: Operation) -> Json:
    """Whatever the sound server refuses with."""
    found: set[int] = {400}
    needed = requirements(dialect, operation)
    found |= {dialect.anonymous} if needed else set()
    found |= {403} if dialect.credentials == "oauth2" and needed else set()
    if operation.takes_body:
        found |= {dialect.invalid, 413, 415}
    if operation.addressed:
        found |= {404, dialect.gone} | ({403} if dialect.ownership == "forbidden" else set())
    if dialect.tags not in {"none", "weak"} and operation.name in {"updateThing", "deleteThing"}:
        found |= {412} | ({428} if dialect.tags == "demanded" else set())
    if dialect.names == "unique" and operation.name in {"createThing", "updateThing"}:
        found.add(409)
    if dialect.replay and operation.name == "createThing":
        found.add(422)
    return {str(status): refusal(dialect, status) for status in sorted(found)}


def refusal(dialect: Dialect, status: int) -> Json:
    told: Json = {"description": "refused", "content": {PROBLEMS[dialect.problems]: {"schema": reference("Problem")}}}
    if status == 401:
        told["headers"] = {"WWW-Authenticate": {"required": True, **TEXT}}
    return told
