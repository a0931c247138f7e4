"""References that names alone tell: `customerId`, `customer` or `customer_ids`, to what is in `/customers`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.contract.document import follow
from conformance.contract.names import plain
from conformance.contract.relations.reference import EACH, Reference
from conformance.contract.relations.related_operations import above

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.contract.operation import Operation

GENERIC = frozenset({"id", "uuid", "key", "name", "slug", "code", "number"})  # of whatever it is
PLURALS = {"ies": "y", "ves": "f", "es": "", "s": ""}
OWN_NAMES = ("id", "_id", "uuid", "pk")  # how objects call their identifiers themselves
DEPTH = 3  # objects within each other in which references are looked for
CHOICES = ("allOf", "anyOf", "oneOf")


@dataclass(frozen=True, kw_only=True)
class Collection:
    """Objects that can be made, or are only listed: how others name them, and the members that are shown of them."""

    route: str
    source: str  # operationId of what makes one, or else of the list
    listing: str  # operationId of the list; empty if there is none
    names: frozenset[str]  # of an identifier, whatever its type; as `plain`
    keys: frozenset[str]  # what the paths below call an identifier, as it is written there
    words: frozenset[str]  # for one of them; what is called so holds an identifier if its type is that of one
    shown: tuple[frozenset[str], ...]

    def identifier(self) -> str:
        """Where a reply, or an item of the list, has the identifier; empty if its schema shows none."""
        found = (
            name for members in self.shown for name in (*sorted(self.keys & members), *_own_name(members, self.names))
        )
        name = next(found, "")
        return f"$response.body#/{name}" if name else ""

    def named(self, members: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
        """The members that hold the identifier of one of these objects."""
        return [
            name
            for name, schema in members.items()
            if plain(name) in self.names or (plain(name) in self.words and _is_identifier(document, schema))
        ]

    def listed(self, members: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
        """The members that hold a list of such identifiers."""
        many = {f"{name}s" for name in self.names | self.words} | {plain(self.route.rpartition("/")[2])}
        followed = {name: follow(document, schema) for name, schema in members.items()}
        arrays = {name: schema.get("items") for name, schema in followed.items() if isinstance(schema, dict)}
        return [
            name for name, item in arrays.items() if plain(name) in many and item and _is_identifier(document, item)
        ]


def with_inferred_references(known: Sequence[Operation], document: Mapping[str, Any]) -> tuple[Operation, ...]:
    """The operations, each with what its required parameters and members name without a link that says so."""
    found = collections(known, document)
    return tuple(
        replace(each, references=(*each.references, *inferred_references(each, found, document))) for each in known
    )


def collections(known: Sequence[Operation], document: Mapping[str, Any]) -> tuple[Collection, ...]:
    """What operations make out of nothing but their body and a name, and what nobody makes but a list shows."""
    free = [each for each in known if not each.addressed]
    naming = [each for each in known if each.method == "PUT" and each.declares(HTTPStatus.CREATED)]
    making = {above(each): each for each in naming if len(each.path_parameters) == 1 and each.about_object}
    making |= {each.route: each for each in free if each.method == "POST"}
    listing = {each.route: each for each in free if each.method == "GET"}
    below: dict[str, set[str]] = {}
    for each in (each for each in known if each.about_object):
        below.setdefault(above(each), set()).add(each.path_parameters[-1])
    return tuple(
        Collection(
            route=route,
            source=source.id,
            listing=listing[route].id if route in listing else "",
            names=frozenset(plain(name) for name in below.get(route, set()) - GENERIC)
            | {f"{word}{plain(name)}" for word in words for name in ("id", *below.get(route, ()))},
            keys=frozenset(below.get(route, ())),
            words=words,
            shown=tuple(_shown(source, document)),
        )
        for route, source in (listing | making).items()
        for words in [_words(route) if route in below or route in listing else frozenset()]
    )


def inferred_references(
    operation: Operation, known: Sequence[Collection], document: Mapping[str, Any]
) -> tuple[Reference, ...]:
    """What required parameters and members refer to by their names alone."""
    linked = {name for reference in operation.references for name in (*reference.query, *reference.body)}
    taken = linked | set(operation.path_parameters)
    places = {steps: each for steps, each in _required(document, operation.body_schema) if steps[0] not in taken}
    members = {steps[0]: each for steps, each in places.items() if len(steps) == 1}
    queries = {
        each.name: each.schema for each in operation.of_place("query") if each.required and each.name not in taken
    }
    found = []
    for collection in (each for each in known if each.route != operation.route):
        expression = collection.identifier()
        query, named = (collection.named(each, document) for each in (queries, members))
        several = collection.listed(members, document)
        inner = [steps for steps, each in places.items() if steps[1:] and collection.named({steps[-1]: each}, document)]
        if expression and (query or named or several or inner):
            found.append(
                Reference(
                    source=collection.source,
                    listing=collection.listing,
                    query=dict.fromkeys(query, expression),
                    body={**dict.fromkeys(named, expression), **{name: [expression] for name in several}},
                    inner=dict.fromkeys(inner, expression),
                    inferred=True,
                )
            )
    return tuple(found)


def _words(route: str) -> frozenset[str]:
    """What one of the things that are there may be called: `category` for `/categories`."""
    many = plain(route.rpartition("/")[2])
    return frozenset(many.removesuffix(end) + one for end, one in PLURALS.items() if many.endswith(end) and many != end)


def _own_name(members: frozenset[str], names: frozenset[str]) -> list[str]:
    """How objects with these members call their identifiers, the surest first."""
    return [
        *sorted(name for name in members if plain(name) in names),
        *(name for name in OWN_NAMES if name in members),
    ]


def _shown(source: Operation, document: Mapping[str, Any]) -> Iterator[frozenset[str]]:
    """The members of an object that each of its successful replies declares; of a list, those of its items."""
    for answer in (each for each in source.answers if each.status[0] == "2"):
        for content in answer.content.values():
            schema = content.get("schema", {})
            yield frozenset(_declared(document, _item(document, schema) if source.safe else schema)["properties"])


def _item(document: Mapping[str, Any], schema: Any) -> Any:
    """What an array holds, or the first array among the members of an object."""
    followed = follow(document, schema) or {}
    members = [follow(document, each) for each in _declared(document, followed)["properties"].values()]
    arrays = (each for each in (followed, *members) if isinstance(each, dict) and "items" in each)
    return next((each["items"] for each in arrays), {})


def _required(
    document: Mapping[str, Any], schema: Any, steps: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The members that a body must have, each with the steps that lead there, and those within them."""
    declared = _declared(document, schema)
    for name in declared["required"] if len(steps) < DEPTH * 2 else ():
        member = declared["properties"].get(name, {})
        yield (*steps, name), member
        followed = follow(document, member)
        if isinstance(followed, dict) and "items" in followed:
            yield from _required(document, followed["items"], (*steps, name, EACH))
        else:
            yield from _required(document, followed, (*steps, name))


def _declared(document: Mapping[str, Any], schema: Any) -> dict[str, Any]:
    """The members that an object declares and requires, those of `allOf` included."""
    followed = follow(document, schema)
    whole = followed if isinstance(followed, dict) else {}  # a schema may be true or false
    parts = [whole, *(follow(document, part) for part in whole.get("allOf", ()))]
    parts = [part for part in parts if isinstance(part, dict)]
    members = {name: member for part in parts for name, member in part.get("properties", {}).items()}
    return {"properties": members, "required": [name for part in parts for name in part.get("required", ())]}


def _is_identifier(document: Mapping[str, Any], schema: Any) -> bool:
    """An integer of any size, or a UUID: what nobody can make up."""
    followed = follow(document, schema)
    if not isinstance(followed, dict):
        return False
    parts = [part for choice in CHOICES for part in followed.get(choice, ())]
    whole = followed.get("type") == "integer" and "enum" not in followed and "maximum" not in followed
    return whole or followed.get("format") == "uuid" or any(_is_identifier(document, part) for part in parts)
