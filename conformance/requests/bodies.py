"""Request bodies that the contract permits, each with a random marker by which its effect is recognised."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.contract.document import located, with_value_at
from conformance.contract.parameters import examples_of
from conformance.errors import InapplicableError, UntestableError
from conformance.requests.validity import Validity
from conformance.schemas.composition import keyword, kinds, member_schema, properties, required
from conformance.schemas.direction import without_read_only
from conformance.schemas.free_texts import (
    MARKER_LENGTH,
    free_texts,
    is_identifying,
    is_meaningful,
    new_marker,
    takes_any_member,
    takes_any_text,
    with_text_at,
)
from conformance.schemas.pattern_texts import PatternTexts
from conformance.schemas.values import Values
from conformance.serialization.bodies import BodyFormat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Request
    from conformance.requests.request_generator import RequestGenerator
    from conformance.requests.validity import RequestValidity
    from conformance.schemas.free_texts import FreeText
    from conformance.servers.webhook_receiver import Receiver

MERGE_PATCH = "application/merge-patch+json"  # RFC 7396
OWN_MEMBER = "note"  # in an object that takes any member
POOL = 8  # bodies that are generated at once, or from which values of members are taken
AS_GIVEN, IDENTIFIED_ANEW, GENERATED = range(3)  # how far a body goes from the contract's example
CHANGING = ("PUT", "PATCH")


@dataclass(frozen=True, kw_only=True)
class Body:
    """A body as it is sent, its Content-Type, and the marker in it (empty if it has no place for one)."""

    content: bytes
    content_type: str
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
    validity: RequestValidity
    texts: PatternTexts = field(default_factory=PatternTexts)
    _pool: dict[str, list[Any]] = field(default_factory=dict)
    _sent: set[str] = field(default_factory=set)  # operations whose example was sent as it is

    def body(
        self, operation: Operation, variation: int = AS_GIVEN, parameters: Mapping[str, str] | None = None
    ) -> Body | None:
        """A valid body for the operation, None if it takes none; an id in it is that of these path parameters.

        Raises UntestableError if none is known.
        """
        if not operation.bodies:
            return None
        value, marker = self._marked_value(operation, variation)
        if operation.method in CHANGING and operation.about_object and parameters:
            value = with_identifier(self.contract.document, operation, value, parameters)
        if operation.job and operation.job.item:
            item = self.item(operation)
            value, marker = with_value_at(value, operation.job.items, [item.value]), item.marker
        if operation.subscription and isinstance(value, dict):
            value, own = self._with_receiver(operation, value)
            marker = marker or own
        encoded = self._format(operation).encoded(value)
        return Body(content=encoded.content, content_type=encoded.content_type, marker=marker)

    def item(self, operation: Operation) -> Item:
        """One item, as the job that the operation begins takes it."""
        assert operation.job is not None
        value, marker = self._marked_value(self.contract.operation(operation.job.item), AS_GIVEN)
        return Item(value=value, marker=marker)

    def with_text(self, request: Request, text: str) -> Request:
        """The request with this text after its marker. Raises InapplicableError if no member takes such a text."""
        operation = self.contract.operation(request.operation)
        found = free_texts(self.contract.document, operation.body_schema, request.document)
        place = next((each for each in found if _text_at(request.document, each) == request.marker), None)
        if not request.marker or place is None or len(request.marker + text) > place.room:
            raise InapplicableError(f"{operation.id} takes no member in which such a text may stand")
        return request.with_json(with_text_at(request.document, place.path, request.marker + text))

    def with_members(self, request: Request, **members: Any) -> Request:
        """The request with these members in its body, however that is written. Raises InapplicableError without any."""
        form = self._format(self.contract.operation(request.operation))
        try:
            value = form.decoded(request.body or b"", request.header("Content-Type"))
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise InapplicableError(f"the body of {request.operation} has no members")
        encoded = form.encoded({**value, **members})
        return request.with_body(encoded.content, encoded.content_type)

    def member_values(self, operation: Operation) -> dict[str, list[Any]]:
        """Permitted values other than null of each member of the body: of a whole one by construction, then generated.

        Empty where no body is an object.
        """
        found: dict[str, list[Any]] = {}
        generated = self.request_generator.bodies(operation, count=POOL)
        bodies = [*self._constructed(operation, given=False, whole=True), *generated]
        for body in (body for body in bodies if isinstance(body, dict)):
            for name, value in body.items():
                if value is not None:
                    found.setdefault(name, []).append(value)
        return found

    def text_member(self, operation: Operation) -> str:
        """The top-level member whose text may be chosen freely, empty if there is none."""
        document = self.contract.document
        found = [
            name
            for name, schema in properties(document, operation.body_schema).items()
            if takes_any_text(document, schema)
            and (keyword(document, schema, "maxLength") or MARKER_LENGTH) >= MARKER_LENGTH
        ]
        return min(found, key=is_meaningful, default="")

    def _format(self, operation: Operation) -> BodyFormat:
        declared = operation.bodies[operation.media_type]
        return BodyFormat.of(self.contract.document, operation.media_type, declared)

    def _marked_value(self, operation: Operation, variation: int) -> tuple[Any, str]:
        example = self._example(operation) if variation < GENERATED else None
        if example is None:
            value, marker = self._with_marker(operation, self._generated(operation, variation), generated=True)
            if not marker and variation == AS_GIVEN:
                value, marker = self._with_own_member(operation, value)
            if marker or variation != AS_GIVEN:
                return value, marker
            more, marker = self._with_marker(operation, self._generated(operation, GENERATED), generated=True)
            return (more, marker) if marker else (value, "")
        value = without_read_only(self.contract.document, operation.body_schema, example)
        marked, marker = self._with_marker(operation, value, generated=False)
        repeated = operation.id in self._sent and operation.describes(HTTPStatus.CONFLICT)
        self._sent.add(operation.id)
        anew = variation > AS_GIVEN or repeated
        return self._identified_anew(operation, marked, marker, anew=anew), marker

    def _example(self, operation: Operation) -> Any:
        """The first example that the contract gives of the whole body, None without one."""
        document, declared = self.contract.document, operation.bodies[operation.media_type]
        given = [*examples_of(document, declared), keyword(document, operation.body_schema, "example")]
        given += keyword(document, operation.body_schema, "examples") or []
        return next((value for value in given if value is not None), None)

    def _identified_anew(self, operation: Operation, value: Any, marker: str, *, anew: bool) -> Any:
        """The example with other values where two objects may not have the same."""
        if not isinstance(value, dict):
            return value
        values = Values(document=self.contract.document, permits=self._permits, given=False, texts=self.texts)
        for name, schema in properties(self.contract.document, operation.body_schema).items():
            chosen = keyword(self.contract.document, schema, "enum") is not None or value.get(name) == marker
            tells_apart = name in operation.unique or (anew and is_identifying(name))
            if tells_apart and not chosen and isinstance(value.get(name), (str, int)):
                value = {**value, name: values.other(schema, value[name])}
        for pointer in (each for each in operation.unique if "/" in each):
            schema = member_schema(self.contract.document, operation.body_schema, pointer)
            former = located(value, f"/{pointer}")
            if isinstance(former, (str, int)) and former != marker:
                value = with_value_at(value, pointer, values.other(schema, former))
        return value

    def _generated(self, operation: Operation, variation: int) -> Any:
        """A body without more members than it needs: what is left out cannot collide. In the end, a whole one."""
        constructed = self._constructed(operation, given=variation == AS_GIVEN, whole=variation >= GENERATED)
        return constructed[0] if constructed else self._drawn(operation)

    def _constructed(self, operation: Operation, *, given: bool, whole: bool) -> list[Any]:
        """One body that the schema permits, or none."""
        values = Values(
            document=self.contract.document, permits=self._permits, given=given, whole=whole, texts=self.texts
        )
        try:
            return [values.of(operation.body_schema)]
        except LookupError:
            return []

    def _drawn(self, operation: Operation) -> Any:
        if not self._pool.get(operation.id):
            self._pool[operation.id] = self.request_generator.bodies(operation, count=POOL)
        if not self._pool[operation.id]:
            raise UntestableError(
                f"no body of {operation.id} is known that its schema permits. Add an `example` of one to its "
                f"requestBody ({operation.media_type}), or mend the schema if it contradicts itself."
            )
        return self._cut(operation, self._pool[operation.id].pop(0))

    def _cut(self, operation: Operation, value: Any) -> Any:
        """The value without the members that it stays valid without, if any would be left."""
        wanted = required(self.contract.document, operation.body_schema)
        if not isinstance(value, dict) or not wanted:
            return value
        for name in [name for name in value if name not in wanted]:
            shorter = {kept: member for kept, member in value.items() if kept != name}
            value = shorter if self._permits(operation.body_schema, shorter) else value
        return value

    def _with_marker(self, operation: Operation, value: Any, *, generated: bool) -> tuple[Any, str]:
        """The value with a marker in a free text; of an example, only in one that it shows and that means nothing."""
        marker, document, schema = new_marker(), self.contract.document, operation.body_schema
        named = {name for reference in operation.references for name in reference.named}  # an id will stand there
        texts = [text for text in free_texts(document, schema, value) if text.room >= MARKER_LENGTH]
        texts = [text for text in texts if not named.intersection(text.path[:1])]
        free = [with_text_at(value, text.path, marker) for text in texts if not text.meaningful]
        if generated or operation.media_type == MERGE_PATCH:  # in which each member is on its own
            free += self._with_further_member(operation, value, marker)
        if generated:
            free += [with_text_at(value, text.path, marker) for text in texts if text.meaningful]
        marked = next((candidate for candidate in free if self._permits(schema, candidate)), None)
        return (value, "") if marked is None else (marked, marker)

    def _with_further_member(self, operation: Operation, value: Any, marker: str) -> list[Any]:
        name = self.text_member(operation)
        further = isinstance(value, dict) and name and name not in value and not is_meaningful(name)
        return [{**value, name: marker}] if further else []

    def _with_own_member(self, operation: Operation, value: Any) -> tuple[Any, str]:
        """The value with a marker as a member of the suite's own, in an object that takes any, as far as it has one."""
        marker, document, schema = new_marker(), self.contract.document, operation.body_schema
        if not isinstance(value, dict):
            return value, ""
        inner = [name for name, member in properties(document, schema).items() if takes_any_member(document, member)]
        marked = [{**value, OWN_MEMBER: marker}] if takes_any_member(document, schema) else []
        marked += [{**value, name: {**(value.get(name) or {}), OWN_MEMBER: marker}} for name in inner]
        # A member of that name may be declared, and not as a text.
        return next(((each, marker) for each in marked if self._permits(schema, each)), (value, ""))

    def _permits(self, schema: Any, value: Any) -> bool:
        return self.validity.value_validity(schema, value) is not Validity.FORBIDDEN

    def _with_receiver(self, operation: Operation, value: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """The body with a silent endpoint of the suite's own receiver in it, and the unguessable part of its URL."""
        assert operation.subscription is not None
        url = self.receiver.open("/arranged").url
        return {**value, operation.subscription.url.strip("/"): url}, url.split("/")[-2]


def _text_at(value: Any, text: FreeText) -> Any:
    for name in text.path:
        value = value[name]
    return value


def with_identifier(
    document: Mapping[str, Any], operation: Operation, value: Any, parameters: Mapping[str, str]
) -> Any:
    """The body with the identifier of what it is about wherever it has one, by itself or in an envelope."""
    last = operation.path_parameters[-1]

    def named(schema: Any, members: Any, depth: int) -> Any:
        if not isinstance(members, dict):
            return members
        declared = properties(document, schema)
        changed = {
            name: named(declared.get(name, {}), each, depth + 1) if depth < 1 else each
            for name, each in members.items()
        }
        for name in {last, "id"} & members.keys():
            if "integer" not in kinds(document, declared.get(name, {})):
                changed[name] = parameters[last]
            elif parameters[last].isdecimal():
                changed[name] = int(parameters[last])
        return changed

    return named(operation.body_schema, value, 0)
