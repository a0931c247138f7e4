"""Request bodies that the contract permits, each with a random marker by which its effect is recognised."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from conformance.contract.document import follow
from conformance.contract.operation import is_json
from conformance.errors import InapplicableError
from conformance.http.messages import FORM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Request
    from conformance.requests.request_generator import RequestGenerator
    from conformance.servers.webhook_receiver import Receiver

MARKER_LENGTH = 24
POOL = 8  # different generated bodies for an operation


@dataclass(frozen=True, kw_only=True)
class Body:
    """A body as it is sent, and the marker in it (empty if it has no place for one)."""

    content: bytes
    marker: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of a batch, and the marker in it (empty if it has no place for one)."""

    value: Any
    marker: str


@dataclass(kw_only=True)
class Bodies:
    """Bodies from the contract's own examples, else generated; no two are equal where a text may be chosen freely."""

    contract: Contract
    request_generator: RequestGenerator
    receiver: Receiver
    _pool: dict[str, list[Any]] = field(default_factory=dict)

    def body(self, operation: Operation) -> Body | None:
        """A valid body for the operation, None if it takes none."""
        if not operation.bodies:
            return None
        value, marker = self._with_marker(operation, self._value(operation))
        if operation.job and operation.job.item:
            item = self.item(operation)
            value, marker = with_value_at(value, operation.job.items, [item.value]), item.marker
        if operation.subscription and isinstance(value, dict):
            value, own = self._with_receiver(operation, value)
            marker = marker or own
        return Body(content=_encoded(value, operation.media_type), marker=marker)

    def item(self, operation: Operation) -> Item:
        """One item, as the job that the operation begins takes it."""
        assert operation.job is not None
        single = self.contract.operation(operation.job.item)
        value, marker = self._with_marker(single, self._value(single))
        return Item(value=value, marker=marker)

    def with_text(self, request: Request, text: str) -> Request:
        """The request with this text after its marker. Raises InapplicableError if no member takes such a text."""
        operation = self.contract.operation(request.operation)
        name = self.text_member(operation)
        room = self._schema(operation).get("properties", {}).get(name, {}).get("maxLength", len(request.marker + text))
        if not name or len(request.marker + text) > room:
            raise InapplicableError(f"{operation.id} takes no member in which such a text may stand")
        return request.with_members(**{name: request.marker + text})

    def text_member(self, operation: Operation) -> str:
        """The top-level member whose text may be chosen freely, empty if there is none."""
        properties = self._schema(operation).get("properties", {})
        return next((name for name, schema in properties.items() if self._takes_any_text(schema)), "")

    def _value(self, operation: Operation) -> Any:
        declared = operation.bodies[operation.media_type]
        examples = [follow(self.contract.document, example) for example in declared.get("examples", {}).values()]
        if examples:
            return examples[0].get("value")
        if "example" in declared:
            return declared["example"]
        return self._generated(operation)

    def _generated(self, operation: Operation) -> Any:
        """A generated body without its optional members: what is left out cannot collide."""
        if not self._pool.get(operation.id):
            self._pool[operation.id] = self.request_generator.bodies(operation, count=POOL)
        drawn = self._pool[operation.id].pop(0)
        required = set(self._schema(operation).get("required", ()))
        if not isinstance(drawn, dict) or not required:
            return drawn
        return {name: member for name, member in drawn.items() if name in required}

    def _with_marker(self, operation: Operation, value: Any) -> tuple[Any, str]:
        name = self.text_member(operation)
        if not name or not isinstance(value, dict):
            return value, ""
        marker = f"canary-{secrets.token_hex(8)}"
        return {**value, name: marker}, marker

    def _schema(self, operation: Operation) -> Mapping[str, Any]:
        schema = self.contract.schema(operation.body_schema)
        return schema if isinstance(schema, dict) else {}

    def _takes_any_text(self, schema: Any) -> bool:
        schema = self.contract.schema(schema)
        kinds = schema.get("type", ())
        text = "string" in ([kinds] if isinstance(kinds, str) else kinds)
        bound = {"format", "enum", "const", "pattern"} & set(schema) or schema.get("readOnly", False)
        return text and not bound and schema.get("maxLength", MARKER_LENGTH) >= MARKER_LENGTH

    def _with_receiver(self, operation: Operation, value: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """The body with a silent endpoint of the suite's own receiver in it, and the unguessable part of its URL."""
        assert operation.subscription is not None
        url = self.receiver.open("/arranged").url
        return {**value, operation.subscription.url.strip("/"): url}, url.split("/")[-2]


def _encoded(value: Any, media_type: str) -> bytes:
    if is_json(media_type):
        return json.dumps(value).encode()
    if media_type == FORM and isinstance(value, dict):
        return urlencode(value).encode()
    return value if isinstance(value, bytes) else str(value).encode()


def with_value_at(document: Any, pointer: str, value: Any) -> Any:
    """The JSON document with this value at the pointer; objects on the way are made if they are missing."""
    first, _, rest = pointer.removeprefix("/").partition("/")
    name = first.replace("~1", "/").replace("~0", "~")
    members = document if isinstance(document, dict) else {}
    return {**members, name: with_value_at(members.get(name), rest, value) if rest else value}
