"""A copy of a document in which objects are changed, and references follow what was moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from conformance.contract.reading.grammar import Grammar, Steps, Target, at

if TYPE_CHECKING:
    from collections.abc import Iterable

Change: TypeAlias = Callable[[str, dict[str, Any], Steps], Any]  # an object by its kind → what takes its place


def rebuilt(document: Mapping[str, Any], grammar: Grammar, targets: Iterable[Target], change: Change) -> dict[str, Any]:
    """A copy of the document in which each object is what `change` makes of it, those within it first."""
    whole = _Rebuilding(grammar, change)
    copy: dict[str, Any] = whole.of(document, grammar.root, ())
    for target in sorted(targets, key=lambda each: len(each.steps)):
        value = at(document, target.steps)
        if id(value) not in whole.done:
            _put(copy, target.steps, whole.of(value, target.kind, target.steps))
    return copy


class _Rebuilding:
    def __init__(self, grammar: Grammar, change: Change) -> None:
        self._grammar = grammar
        self._change = change
        self.done: set[int] = set()

    def of(self, value: Any, kind: str, steps: Steps) -> Any:
        if not isinstance(value, dict):
            return value
        self.done.add(id(value))
        copy = dict(value)
        for further, member, wanted in self._grammar.members(kind, value):
            _put(copy, further, self.of(member, wanted, (*steps, *further)), fresh=value)
        return self._change(kind, copy, steps)


def _put(container: Any, steps: Steps, value: Any, fresh: Any = None) -> None:
    """Puts a value at these steps; what holds it on the way is copied where it is still the original's."""
    for step in steps[:-1]:
        inner = container[int(step)] if isinstance(container, list) else container[step]
        if fresh is None or inner is fresh.get(step):
            inner = dict(inner) if isinstance(inner, dict) else list(inner)
            container[int(step) if isinstance(container, list) else step] = inner
        container = inner
    last = steps[-1]
    container[int(last) if isinstance(container, list) else last] = value


def moved(document: Any, grammar: Grammar, targets: Iterable[Target], to: Callable[[Steps], Steps]) -> None:
    """Has each reference lead to where its target is now."""
    for found in grammar.walk(document, targets):
        if isinstance(found.value, dict) and str(found.value.get("$ref", "")).startswith("#/"):
            steps = steps_of(found.value["$ref"])
            now = to(steps)
            if now != steps:
                found.value["$ref"] = reference_to(now)


def steps_of(reference: str) -> Steps:
    """The steps of a JSON Pointer fragment (RFC 6901)."""
    return tuple(unquote(part).replace("~1", "/").replace("~0", "~") for part in reference.split("/")[1:])


def reference_to(steps: Steps) -> str:
    """The JSON Pointer fragment of these steps."""
    escaped = (str(step).replace("~", "~0").replace("/", "~1").replace("%", "%25") for step in steps)
    return "#" + "".join(f"/{step}" for step in escaped)
