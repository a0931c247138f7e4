"""Mass assignment: requests that set members which the contract declares readOnly (OWASP API3:2023)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.contract.document import located, with_value_at
from conformance.contract.names import plain
from conformance.contract.operation import is_json
from conformance.errors import UntestableError
from conformance.http.polling import until
from conformance.judgement.controls import SHOWN_WITHIN
from conformance.requests.identifiers import unknown_identifier
from conformance.schemas.composition import declared_names, keyword, properties

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply
    from conformance.judgement.controls import ControlledRequest

# Names of members, in small letters alone, by which one has rights or owns something.
PRIVILEGES = frozenset(
    [
        "role",
        "admin",
        "isadmin",
        "isstaff",
        "issuperuser",
        "verified",
        "isverified",
        "emailverified",
        "balance",
        "credits",
        "owner",
        "ownerid",
        "userid",
        "createdby",
        "tenant",
        "tenantid",
        "accountid",
        "organizationid",
    ]
)
HIGHER = ["admin", "owner"]  # roles, where the contract lists none
DEEPEST = 2  # objects within each other that are looked into
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True)
class MassAssignment:
    """Creates or changes an object with a value for one read-only member at a time.

    A member that an answer shows and the body does not declare counts as such if its name speaks of rights or of whose
    the object is.
    """

    ready: ControlledRequest

    @cached_property
    def reading(self) -> Operation:
        """The operation that reads what is created or changed. Raises UntestableError if there is none."""
        known = [each for each in self.ready.arranger.contract.operations if each.method == "GET" and self._reads(each)]
        found = [each for each in known if each.takes_credentials] or [each for each in known if _shows_members(each)]
        if not found:
            raise UntestableError(f"nothing reads what {self.ready.operation.id} makes or changes.")
        return min(found, key=lambda each: not self._makes(each))

    def members(self) -> dict[str, Any]:
        """Where members are that cannot be set, each with another value of the same form as its current one."""
        places, shown = self._read_only(), self.ready.control.json
        if all(located(shown, place) is None for place in places):
            seen = self._seen(self.ready.control)
            shown = seen.json if seen else None
        values = {place: altered_value(located(shown, place), listed) for place, listed in places.items()}
        return {place: value for place, value in values.items() if value is not None}

    def accepts(self, place: str, value: Any) -> bool:
        """A request that sends this value for the member changes it, as its owner reads then, or may not read then."""
        request = self.ready.another()
        reply = self.ready.owner.send(request.with_json(with_member(request.json, place, value)))
        if not reply.success:
            return False
        seen = until(lambda: self._seen(reply), lambda seen: seen is None or seen.success, within=SHOWN_WITHIN)
        if seen is None:
            return False
        lost = not seen.success and self._shown_before
        return lost or bool(located(seen.json, place) == value)

    @cached_property
    def _shown_before(self) -> bool:
        """The owner reads what the same request without such a member has made or changed."""
        seen = self._seen(self.ready.control)
        return seen is not None and seen.success

    def _seen(self, reply: Reply) -> Reply | None:
        """What the reading shows of what an answered request has made or changed; None if it has made nothing."""
        arranger, owner = self.ready.arranger, self.ready.owner
        parameters: Mapping[str, str] = dict(reply.request.parameters)
        if not self.ready.operation.addressed or self._makes(self.reading):
            producer = arranger.producer(self.reading)
            if producer is None or not reply.success:
                return None
            parameters = arranger.parameters(producer, self.reading, reply, owner)
        return owner.send(arranger.request_with(self.reading, parameters), "control")

    def _reads(self, operation: Operation) -> bool:
        return self._makes(operation) or operation.path == self.ready.operation.path

    def _makes(self, read: Operation) -> bool:
        producer = self.ready.arranger.producer(read)
        return producer is not None and producer.operation.id == self.ready.operation.id

    def _read_only(self) -> dict[str, list[Any]]:
        """Where members are that cannot be set, each with the values that its schema lists."""
        answers = filter(None, (self.reading.answer(status) for status in self.reading.success))
        shown = [content.get("schema", {}) for answer in answers for content in answer.content.values()]
        document = self.ready.arranger.contract.document
        found = {place: listed for schema in shown for place, listed in read_only_members(document, schema)}
        declared = {plain(name) for name in declared_names(document, self.ready.operation.body_schema)}
        named = {place: listed for schema in shown for place, listed in privileges(document, schema)}
        undeclared = {at: listed for at, listed in named.items() if plain(at.rpartition("/")[2]) not in declared}
        return undeclared | found


def _shows_members(operation: Operation) -> bool:
    return any(is_json(name) for answer in operation.answers if answer.status[0] == "2" for name in answer.content)


def read_only_members(document: Mapping[str, Any], schema: Any, within: str = "") -> Iterator[tuple[str, list[Any]]]:
    """The JSON Pointers of members that are declared readOnly, in objects within the object too, and listed values."""
    for name, member in properties(document, schema).items():
        if keyword(document, member, "readOnly") is True:
            yield f"{within}/{name}", list(keyword(document, member, "enum") or ())
        elif within.count("/") < DEEPEST:
            yield from read_only_members(document, member, f"{within}/{name}")


def privileges(document: Mapping[str, Any], schema: Any, within: str = "") -> Iterator[tuple[str, list[Any]]]:
    """The JSON Pointers of members by which one has rights or owns something, and their listed or likely values."""
    for name, member in properties(document, schema).items():
        if plain(name) in PRIVILEGES:
            likely = HIGHER if plain(name) == "role" else []
            yield f"{within}/{name}", list(keyword(document, member, "enum") or likely)
        elif within.count("/") < DEEPEST:
            yield from privileges(document, member, f"{within}/{name}")


def with_member(body: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """The body with this member where an answer shows it, or at the top if the body has no such envelope."""
    envelope, _, name = place.rpartition("/")
    if isinstance(located(body, envelope), dict):
        changed: dict[str, Any] = with_value_at(body, place, value)
        return changed
    return {**body, name: value}


def altered_value(value: Any, listed: list[Any]) -> Any:
    """Another value of the same form, one of those that are listed if any are; None if the form is unknown."""
    if listed and value is not None:
        return next((other for other in listed if other not in (value, None)), None)
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 41
    if isinstance(value, str) and value:
        return "2001-02-03T04:05:06.789Z" if TIMESTAMP.match(value) else unknown_identifier(value)
    return None
