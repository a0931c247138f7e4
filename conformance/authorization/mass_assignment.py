"""Mass assignment: requests that set members which the contract declares readOnly (OWASP API3:2023)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.contract.operation import is_json
from conformance.errors import UntestableError
from conformance.requests.identifiers import unknown_identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.operation import Operation
    from conformance.judgement.controls import ControlledRequest

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True)
class MassAssignment:
    """Creates or changes an object with a value for one read-only member at a time."""

    ready: ControlledRequest

    @cached_property
    def reading(self) -> Operation:
        """The operation that reads what is created or changed. Raises UntestableError if there is none."""
        known = [each for each in self.ready.arranger.contract.operations if each.method == "GET" and self._reads(each)]
        found = [each for each in known if each.takes_credentials] or [each for each in known if _shows_members(each)]
        if not found:
            raise UntestableError(f"nothing reads what {self.ready.operation.id} makes or changes.")
        return found[0]

    def members(self) -> dict[str, Any]:
        """The members that are declared readOnly, each with another value of the same form as its current one."""
        current = self.ready.control.json if isinstance(self.ready.control.json, dict) else {}
        values = {name: altered_value(current.get(name)) for name in self._read_only()}
        return {name: value for name, value in values.items() if value is not None}

    def accepts(self, name: str, value: Any) -> bool:
        """A request that sends this value for the member changes it, as a later read shows."""
        arranger, owner = self.ready.arranger, self.ready.owner
        request = self.ready.another().with_members(**{name: value})
        reply = owner.send(request)
        parameters: Mapping[str, str] = dict(request.parameters)
        producer = arranger.producer(self.reading)
        if not self.ready.operation.addressed:
            if producer is None or not reply.success:
                return False
            parameters = arranger.parameters(producer, self.reading, request, reply, owner)
        seen = owner.send(arranger.request_with(self.reading, parameters), "control")
        return bool(seen.member(name) == value)

    def _reads(self, operation: Operation) -> bool:
        producer = self.ready.arranger.producer(operation)
        makes = producer is not None and producer.operation.id == self.ready.operation.id
        return makes or operation.path == self.ready.operation.path

    def _read_only(self) -> list[str]:
        answers = filter(None, (self.reading.answer(status) for status in self.reading.success))
        schema = self.ready.arranger.contract.schema
        shown = [schema(content.get("schema", {})) for answer in answers for content in answer.content.values()]
        members = {name: schema(member) for known in shown for name, member in known.get("properties", {}).items()}
        return [name for name, member in members.items() if member.get("readOnly")]


def _shows_members(operation: Operation) -> bool:
    return any(is_json(name) for answer in operation.answers if answer.status[0] == "2" for name in answer.content)


def altered_value(value: Any) -> Any:
    """Another value of the same form; None if the form is unknown."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 41
    if isinstance(value, str) and value:
        return "2001-02-03T04:05:06.789Z" if TIMESTAMP.match(value) else unknown_identifier(value)
    return None
