"""Plain values that a schema permits; what may be chosen freely is new each time."""

from __future__ import annotations

import base64
import itertools
import math
import random
import secrets
import sys
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from conformance.schemas.composition import ALL, branches, items, keyword, kinds, properties, required
from conformance.schemas.direction import is_read_only
from conformance.schemas.free_texts import WORD
from conformance.schemas.pattern_texts import PatternTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

DEEPEST = 8  # objects within each other that are still filled
WHOLE = 2  # objects within each other that have all their members, where they are to be whole
WIDEST = 1_000_000  # numbers to choose from
MODEST = 100  # so many where nothing bounds them: an age, an amount
ORDER = ("object", "array", "string", "integer", "number", "boolean", "null")
SOON, SPREAD = 30, 150  # days until the first moment, and among how many it is drawn
END = frozenset(
    {"end", "ends", "to", "until", "till", "due", "expires", "expiry", "expiration", "finish", "stop", "max"}
)


@dataclass(frozen=True, kw_only=True)
class Values:
    """Values by construction. `permits` says whether a schema permits a value.

    Examples and defaults come first if they are `given`, else only what the schema leaves no choice about. Objects have
    the members that they need, or at first all that they may have if they are to be `whole`. Who needs many values
    passes the same `texts` each time: those of a pattern are costly.
    """

    document: Mapping[str, Any]
    permits: Callable[[Any, Any], bool]
    given: bool = True
    whole: bool = False
    texts: PatternTexts = field(default_factory=PatternTexts)
    random: random.Random = field(default_factory=random.SystemRandom)
    _days: Iterator[int] = field(default_factory=lambda: itertools.count(SOON + secrets.randbelow(SPREAD)))

    def of(self, schema: Any) -> Any:
        """A new value that the schema permits. Raises LookupError if none is found."""
        for candidate in self._candidates(schema, 0):
            if self.permits(schema, candidate):
                return candidate
        raise LookupError

    def other(self, schema: Any, value: Any) -> Any:
        """Another value that the schema permits; the same if there is none."""
        found = (each for each in self._candidates(schema, 0) if each != value and self.permits(schema, each))
        return next(found, value)

    def _candidates(self, schema: Any, depth: int) -> Iterator[Any]:
        """Values that may be permitted, those that the contract names first."""
        for name in ("const", *(("example", "default") if self.given else ())):
            for part in branches(self.document, schema, ALL):
                if name in part:
                    yield part[name]
        for name in (*(("examples",) if self.given else ()), "enum"):
            for part in branches(self.document, schema, ALL):
                yield from part.get(name, ())
        if depth <= DEEPEST:
            for plain in self._variants(schema):
                yield from self._constructed(plain, depth)

    def _variants(self, schema: Any) -> Iterator[Any]:
        """The schema with each choice of its alternatives made, and first as it is if it has none."""
        parts = list(branches(self.document, schema, ALL))
        choices = [part for part in parts if "oneOf" in part or "anyOf" in part]
        if not choices:
            yield schema
        for part in choices:
            for choice in (*part.get("oneOf", ()), *part.get("anyOf", ())):
                fixed = {name: member for name, member in part.items() if name not in {"oneOf", "anyOf"}}
                others = [other for other in parts if other is not part]
                yield {"allOf": [fixed, choice, *others, *self._discriminated(part, choice)]}

    def _discriminated(self, part: Mapping[str, Any], choice: Any) -> list[Any]:
        """That the discriminator names the choice (OpenAPI 3.1, section 4.8.25)."""
        rules = part.get("discriminator")
        if not isinstance(rules, dict) or not isinstance(choice, dict) or "$ref" not in choice:
            return []
        named = {target: key for key, target in rules.get("mapping", {}).items()}
        last = choice["$ref"].rpartition("/")[2]
        value = named.get(choice["$ref"]) or named.get(last) or last
        return [{"properties": {rules.get("propertyName", ""): {"const": value}}, "required": [rules["propertyName"]]}]

    def _constructed(self, schema: Any, depth: int) -> Iterator[Any]:
        named = kinds(self.document, schema)
        makers = {
            "object": self._object,
            "array": self._array,
            "string": self._text,
            "integer": self._integer,
            "number": self._number,
        }
        for kind in (kind for kind in ORDER if kind in (named or self._guessed(schema))):
            if kind in makers:
                yield from makers[kind](schema, depth)
            else:
                yield from (True, False) if kind == "boolean" else (None,)

    def _guessed(self, schema: Any) -> set[str]:
        """The types that a schema without `type` is about."""
        members = properties(self.document, schema) or required(self.document, schema)
        return {"object"} if members else {"array"} if items(self.document, schema) else {"string"}

    def _object(self, schema: Any, depth: int) -> Iterator[Any]:
        declared = {
            name: member
            for name, member in properties(self.document, schema).items()
            if not is_read_only(self.document, member)
        }
        wanted = [name for name in required(self.document, schema) if not self._is_read_only(schema, name)]
        ordered = [name for name in declared if name in wanted] + [name for name in wanted if name not in declared]
        ordered = sorted(ordered, key=is_end)
        small = {name: self._first(declared.get(name, {}), depth) for name in ordered}
        whole = self.whole and depth <= WHOLE
        if not whole:
            yield small
        others = sorted((name for name in declared if name not in small), key=is_end)
        rest = {name: self._first(declared[name], depth) for name in others}
        if whole:
            yield {**small, **rest}
            yield small
        for name, value in rest.items():
            yield {**small, name: value}
        yield {**small, **rest}

    def _is_read_only(self, schema: Any, name: str) -> bool:
        return is_read_only(self.document, properties(self.document, schema).get(name, {}))

    def _first(self, schema: Any, depth: int) -> Any:
        """The first candidate that is permitted, else none; the whole is judged in the end."""
        return next((each for each in self._candidates(schema, depth + 1) if self.permits(schema, each)), None)

    def _array(self, schema: Any, depth: int) -> Iterator[Any]:
        element = items(self.document, schema)
        fewest = keyword(self.document, schema, "minItems") or 1
        one = [self._first(element, depth) for _ in range(min(fewest, 100))]
        yield one
        yield list(keyword(self.document, element, "enum") or ())[:fewest]
        yield []

    def _moment(self) -> datetime:
        """A moment of the time to come, later than the ones before: what begins a span is asked for first."""
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)  # no two fall on one day
        return midnight + timedelta(days=next(self._days), seconds=secrets.randbelow(86_400))

    def _text(self, schema: Any, _: int) -> Iterator[str]:
        declared = keyword(self.document, schema, "format")
        if declared in FORMATS:
            yield FORMATS[declared]()
        if keyword(self.document, schema, "contentEncoding") == "base64":
            yield FORMATS["byte"]()
        if declared in MOMENTS:
            yield MOMENTS[declared](self._moment())
        shortest = keyword(self.document, schema, "minLength") or 0
        longest = keyword(self.document, schema, "maxLength")
        pattern = keyword(self.document, schema, "pattern")
        if isinstance(pattern, str):
            yield from self.texts.matching(pattern, shortest, sys.maxsize if longest is None else longest)
        text = f"conformance-{secrets.token_hex(6)}".ljust(shortest, "x")
        yield text if longest is None or len(text) <= longest else secrets.token_hex(longest)[:longest]

    def _integer(self, schema: Any, _: int) -> Iterator[int]:
        step = max(int(keyword(self.document, schema, "multipleOf") or 1), 1)
        low, high = self._bounds(schema)
        first, last = math.ceil(low / step), math.floor(high / step)
        if first <= last:
            yield step * self.random.randint(first, min(last, first + WIDEST))

    def _number(self, schema: Any, depth: int) -> Iterator[float]:
        yield from self._integer(schema, depth)
        low, high = self._bounds(schema)
        yield (low + high) / 2
        step = keyword(self.document, schema, "multipleOf")
        if step:
            yield math.ceil(low / step) * step

    def _bounds(self, schema: Any) -> tuple[float, float]:
        """The least and the greatest number, whole ones where the bound itself is excluded."""
        found = {name: keyword(self.document, schema, name) for name in BOUNDS}
        low = [found["minimum"], _moved(found["exclusiveMinimum"], 1)]
        high = [found["maximum"], _moved(found["exclusiveMaximum"], -1)]
        lows, highs = ([each for each in given if _is_number(each)] for given in (low, high))
        least = max(lows) if lows else min([1, *highs])
        return least, min(highs) if highs else least + (MODEST if self.given else WIDEST)


BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _moved(value: Any, by: int) -> Any:
    return value + by if _is_number(value) else None


def is_end(name: str) -> bool:
    """The member says when or where something ends, so that its value follows that of the beginning."""
    words = [word.lower() for word in WORD.findall(name)]
    return bool(END.intersection(words))


MOMENTS: dict[str, Callable[[datetime], str]] = {
    "date": lambda moment: moment.date().isoformat(),
    "date-time": lambda moment: moment.isoformat().replace("+00:00", "Z"),
    "time": lambda moment: moment.time().isoformat() + "Z",
}
FORMATS: dict[str, Callable[[], str]] = {
    "uuid": lambda: str(uuid.uuid4()),
    "email": lambda: f"c{secrets.token_hex(6)}@example.org",
    "idn-email": lambda: f"c{secrets.token_hex(6)}@example.org",
    "duration": lambda: f"PT{secrets.randbelow(3600) + 1}S",
    "uri": lambda: f"https://example.org/{secrets.token_hex(6)}",
    "uri-reference": lambda: f"/{secrets.token_hex(6)}",
    "url": lambda: f"https://example.org/{secrets.token_hex(6)}",
    "iri": lambda: f"https://example.org/{secrets.token_hex(6)}",
    "hostname": lambda: f"c{secrets.token_hex(6)}.example.org",
    "ipv4": lambda: f"192.0.2.{secrets.randbelow(254) + 1}",
    "ipv6": lambda: f"2001:db8::{secrets.randbelow(65535) + 1:x}",
    "json-pointer": lambda: f"/{secrets.token_hex(6)}",
    "regex": lambda: f"^{secrets.token_hex(6)}$",
    "byte": lambda: base64.b64encode(secrets.token_bytes(9)).decode(),
    "password": lambda: f"Aa1!{secrets.token_hex(8)}",
}
