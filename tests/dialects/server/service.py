"""The service: what each operation does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import TYPE_CHECKING
from urllib.parse import unquote

from dialects.operations import BASES, SHELVES, operations
from dialects.server.messages import RefusedError, Request, Response, in_json
from dialects.server.store import key

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.operations import Operation
    from dialects.server.answers import Answers
    from dialects.server.bodies import Bodies
    from dialects.server.door import Door
    from dialects.server.hooks import Hooks
    from dialects.server.lists import Lists
    from dialects.server.people import Caller
    from dialects.server.preconditions import Preconditions
    from dialects.server.replays import Replays
    from dialects.server.store import Store, Thing

WORD = re.compile(r"([A-Z])")
IDENTIFIERS = {
    "uuid": re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
    "number": re.compile(r"[1-9][0-9]{0,17}"),
    "token": re.compile(r"th_[0-9a-f]{16}"),
    "encoded": re.compile(r".{1,80}", re.DOTALL),
}
CHANNEL = re.compile(r"[a-z]{3,12}")


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a path names: a shelf, and an id; each is empty if there is none."""

    shelf: str = ""
    identifier: str = ""


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that is admitted: who asks, and where; `identifier` is the key of a thing, empty if there is none."""

    request: Request
    caller: Caller
    place: Place

    @property
    def identifier(self) -> str:
        return key(self.place.shelf, self.place.identifier) if self.place.identifier else ""

    @property
    def name(self) -> str:
        return self.caller.name


@dataclass(frozen=True, kw_only=True)
class Service:
    """Answers requests, one at a time."""

    dialect: Dialect
    door: Door
    bodies: Bodies
    store: Store
    answers: Answers
    lists: Lists
    preconditions: Preconditions
    replays: Replays
    hooks: Hooks
    lock: RLock = field(default_factory=RLock)

    def __call__(self, request: Request) -> Response:
        with self.lock:
            try:
                response = self.answered(request)
            except RefusedError as refusal:
                response = self.answers.refusal(refusal)
        return Response(
            status=response.status, headers={**response.headers, **self.safety(request)}, content=response.content
        )

    def safety(self, request: Request, /) -> dict[str, str]:
        told = {} if self.dialect.lenient and request.method == "POST" else {"Cache-Control": "no-store"}
        return {"X-Content-Type-Options": "nosniff", **told}

    def refused(self, status: int, told: str) -> Response:
        return self.answers.refusal(RefusedError(status, told))

    def answered(self, request: Request) -> Response:
        operation, place = self.routed(request)
        caller = self.door.admitted(request, operation)
        self.check_parameters(request, operation)
        handle = getattr(self, WORD.sub(r"_\1", operation.name).lower())
        return self.replays.once(
            request, operation, caller, lambda: handle(Call(request=request, caller=caller, place=place))
        )

    def routed(self, request: Request) -> tuple[Operation, Place]:
        """The operation, and what the path names. Raises RefusedError."""
        method = "GET" if request.method == "HEAD" else request.method
        found = {
            known.method: (known, place)
            for known in operations(self.dialect)
            if (place := matched(BASES[self.dialect.base] + known.path, request.path)) is not None
        }
        if not found:
            raise RefusedError(404, "there is no such path")
        if method not in found:
            raise self.wrong_method(set(found))
        return found[method]

    def wrong_method(self, allowed: set[str]) -> RefusedError:
        if self.dialect.wrong_method == 404:
            return RefusedError(404, "there is no such path")
        heads = {"HEAD"} if "GET" in allowed else set()
        return RefusedError(405, "there is no such method", Allow=", ".join(sorted(allowed | heads)))

    def check_parameters(self, request: Request, operation: Operation) -> None:
        """Raises RefusedError where a required parameter is missing or not valid."""
        needed = self.dialect.query == "required" and operation.name != "readStatus"
        if needed and request.argument("tenant") not in {"north", "south"}:
            raise RefusedError(400, "the tenant is missing")
        channel = self.dialect.header and operation.name == "createThing"
        if channel and not CHANNEL.fullmatch(request.header("X-Channel")):
            raise RefusedError(400, "the channel is missing")

    def list_things(self, call: Call) -> Response:
        things = [thing for thing in self.store.listed(call.name) if thing.shelf == call.place.shelf]
        return self.lists.answered(call.request, things, call.name)

    def create_thing(self, call: Call) -> Response:
        values = self.bodies.taken(call.request, "createThing")
        self.check_choice(call.place.identifier)
        if call.identifier in self.store.things:
            thing = self.changed(call)
            self.store.replace(thing, values)
            return self.answers.whole(thing)
        thing = self.store.add(call.name, values, call.place.shelf, call.place.identifier)
        self.hooks.announce("thing.created", call.name, self.answers.shown(thing))
        return self.answers.created(thing, call.request)

    def check_choice(self, identifier: str) -> None:
        """Raises RefusedError where a client has chosen an id that is none."""
        if identifier and not IDENTIFIERS[self.dialect.identifier].fullmatch(identifier):
            raise RefusedError(400, "there are no such ids")

    def read_thing(self, call: Call) -> Response:
        thing = self.store.seen(call.name, call.identifier)
        whole = self.answers.whole(thing)
        if self.preconditions.unchanged(call.request, whole):
            return Response(status=304, headers={"ETag": whole.headers["ETag"]})
        return whole

    def update_thing(self, call: Call) -> Response:
        thing = self.changed(call)
        values = self.bodies.taken(call.request, "updateThing")
        self.preconditions.check(call.request, self.answers.tag(thing))
        if self.dialect.update == "patch":
            self.store.merge(thing, values)
        else:
            self.store.replace(thing, values)
        return self.answers.whole(thing) if self.dialect.updated == 200 else Response(status=204)

    def delete_thing(self, call: Call) -> Response:
        thing = self.changed(call)
        self.preconditions.check(call.request, self.answers.tag(thing))
        self.store.remove(thing)
        if self.dialect.deleted == 200:
            return self.answers.content(self.answers.wrapped(self.answers.shown(thing)))
        return Response(status=204)

    def changed(self, call: Call) -> Thing:
        """The thing that is about to change."""
        return self.store.seen(call.name, call.identifier)

    def read_status(self, _call: Call) -> Response:
        return in_json({"up": True})

    def store_file(self, call: Call) -> Response:
        thing = self.changed(call)
        if self.dialect.file == "binary":
            if not self.bodies.labelled(call.request, "application/octet-stream"):
                raise RefusedError(415, "send application/octet-stream")
            thing.file = call.request.content
            return Response(status=204)
        thing.file = self.bodies.file(call.request)
        return Response(status=204)

    def read_file(self, call: Call) -> Response:
        thing = self.store.seen(call.name, call.identifier)
        return Response(status=200, headers={"Content-Type": "application/octet-stream"}, content=thing.file or b"")

    def add_hook(self, call: Call) -> Response:
        hook = self.hooks.add(call.name, self.bodies.parsed(call.request, "application/json"))
        return in_json(self.hooks.shown(hook), 201)

    def drop_hook(self, call: Call) -> Response:
        self.hooks.remove(call.name, call.place.identifier)
        return Response(status=204)


def matched(template: str, path: str) -> Place | None:
    """What a path of this form names, decoded; None if the path has another form, or there is no such shelf."""
    wanted, given = template.split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    place = Place()
    for form, segment in zip(wanted, given, strict=True):
        if form == "{shelf}" and segment in SHELVES:
            place = replace(place, shelf=segment)
        elif form.startswith("{") and form != "{shelf}" and segment:
            place = replace(place, identifier=unquote(segment))
        elif form != segment:
            return None
    return place
