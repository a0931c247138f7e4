"""Putting the server of a dialect together, sound or with a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from dialects.server.answers import Answers
from dialects.server.bodies import Bodies
from dialects.server.door import Door
from dialects.server.hooks import Hooks
from dialects.server.lists import Lists
from dialects.server.preconditions import Preconditions
from dialects.server.replays import Replays
from dialects.server.service import Service
from dialects.server.store import Store

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.server.people import People

Part = TypeVar("Part")


def build(
    dialect: Dialect, people: People, receivers: frozenset[str] = frozenset(), fault: type | None = None
) -> Service:
    """The service, which calls these receivers alone; a fault is a subclass of one part, and takes its place."""

    def part(sound: type[Part]) -> type[Part]:
        return fault if fault is not None and issubclass(fault, sound) else sound

    answers = part(Answers)(dialect=dialect)
    store = part(Store)(dialect=dialect)
    if dialect.older:
        store.add_older(sorted({caller.name for caller in people.keys.values()}))
    return part(Service)(
        dialect=dialect,
        door=part(Door)(dialect=dialect, people=people),
        bodies=part(Bodies)(dialect=dialect),
        store=store,
        answers=answers,
        lists=part(Lists)(dialect=dialect, answers=answers),
        preconditions=part(Preconditions)(dialect=dialect),
        replays=part(Replays)(dialect=dialect),
        hooks=part(Hooks)(dialect=dialect, admitted=receivers),
    )
