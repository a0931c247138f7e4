"""The objects of each specification: which stand where in which.

Each table says of an object, by its name in the specification, what its members are: another object, a list of them, or
a map of them. What no table names holds values of the API's (examples, defaults, enumerations) or extensions, where
`$ref` and `$id` are texts like any other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Each:
    """A list or a map whose elements are such objects."""

    kind: str


Members = dict[str, str | Each]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

# Of Swagger 2.0 and of OpenAPI 3.0 to 3.2 at once: what differs has other names.
OPENAPI: dict[str, Members] = {
    "OpenAPI": {
        "paths": Each("Path Item"),
        "webhooks": Each("Path Item"),
        "components": "Components",
        "definitions": Each("Schema"),
        "parameters": Each("Parameter"),
        "responses": Each("Response"),
    },
    "Components": {
        "schemas": Each("Schema"),
        "responses": Each("Response"),
        "parameters": Each("Parameter"),
        "examples": Each("Example"),
        "requestBodies": Each("Request Body"),
        "headers": Each("Header"),
        "securitySchemes": Each("Security Scheme"),
        "links": Each("Link"),
        "callbacks": Each("Callback"),
        "pathItems": Each("Path Item"),
        "mediaTypes": Each("Media Type"),
    },
    "Path Item": {
        **dict.fromkeys(METHODS, "Operation"),
        "parameters": Each("Parameter"),
        "additionalOperations": Each("Operation"),
    },
    "Operation": {
        "parameters": Each("Parameter"),
        "requestBody": "Request Body",
        "responses": Each("Response"),
        "callbacks": Each("Callback"),
    },
    "Parameter": {"schema": "Schema", "content": Each("Media Type"), "examples": Each("Example")},
    "Header": {"schema": "Schema", "content": Each("Media Type"), "examples": Each("Example")},
    "Request Body": {"content": Each("Media Type")},
    "Response": {
        "headers": Each("Header"),
        "content": Each("Media Type"),
        "links": Each("Link"),
        "schema": "Schema",
    },
    "Media Type": {
        "schema": "Schema",
        "itemSchema": "Schema",
        "examples": Each("Example"),
        "encoding": Each("Encoding"),
        "prefixEncoding": Each("Encoding"),
        "itemEncoding": "Encoding",
    },
    "Encoding": {
        "headers": Each("Header"),
        "encoding": Each("Encoding"),
        "prefixEncoding": Each("Encoding"),
        "itemEncoding": "Encoding",
    },
    "Callback": {"*": "Path Item"},
    "Example": {},
    "Link": {},
    "Security Scheme": {},
}

SCHEMA: dict[str, Members] = {
    "Schema": {
        **dict.fromkeys(
            (
                "additionalItems",
                "additionalProperties",
                "contains",
                "contentSchema",
                "else",
                "if",
                "items",
                "not",
                "propertyNames",
                "then",
                "unevaluatedItems",
                "unevaluatedProperties",
            ),
            "Schema",
        ),
        **dict.fromkeys(
            (
                "$defs",
                "allOf",
                "anyOf",
                "definitions",
                "dependencies",
                "dependentSchemas",
                "oneOf",
                "patternProperties",
                "prefixItems",
                "properties",
            ),
            Each("Schema"),
        ),
    },
}

ASYNCAPI: dict[str, Members] = {
    "AsyncAPI": {
        "servers": Each("Server"),
        "channels": Each("Channel"),
        "operations": Each("Operation"),
        "components": "Components",
    },
    "Components": {
        "schemas": Each("Multi Format Schema"),
        "servers": Each("Server"),
        "channels": Each("Channel"),
        "operations": Each("Operation"),
        "messages": Each("Message"),
        "securitySchemes": Each("Security Scheme"),
        "serverVariables": Each("Server Variable"),
        "parameters": Each("Parameter"),
        "replies": Each("Reply"),
        "replyAddresses": Each("Reply Address"),
        "correlationIds": Each("Correlation ID"),
        "operationTraits": Each("Operation"),
        "messageTraits": Each("Message"),
        "externalDocs": Each("External Documentation"),
        "tags": Each("Tag"),
        "serverBindings": Each("Bindings"),
        "channelBindings": Each("Bindings"),
        "operationBindings": Each("Bindings"),
        "messageBindings": Each("Bindings"),
    },
    "Server": {
        "variables": Each("Server Variable"),
        "security": Each("Security Scheme"),
        "bindings": "Bindings",
        "tags": Each("Tag"),
    },
    "Channel": {
        "messages": Each("Message"),
        "servers": Each("Server"),
        "parameters": Each("Parameter"),
        "bindings": "Bindings",
        "tags": Each("Tag"),
        "publish": "Operation",
        "subscribe": "Operation",
    },
    "Operation": {
        "channel": "Channel",
        "messages": Each("Message"),
        "message": "Message",
        "reply": "Reply",
        "traits": Each("Operation"),
        "security": Each("Security Scheme"),
        "bindings": "Bindings",
        "tags": Each("Tag"),
    },
    "Reply": {"address": "Reply Address", "channel": "Channel", "messages": Each("Message")},
    "Message": {
        "payload": "Multi Format Schema",
        "headers": "Multi Format Schema",
        "correlationId": "Correlation ID",
        "traits": Each("Message"),
        "bindings": "Bindings",
        "tags": Each("Tag"),
        "oneOf": Each("Message"),
    },
    "Multi Format Schema": {"schema": "Schema", **SCHEMA["Schema"]},
    "Parameter": {"schema": "Schema"},
    **{
        kind: {}
        for kind in (
            "Bindings",
            "Correlation ID",
            "External Documentation",
            "Reply Address",
            "Security Scheme",
            "Server Variable",
            "Tag",
        )
    },
}

ARAZZO: dict[str, Members] = {
    "Arazzo": {"workflows": Each("Workflow"), "components": "Components"},
    "Components": {"inputs": Each("Schema")},
    "Workflow": {"inputs": "Schema"},
}
