"""A failed assertion of a check: what was compared, in words, and which replies and deliveries it was about."""

from __future__ import annotations

import ast
import contextlib
import operator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.http.messages import Reply, Request
from conformance.judgement.remarks import Remark
from conformance.results.wording import containment, described, expectation
from conformance.servers.webhook_receiver import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pytest

REPLIES = ("reply", "last_reply")  # what an object calls the reply that it is about
RECOGNISABLE = 6  # characters
DEPTH = 3  # of containers that replies are looked for in
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "in": lambda left, right: operator.contains(right, left),
    "not in": lambda left, right: not operator.contains(right, left),
}

Evidence = Reply | Delivery | Request  # a request that got no answer


@dataclass(frozen=True)
class Comparison:
    """Two values that were compared, and how."""

    relation: str
    left: object
    right: object

    @property
    def holds(self) -> bool:
        """It is not the one that failed."""
        known = OPERATORS.get(self.relation)
        return bool(known(self.left, self.right)) if known else False

    def told(self, raised: Raised) -> tuple[str, str]:
        """What was expected and what was observed."""
        about = raised.left_of_comparison
        if self.relation == "==" and isinstance(self.right, (list, dict, set, frozenset)) and not self.right:
            return raised.seen, described(self.amiss)
        if self.relation in {"in", "not in"} and isinstance(about, ast.Constant):
            return containment(self.relation, self.left), described(self.right)
        return expectation(self.relation, self.right), described(self.amiss)

    @property
    def amiss(self) -> object:
        """What of the left value is not as it should be: all of it, unless the right one says."""
        says = getattr(self.right, "amiss", None)
        return says(self.left) if says else self.left


@dataclass
class Assertion:
    """Gathers what pytest tells of an assertion while it fails."""

    comparisons: list[Comparison] = field(default_factory=list)

    def compared(self, relation: str, left: object, right: object) -> None:
        self.comparisons.append(Comparison(relation, left, right))

    @property
    def failed(self) -> list[Comparison]:
        """The comparisons that did not hold; several where one of them would have been enough."""
        if len(self.comparisons) == 1:
            return self.comparisons
        return [each for each in self.comparisons if not each.holds] or self.comparisons[-1:]

    def told(self, raised: Raised, came: Evidence | None) -> tuple[str, str]:
        """What was expected and what was observed; where nothing was compared, in the words of the check."""
        if not self.comparisons:
            return raised.seen, f"it is not so; {described(came)}" if came else "it is not so"
        pairs = [each.told(raised) for each in self.failed]
        expected = ", or ".join(dict.fromkeys(expected for expected, _ in pairs))
        return expected, "; ".join(dict.fromkeys(observed for _, observed in pairs))

    def evidence(self, raised: Raised) -> list[Evidence]:
        """The replies and deliveries that were compared, else those that the assertion names, the decisive first."""
        compared = [found for each in self.failed for value in (each.amiss, each.right) for found in inside(value)]
        return distinct([*compared, *raised.named]) or raised.kept[-1:]

    @property
    def texts(self) -> list[str]:
        """The texts of what was observed, by which the answer that held it can be found."""
        return [text for each in self.failed for text in _texts(each.amiss) if len(text) >= RECOGNISABLE]

    @property
    def of_one_reply(self) -> bool:
        """A reply was compared with what is expected of it, or it is one of several of which each stands for itself."""
        return any(isinstance(value, (Reply, Remark)) for each in self.failed for value in _single(each.amiss))


def _single(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, (list, tuple)):
        yield from value
    elif isinstance(value, dict):
        yield from value.values()


@dataclass(frozen=True)
class Raised:
    """Where an assertion failed: its statement, the values of the names in it, and what the check does and sees."""

    statement: ast.Assert | None = None
    names: Mapping[str, object] = field(default_factory=dict)
    check: str = ""

    @classmethod
    def by(cls, failure: pytest.ExceptionInfo[BaseException] | None, check: str) -> Raised:
        if failure is None:
            return cls(check=check)
        entry = failure.traceback[-1]
        with contextlib.suppress(SyntaxError, AssertionError, OSError):  # the source may not be at hand
            parsed = ast.parse(str(entry.statement.deindent())).body
            if parsed and isinstance(parsed[0], ast.Assert):
                return cls(parsed[0], entry.frame.f_locals, check)
        return cls(check=check)

    @property
    def seen(self) -> str:
        """What the check is to see: the end of its sentence, after what it does."""
        return self.check.rpartition("; ")[2].rstrip(".")

    @property
    def left_of_comparison(self) -> ast.expr | None:
        test = self.statement.test if self.statement else None
        return test.left if isinstance(test, ast.Compare) else None

    @property
    def named(self) -> list[Evidence]:
        """The replies and deliveries that the statement names, in its order."""
        return [found for value in self._values for found in inside(value, objects=False)]

    @property
    def _values(self) -> list[object]:
        nodes = ast.walk(self.statement) if self.statement else ()
        parts = [node for node in nodes if isinstance(node, (ast.Name, ast.Attribute))]
        parts.sort(key=lambda node: (node.lineno, node.col_offset))
        return [self._value(part) for part in parts]

    @property
    def kept(self) -> list[Evidence]:
        """The replies that the check has kept under names of its own, as far as it came."""
        return [value for value in self.names.values() if isinstance(value, Reply)]

    def _value(self, part: ast.expr) -> object:
        """The value of a name, or of what is kept in it: nothing is computed."""
        if isinstance(part, ast.Name):
            return self.names.get(part.id)
        if isinstance(part, ast.Attribute):
            return getattr(self._value(part.value), "__dict__", {}).get(part.attr)
        return None


def inside(value: object, depth: int = DEPTH, *, objects: bool = True) -> Iterator[Evidence]:
    """The replies and deliveries in a value, in its order; also those that objects in it are about."""
    if isinstance(value, Reply | Delivery):
        yield value
    elif isinstance(value, (list, tuple, set, frozenset)) and depth:
        for item in value:
            yield from inside(item, depth - 1, objects=objects)
    elif isinstance(value, dict) and depth:
        yield from inside(list(value.values()), depth, objects=objects)
    elif isinstance(value, Remark):
        yield from (about for about in (value.reply, value.unanswered) if about)
    elif depth and objects:
        kept = getattr(value, "__dict__", {})
        yield from inside([kept[name] for name in REPLIES if name in kept], depth - 1)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _texts(item)


def distinct(found: list[Evidence]) -> list[Evidence]:
    return list({id(each): each for each in found}.values())
