"""What is kept: things, each with its owner."""

from __future__ import annotations

import secrets
import time
import uuid
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from dialects.members import members, plain_body
from dialects.operations import SHELVES
from dialects.server.messages import RefusedError

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Json

LATE = 0.3  # seconds after which a list shows what was made
OLDER = 8


@dataclass(kw_only=True)
class Thing:
    """One thing; `values` are the members that a request has set."""

    id: str
    owner: str
    values: Json
    number: int  # in the order in which they were made
    version: int = 1
    since: float = field(default_factory=time.monotonic)
    file: bytes | None = None
    shelf: str = ""

    @property
    def key(self) -> str:
        return key(self.shelf, self.id)


def key(shelf: str, identifier: str) -> str:
    """By what a thing is kept: two shelves may hold the same id."""
    return f"{shelf} {identifier}" if shelf else identifier


@dataclass(kw_only=True)
class Store:
    """All things in the order in which they were made. The caller holds the lock."""

    dialect: Dialect
    things: dict[str, Thing] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def new_id(self) -> str:
        """An id that nobody can guess, as the path holds it once it is decoded."""
        return {
            "uuid": lambda: str(uuid.uuid4()),
            "number": lambda: str(secrets.randbelow(2**50) + 1),
            "token": lambda: f"th_{secrets.token_hex(8)}",
            "encoded": lambda: f"in/2026: é {secrets.token_hex(8)}",
        }[self.dialect.identifier]()

    def add(self, owner: str, values: Json, shelf: str = "", identifier: str = "") -> Thing:
        """A new thing, with an id of its own if none is chosen for it."""
        self.insist_on_free(values)
        thing = Thing(
            id=identifier or self.new_id(),
            owner=owner,
            values=self.completed(values),
            number=next(self.numbers),
            shelf=shelf,
        )
        self.things[thing.key] = thing
        return thing

    def completed(self, values: Json) -> Json:
        """The values, with defaults where they are silent."""
        defaults = {member.name: member.default for member in members(self.dialect) if member.default is not None}
        return {**defaults, **values}

    def seen(self, caller: str, identifier: str) -> Thing:
        """The thing, if the caller may read it. Raises RefusedError."""
        thing = self.things.get(identifier)
        if thing is None:
            raise RefusedError(self.status_of_none(identifier), "there is no such thing")
        if not self.belongs(thing, caller):
            raise self.stranger()
        return thing

    def belongs(self, thing: Thing, caller: str) -> bool:
        return thing.owner == caller

    def stranger(self) -> RefusedError:
        if self.dialect.ownership == "forbidden":
            return RefusedError(403, "it is somebody else's")
        return RefusedError(404, "there is no such thing")

    def status_of_none(self, identifier: str) -> int:
        return self.dialect.gone if identifier in self.ended else 404

    def listed(self, caller: str) -> list[Thing]:
        late = time.monotonic() - LATE if self.dialect.late else float("inf")
        return [thing for thing in self.things.values() if self.belongs(thing, caller) and thing.since < late]

    def replace(self, thing: Thing, values: Json) -> None:
        """Sets all members: what the values leave out is as in a new thing."""
        self.insist_on_free(values, thing)
        thing.values = self.completed(values)
        thing.version += 1

    def merge(self, thing: Thing, patch: Json) -> None:
        """Sets the members that the patch names, and removes those that it sets to null (RFC 7396)."""
        self.insist_on_free(patch, thing)
        removed = {name for name, value in patch.items() if value is None}
        merged = {name: value for name, value in {**thing.values, **patch}.items() if name not in removed}
        thing.values = self.completed(merged)
        thing.version += 1

    def remove(self, thing: Thing) -> None:
        del self.things[thing.key]
        self.ended.add(thing.key)

    def insist_on_free(self, values: Json, known: Thing | None = None) -> None:
        """Raises RefusedError where a name is taken, and no two things may have the same."""
        if self.dialect.names == "unique" and "name" in values:
            others = (each for each in self.things.values() if each is not known)
            if any(each.values["name"] == values["name"] for each in others):
                raise RefusedError(409, "the name is taken")

    def add_older(self, owners: list[str]) -> None:
        """What a system in use holds before anybody judges it."""
        for owner in owners:
            for number in range(OLDER):
                shelf = "" if self.dialect.shelf == "none" else SHELVES[0]
                thing = self.add(owner, plain_body(self.dialect, f"old thing {number} of {owner}"), shelf)
                thing.since -= LATE
