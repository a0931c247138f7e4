"""The AsyncAPI 3.0 document of a dialect that has events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialects.contract.files import inlined
from dialects.contract.schemas import schemas

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Json

HEADERS = {
    "standard-webhooks": ["webhook-id", "webhook-timestamp", "webhook-signature"],
    "github": ["X-GitHub-Delivery", "X-Hub-Signature-256"],
    "stripe": ["Stripe-Signature"],
    "http-message-signatures": ["Content-Digest", "Signature-Input", "Signature"],
}


def asyncapi(dialect: Dialect) -> Json:
    """The whole document; the schema of things stands in it once more."""
    thing: Any = inlined(schemas(dialect)["Thing"], schemas(dialect))
    names = HEADERS[dialect.events]
    fresh = {} if dialect.events == "github" else {"tolerance": 300}
    message = {
        "name": "thing.created",
        "headers": {"type": "object", "required": names, "properties": {name: {"type": "string"} for name in names}},
        "payload": {
            "type": "object",
            "required": ["type", "data"],
            "properties": {"type": {"const": "thing.created"}, "data": thing},
        },
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Things", "version": "1"},
        "defaultContentType": "application/json",
        "channels": {
            "hook": {"address": None, "messages": {"thing.created": {"$ref": "#/components/messages/created"}}}
        },
        "operations": {
            "tell": {
                "action": "send",
                "channel": {"$ref": "#/channels/hook"},
                "x-signature": {"scheme": dialect.events, **fresh},
            }
        },
        "components": {"messages": {"created": message}},
    }
