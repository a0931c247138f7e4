"""Swagger 2.0 as OpenAPI 3.0: bodies, forms and media types stand with the operation that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.document import follow
from conformance.contract.reading.grammar import OPENAPI_GRAMMAR, at
from conformance.contract.upgrade.rebuilding import moved, rebuilt
from conformance.contract.upgrade.swagger_parameters import BODIES, ParameterReader, described, request_body

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.reading.grammar import Steps, Target
    from conformance.contract.upgrade.omissions import Omissions

ANY = "*/*"  # what is answered where no `produces` says it
LINKS = "x-links"
FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}
MOVED = {"definitions": "schemas", "responses": "responses"}
GONE = {"swagger", "host", "basePath", "schemes", "consumes", "produces", "securityDefinitions", "parameters", *MOVED}


def upgraded(document: Mapping[str, Any], targets: Sequence[Target], omissions: Omissions) -> dict[str, Any]:
    """The document as OpenAPI 3.0 says it."""
    plain = rebuilt(document, OPENAPI_GRAMMAR, targets, _schema)
    conversion = _Conversion(plain, omissions)
    whole = rebuilt(plain, OPENAPI_GRAMMAR, targets, conversion.change)
    moved(whole, OPENAPI_GRAMMAR, targets, lambda steps: _place(whole, steps))
    return whole


class _Conversion:
    """Parameters and responses are followed where they are used: which media types they have depends on the place."""

    def __init__(self, document: Mapping[str, Any], omissions: Omissions) -> None:
        self._document = document
        self._parameters = ParameterReader(document, omissions)

    def change(self, kind: str, value: dict[str, Any], steps: Steps) -> Any:
        if kind == "OpenAPI":
            return self._root(value)
        if kind == "Path Item":
            return {name: member for name, member in value.items() if name != "parameters"}
        if kind == "Operation":
            return self._operation(value, steps)
        return value

    def _root(self, value: dict[str, Any]) -> dict[str, Any]:
        components = {
            "schemas": value.get("definitions", {}),
            "responses": {
                name: _response(response, value.get("produces", [ANY]))
                for name, response in value.get("responses", {}).items()
            },
            "securitySchemes": {
                name: _security_scheme(scheme) for name, scheme in value.get("securityDefinitions", {}).items()
            },
        }
        kept = {name: member for name, member in value.items() if name not in GONE}
        filled = {name: member for name, member in components.items() if member}
        return {"openapi": "3.0.3", **kept, **_servers(value), **({"components": filled} if filled else {})}

    def _operation(self, value: dict[str, Any], steps: Steps) -> dict[str, Any]:
        parameters = self._parameters_of(value, steps)
        consumes = value.get("consumes", self._document.get("consumes", []))
        produces = value.get("produces", self._document.get("produces", [])) or [ANY]
        kept = {name: member for name, member in value.items() if name not in {"consumes", "produces", "schemes"}}
        plain = [self._parameters.plain(each, steps) for each in parameters if each["in"] not in BODIES]
        carried = [each for each in parameters if each["in"] in BODIES]
        body = {"requestBody": request_body(carried, consumes, self._parameters, steps)} if carried else {}
        answers = {
            status: _response(follow(self._document, response), produces)
            if not str(status).startswith("x-")
            else response
            for status, response in value.get("responses", {}).items()
        }
        return {**kept, "parameters": plain, **body, "responses": answers}

    def _parameters_of(self, value: Mapping[str, Any], steps: Steps) -> list[Mapping[str, Any]]:
        """Those of the path item, and of the operation in their place, each followed."""
        item = at(self._document, steps[:-1])
        declared = [*item.get("parameters", []), *value.get("parameters", [])]
        found = [follow(self._document, each) for each in declared]
        return list({(each["name"], each["in"]): each for each in found}.values())


def _schema(kind: str, value: dict[str, Any], _: Steps) -> dict[str, Any]:
    """Where it is a schema, that of 3.0."""
    if kind != "Schema" or "$ref" in value:
        return value
    found = dict(value)
    if isinstance(found.get("discriminator"), str):
        found["discriminator"] = {"propertyName": found["discriminator"]}
    if "x-nullable" in found:
        found["nullable"] = bool(found.pop("x-nullable"))
    return {**found, "type": "string", "format": "binary"} if found.get("type") == "file" else found


def _place(whole: Mapping[str, Any], steps: Steps) -> Steps:
    """Where what was at these steps of the document in 2.0 is now."""
    if steps and str(steps[0]) in MOVED:
        steps = ("components", MOVED[str(steps[0])], *steps[1:])
    for number in range(2, len(steps)):
        if steps[number - 2] == "responses" and steps[number] == "schema":
            media_type = next(iter(at(whole, steps[:number]).get("content", {})), ANY)
            return (*steps[:number], "content", media_type, *steps[number:])
    return steps


def _response(declared: Mapping[str, Any], produces: Sequence[str]) -> dict[str, Any]:
    """A Response Object of 3.0, with the same schema for each media type that is produced.

    What 2.0 has no field for stands under the name that it leaves to extensions: `x-links`.
    """
    found = {name: member for name, member in declared.items() if name not in {"schema", "headers", "examples", LINKS}}
    if LINKS in declared:
        found["links"] = declared[LINKS]
    examples = declared.get("examples", {})
    if "schema" in declared:
        found["content"] = {
            media_type: {
                "schema": declared["schema"],
                **({"example": examples[media_type]} if media_type in examples else {}),
            }
            for media_type in produces
        }
    if "headers" in declared:
        found["headers"] = {name: described(header) for name, header in declared["headers"].items()}
    return found


def _servers(value: Mapping[str, Any]) -> dict[str, Any]:
    base = value.get("basePath", "")
    if "host" not in value:
        return {"servers": [{"url": base}]} if base else {}
    return {"servers": [{"url": f"{scheme}://{value['host']}{base}"} for scheme in value.get("schemes", ["https"])]}


def _security_scheme(scheme: Mapping[str, Any]) -> dict[str, Any]:
    if scheme.get("type") == "basic":
        return {**scheme, "type": "http", "scheme": "basic"}
    if scheme.get("type") != "oauth2":
        return dict(scheme)
    names = ("authorizationUrl", "tokenUrl", "scopes")
    flow = {name: scheme[name] for name in names if name in scheme}
    rest = {name: member for name, member in scheme.items() if name not in {*names, "flow"}}
    kind = str(scheme.get("flow"))
    return {**rest, "flows": {FLOWS.get(kind, kind): {"scopes": {}, **flow}}}
