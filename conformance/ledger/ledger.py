"""The ledger of a mutation: the acknowledged requests against what every channel shows of them."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from conformance.effects.channels import Channels, refers_to
from conformance.errors import BlockedError, UntestableError
from conformance.http.polling import eventually, until
from conformance.judgement.expectations import accepted, distinct
from conformance.judgement.object_state import PAUSE, differing
from conformance.ledger.statement import Entry, Statement
from conformance.observations.page_walk import LATENESS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.messages import Event
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account

SETTLE_TIMEOUT = 1.0  # seconds; what was not acknowledged is not waited for any longer
SETTLE_STEPS = 20


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What can be read at a moment: the object (None: it is not there), and its items in the collection."""

    shown: Any
    entries: tuple[Any, ...] = ()
    tag: str = ""  # its ETag

    def changed_members(self, again: Snapshot) -> frozenset[str]:
        """The members that differ in another snapshot, wherever they stand in the object or in its items."""
        pairs = [(self.shown, again.shown), *zip(self.entries, again.entries, strict=False)]
        paths = (path for pair in pairs for path in differing(*pair))
        names = ([name for name in path if isinstance(name, str)] for path in paths)
        return frozenset(name[-1] for name in names if name)


@dataclass(kw_only=True)
class Ledger:
    """The ledger of one mutation, opened before its first request is sent.

    Replies are compared with what the channels show. A twin, sent once and about another object, closes the ledger:
    its event must arrive before absence is stated, and a channel that does not show the effect of the twin is left
    out. What was deleted may stay as a tombstone that differs from the object.
    """

    channels: Channels
    request: Request
    before: Snapshot
    volatile: frozenset[str] = frozenset()  # members that differ each time they are read
    replies: list[Reply] = field(default_factory=list)

    @classmethod
    def open(cls, channels: Channels, request: Request) -> Ledger:
        """Opens a ledger: reads what the channels show before the first request."""
        ledger = cls(channels=channels, request=request, before=Snapshot(shown=None))
        if not channels.creates:
            once = ledger.first_snapshot()
            ledger.volatile = replace(once, entries=()).changed_members(ledger.shown())
            ledger.before = ledger.without_volatile(once)
        return ledger

    def first_snapshot(self) -> Snapshot:
        """The snapshot as soon as the list shows what the request is about, as far as it ever does."""
        listing = self.channels.listing
        if listing is None:
            return self.snapshot()
        listed = self.channels.arranger.listed
        return listed.awaited(listing.path, self.snapshot, lambda snapshot: bool(snapshot.entries))

    @property
    def operation(self) -> Operation:
        return self.channels.operation

    @property
    def owner(self) -> Account:
        return self.channels.owner

    def send(self, request: Request | None = None) -> Reply:
        """Sends a request of this mutation (by default the first one), and records its reply."""
        return self.record(self.owner.send(request or self.request))

    def record(self, reply: Reply) -> Reply:
        """Records a reply that the owner got otherwise."""
        self.replies.append(reply)
        return reply

    def repeat(self) -> Reply:
        """Repeats the request until it is accepted or the timeout is over, and records the last reply."""
        timeout = self.owner.client.deadline
        return self.record(eventually(lambda: self.owner.send(self.request), accepted(self.operation), within=timeout))

    def wait_until_settled(self) -> bool:
        """Whether an effect of the request shows within SETTLE_TIMEOUT; without an acknowledgement it need not."""
        end, pause = time.monotonic() + SETTLE_TIMEOUT, threading.Event()
        while not _any_seen(tuple(self.entries(self.snapshot()))) and time.monotonic() < end:
            pause.wait(SETTLE_TIMEOUT / SETTLE_STEPS)
        return time.monotonic() < end

    @property
    def acknowledged(self) -> list[Reply]:
        """The successful replies; replays of one request, known by its key or by what they tell, count once."""
        by_request: dict[bytes, list[Reply]] = {}
        for reply in self.replies:
            if self.operation.succeeded(reply.status):
                by_request.setdefault(_fingerprint(self.operation, reply.request), []).append(reply)
        return [
            reply
            for replies in by_request.values()
            for reply in (replies if self._are_mute(replies) else distinct(replies))
        ]

    def _are_mute(self, replies: list[Reply]) -> bool:
        """Replies to creations without a key that tell nothing of what was made, so that equal ones are no replays."""
        header = self.operation.idempotency.header if self.operation.idempotency else ""
        telling = (reply.body or reply.header("Location") or reply.request.header(header) for reply in replies)
        return self.channels.creates and bool(replies) and not any(telling)

    def snapshot(self) -> Snapshot:
        """The current object and its items in the collection."""
        entries = tuple(self._own_entries(self.channels.entries(self.request)))
        return self.without_volatile(replace(self.shown(), entries=entries))

    def shown(self) -> Snapshot:
        """The current object alone; none where the operation creates one."""
        if self.channels.creates or self.channels.reading is None:
            return Snapshot(shown=None)
        reply = self.channels.read(self._parameters)
        return Snapshot(shown=None if reply.refused else reply.json, tag=reply.header("ETag"))

    def without_volatile(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot without its volatile members."""
        entries = tuple(_without(entry, self.volatile) for entry in snapshot.entries)
        return replace(snapshot, shown=_without(snapshot.shown, self.volatile), entries=entries)

    def statement(self) -> Statement:
        """What every channel shows now. Raises UntestableError where no channel but the replies shows the effect."""
        count = len(self.acknowledged)
        for event in self.channels.events:
            self.channels.event_ids(event, self.search_texts, least=count)
        twin = self._twin_entries()
        shown = [entry for entry in self.entries(self._snapshot_of_effects()) if self._shows_effects(entry, twin)]
        events = [self._event_entry(event) for event in self.channels.events]
        if not shown and not events:
            raise UntestableError(f"nothing but its answer shows what {self.operation.id} does.")
        answers = Entry(channel="acknowledged", seen=tuple(str(reply.status) for reply in self.acknowledged))
        title = f"{self.operation.method} {self.operation.path}"
        return Statement(title=title, entries=(answers, *shown, *events))

    def _snapshot_of_effects(self) -> Snapshot:
        """The current snapshot. What has changed though nothing was acknowledged, and changes again, is volatile."""
        snapshot = self.snapshot()
        if not self.acknowledged and not self.channels.creates and self.before.changed_members(snapshot):
            threading.Event().wait(PAUSE)
            self.volatile |= snapshot.changed_members(self.snapshot())
            self.before = self.without_volatile(self.before)
        return self.without_volatile(snapshot)

    def _event_entry(self, event: Event) -> Entry:
        deliveries = self.channels.deliveries(event, self.search_texts)
        for delivery in deliveries:
            self.channels.record(delivery)
        return Entry(channel=event.name, seen=self.channels.ids(deliveries))

    def entries(self, snapshot: Snapshot) -> Iterator[Entry]:
        """What the readable channels show."""
        if self.channels.creates:
            yield Entry(channel="in the collection", seen=tuple(_label(entry) for entry in snapshot.entries))
            if self.channels.reading is not None and not self._are_mute(self.acknowledged):
                yield Entry(channel="to be read", seen=tuple(dict.fromkeys(self._readable())))
        elif self.operation.method == "DELETE":
            left = [entry for entry in snapshot.entries if entry in self.before.entries]
            gone = () if snapshot.shown == self.before.shown else ("gone",)
            yield Entry(channel="object gone", seen=gone, state=True)
            yield Entry(channel="gone from the collection", seen=() if left else ("gone",), state=True)
        else:
            changed = self._changes((snapshot.shown,), (self.before.shown,))
            listed = self._changes(snapshot.entries, self.before.entries)
            yield Entry(channel="object changed", seen=changed, state=True)
            yield Entry(channel="changed in the collection", seen=listed, state=True)

    def _shows_effects(self, entry: Entry, twin: tuple[Entry, ...]) -> bool:
        """The channel shows effects: it has shown that of the twin; for a deletion, the object before it."""
        if self.operation.method == "DELETE":
            known = {"object gone": self.before.shown, "gone from the collection": self.before.entries}
            return bool(known[entry.channel])
        return any(other.channel == entry.channel and other.seen for other in twin)

    def _changes(self, now: tuple[Any, ...], before: tuple[Any, ...]) -> tuple[str, ...]:
        """The visible changes, by the markers of acknowledged requests; any change if none was acknowledged."""
        markers = [reply.request.marker for reply in self.acknowledged if reply.request.marked]
        if markers:
            return tuple(marker for each in now for marker in markers if marker in json.dumps(each))
        return tuple("changed" for each in now if each not in before)

    def _readable(self) -> Iterator[str]:
        """The objects named by successful replies, as far as they can be read."""
        for reply in self.acknowledged:
            parameters = self.channels.created_parameters(reply)
            if parameters and self.channels.read(parameters).success:
                yield "/".join(parameters.values())

    def _twin_entries(self) -> tuple[Entry, ...]:
        """What the readable channels show of the same operation carried out once about something else.

        Raises BlockedError if it is refused or not told: then nothing can be said of what is absent; UntestableError if
        there is nothing else.
        """
        request = self.channels.arranger.request(self.operation, self.owner)
        if not self.channels.creates and request.parameters and request.parameters == self.request.parameters:
            raise UntestableError(
                f"needs a second object for {self.operation.id} beside the one that {self.owner.name} has."
            )
        twin = Ledger.open(self.channels, request)
        reply = twin.record(self.owner.send(request, "control"))
        if not self.operation.succeeded(reply.status):
            raise BlockedError(
                f"{self.operation.id} answered {reply.status} to {self.owner.name} with a valid request, so nothing "
                "can be said of what its channels show.",
                blame="configuration" if reply.status in {401, 403} else "target",
            )
        for event in self.channels.events:
            if not self.channels.event_ids(event, twin.search_texts, least=1):
                raise BlockedError(f"{event.name} did not arrive within {self.channels.bound:g} s.")
        if self.channels.listing is None:
            return tuple(twin.entries(twin.snapshot()))
        return until(lambda: tuple(twin.entries(twin.snapshot())), _any_seen, within=LATENESS)

    @property
    def _parameters(self) -> dict[str, str]:
        """What addresses the object that is acted upon."""
        reading = self.channels.reading
        return {name: value for name, value in self.request.parameters if reading and name in reading.path_parameters}

    @property
    def _markers(self) -> tuple[str, ...]:
        requests = [self.request, *(reply.request for reply in self.replies)]
        return tuple(dict.fromkeys(each.marker for each in requests if each.marked))

    @property
    def _identifiers(self) -> tuple[str, ...]:
        """The id of the object acted upon; for a creation without a marker, the ids in the successful replies."""
        if not self.channels.creates:
            return tuple(self._parameters.values())[-1:]
        if self._markers:
            return ()
        created = [self.channels.created_parameters(reply) for reply in self.acknowledged]
        return tuple(value for parameters in created for value in list(parameters.values())[-1:])

    @property
    def search_texts(self) -> tuple[str, ...]:
        """The texts by which events of this mutation are recognised: markers and identifiers."""
        return (*self._markers, *self._identifiers)

    def _own_entries(self, items: list[Any]) -> list[Any]:
        markers = self._markers if self.channels.creates else ()
        return [item for item in items if refers_to(item, markers=markers, identifiers=self._identifiers)]


def _fingerprint(operation: Operation, request: Request) -> bytes:
    """A value that is equal for a request and its repeats."""
    key = request.header(operation.idempotency.header) if operation.idempotency else ""
    return f"{request.path}\n{key}\n".encode() + (request.body or b"")


def _any_seen(entries: tuple[Entry, ...]) -> bool:
    return any(entry.seen for entry in entries)


def _without(value: Any, members: frozenset[str]) -> Any:
    """The document without the members of these names."""
    if isinstance(value, list):
        return [_without(item, members) for item in value]
    if isinstance(value, dict):
        return {name: _without(member, members) for name, member in value.items() if name not in members}
    return value


def _label(entry: Any) -> str:
    """A label for an item of a list: its first text or number, most often its id."""
    members = entry.values() if isinstance(entry, dict) else [entry]
    return next((str(member) for member in members if isinstance(member, (str, int))), "?")
