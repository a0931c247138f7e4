"""The state of an object as its owner reads it, compared without the members that move by themselves."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.http.messages import Reply

Path = tuple[str | int, ...]

PAUSE = 1.1  # seconds; what is told in whole seconds moves within them


@dataclass(frozen=True, kw_only=True, eq=False)
class ObjectState:
    """What was read: a status and a JSON document; `moving` holds what two states are compared without."""

    status: int
    document: Any
    moving: set[Path] = field(default_factory=set)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObjectState) and self.status == other.status and not self.differences(other)

    def __hash__(self) -> int:
        return self.status  # equal states have equal ones, whatever moves

    @property
    def success(self) -> bool:
        """The status is 2xx."""
        return 200 <= self.status < 300

    def __repr__(self) -> str:
        return f"{self.status} {json.dumps(self.document, ensure_ascii=False)}"

    def differences(self, other: ObjectState) -> set[Path]:
        """Where both documents differ, apart from what moves by itself."""
        return set(differing(self.document, other.document)) - self.moving


@dataclass(kw_only=True)
class StateReader:
    """Reads the state of one object again and again.

    What differs from the reading before is read once more after a pause in which nothing is asked: what differs then
    too moves by itself. `settable` holds the members that requests set; if one of them differs, no clock did it.
    """

    read: Callable[[], Reply]
    settable: frozenset[str] = frozenset()
    _moving: set[Path] = field(default_factory=set)
    _last: ObjectState | None = None

    def __call__(self) -> ObjectState:
        """The state now."""
        state, last = self._state(), self._last
        if last is not None and last.status == state.status:
            found = last.differences(state)
            if found and not any(self.settable.intersection(map(str, path)) for path in found):
                threading.Event().wait(PAUSE)
                self._moving |= state.differences(self._state())
        self._last = state
        return state

    def _state(self) -> ObjectState:
        reply = self.read()
        document = reply.text if reply.json is None else reply.json
        return ObjectState(status=reply.status, document=document, moving=self._moving)


def differing(one: Any, other: Any, path: Path = ()) -> Iterator[Path]:
    """The paths from the top at which two JSON documents differ, those that only one of them has included."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() | other.keys():
            if name in one and name in other:
                yield from differing(one[name], other[name], (*path, name))
            else:
                yield (*path, name)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differing(left, right, (*path, index))
    elif one != other or isinstance(one, bool) is not isinstance(other, bool):
        yield path
