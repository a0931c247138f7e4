"""Which objects of a document stand where, and which of them may be a reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.contract.reading.objects import ARAZZO, ASYNCAPI, OPENAPI, SCHEMA, Each

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.contract.reading.objects import Members

Steps: TypeAlias = tuple[str | int, ...]

WITHOUT_REFERENCES = {"OpenAPI", "AsyncAPI", "Arazzo", "Components", "Encoding", "Workflow"}


@dataclass(frozen=True, kw_only=True)
class Target:
    """What some reference leads to outside of the tree of the first file, and the kind of object that it must be."""

    steps: Steps  # within the one value
    kind: str


@dataclass(frozen=True, kw_only=True)
class Object:
    """One object of a document: where it is, what it is, and within which kind of object."""

    steps: Steps
    kind: str
    value: Mapping[str, Any]
    within: str = ""


@dataclass(frozen=True, kw_only=True)
class Grammar:
    """The objects of one specification."""

    root: str
    objects: Mapping[str, Members]

    def takes_reference(self, kind: str) -> bool:
        """An object of this kind may be a `$ref` instead (or, as schemas and path items, have one)."""
        return kind not in WITHOUT_REFERENCES and not (kind == "Operation" and self.root == "OpenAPI")

    def is_within_schema(self, steps: Steps) -> bool:
        """These steps lead from one schema to another one within it."""
        members, rest = self.objects["Schema"], list(steps)
        while rest:
            wanted = members.get(str(rest.pop(0)))
            if wanted is None or (isinstance(wanted, Each) and not rest):
                return False
            if isinstance(wanted, Each):
                rest.pop(0)
        return bool(steps)

    def members(self, kind: str, value: Mapping[str, Any]) -> Iterator[tuple[Steps, Any, str]]:
        """The objects that an object holds: the steps to each, the object, and its kind."""
        known = self.objects[kind]
        for name, member in value.items():
            wanted = known.get(name) or (known.get("*") if not name.startswith("x-") else None)
            if isinstance(wanted, Each):
                for step, element in _elements(member):
                    if not (wanted.kind in {"Path Item", "Response"} and str(step).startswith("x-")):
                        yield (name, step), element, wanted.kind
            elif wanted is not None and isinstance(member, list):  # `items` of older schemas
                yield from (((name, step), element, wanted) for step, element in enumerate(member))
            elif wanted is not None:
                yield (name,), member, wanted

    def walk(self, document: Mapping[str, Any], targets: Iterable[Target] = ()) -> Iterator[Object]:
        """Every object of a document, and of what else references lead to."""
        seen: set[int] = set()
        outside = (Object(steps=each.steps, kind=each.kind, value=at(document, each.steps)) for each in targets)
        pending = [*outside, Object(steps=(), kind=self.root, value=document)]
        while pending:
            found = pending.pop()
            if not isinstance(found.value, dict) or id(found.value) in seen:
                continue
            seen.add(id(found.value))
            yield found
            inside = [
                Object(steps=(*found.steps, *further), kind=kind, value=member, within=found.kind)
                for further, member, kind in self.members(found.kind, found.value)
            ]
            pending += reversed(inside)


def at(document: Any, steps: Steps) -> Any:
    """The value at these steps, which are there."""
    for step in steps:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def _elements(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


OPENAPI_GRAMMAR = Grammar(root="OpenAPI", objects={**SCHEMA, **OPENAPI})
ASYNCAPI_GRAMMAR = Grammar(root="AsyncAPI", objects={**SCHEMA, **ASYNCAPI})
ARAZZO_GRAMMAR = Grammar(root="Arazzo", objects={**SCHEMA, **ARAZZO})
