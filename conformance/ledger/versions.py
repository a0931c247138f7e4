"""The versions of an object as they were read after each change, against those that events show."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from conformance.effects.channels import nested_objects
from conformance.errors import BlockedError, InapplicableError, UntestableError
from conformance.http.polling import until
from conformance.observations.told_values import differing_values

if TYPE_CHECKING:
    from conformance.http.messages import Request
    from conformance.ledger.ledger import Ledger

CHANGES = 4


@dataclass(frozen=True, kw_only=True)
class History:
    """The states of one object after each change, and the states that its events show; both have a version number."""

    version: str  # the member that holds the number
    text_members: tuple[str, ...]  # the members that every change sets
    states: tuple[dict[str, Any], ...]
    announced: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, ledger: Ledger) -> History:
        """Changes the object of the ledger a few times, reads it after each, and waits for the events."""
        requests = [ledger.request, *(_another_change(ledger) for _ in range(CHANGES - 1))]
        states = [_change(ledger, request) for request in requests]
        version = _version_member(states, ledger.snapshot().shown)
        text_members = tuple(name for name, value in ledger.request.json.items() if value == ledger.request.marker)
        if not text_members:
            raise UntestableError(f"no change by {ledger.operation.id} can bear a text of the suite's choice.")
        event = ledger.channels.events[0]
        deliveries = ledger.channels.deliveries(event, ledger.search_texts, least=CHANGES)
        parts = (part for delivery in deliveries for part in nested_objects(delivery.payload))
        shown = [part for part in parts if {version, *text_members} <= set(part)]
        if not deliveries:
            raise BlockedError(f"{event.name} did not arrive within {ledger.channels.bound:g} s.")
        if not shown:
            raise InapplicableError(f"{event.name} does not show what it is about together with its {version}")
        return cls(version=version, text_members=text_members, states=tuple(states), announced=tuple(shown))

    @property
    def contradictions(self) -> list[str]:
        """Where an event shows something else than what was read in the same version."""
        read = {state[self.version]: state for state in self.states}
        return [
            f"an event of {self.version} {part[self.version]} shows {contradiction}"
            for part in self.announced
            if (state := read.get(part[self.version]))
            for contradiction in differing_values(state, part, state if set(state) == set(part) else self.text_members)
        ]

    @property
    def unannounced(self) -> list[Any]:
        """The last version, if no event has shown it."""
        last = self.states[-1][self.version]
        return [] if any(part[self.version] == last for part in self.announced) else [last]


def contradictions_of(ledger: Ledger) -> list[str]:
    """Where the events of an action or a deletion show its object otherwise than it is read, or was read last.

    An action that makes another version when it is repeated tells that one too. Only an event that tells the members
    that are read, with the same numbers, shows the object in that version. Raises InapplicableError if none does.
    """
    reply, deletes = ledger.send(), ledger.operation.method == "DELETE"
    if not ledger.operation.succeeded(reply.status):
        raise BlockedError(f"{ledger.operation.id} answered {reply.status} to a valid request, so nothing is told.")
    read = ledger.before.shown if deletes else ledger.snapshot().shown
    told = _told(ledger, read) or (_outdated(ledger, read) if deletes else [])
    if not told:
        raise InapplicableError(f"no event of {ledger.operation.id} shows its object in a version that is read")
    differences = [difference for part in told for difference in differing_values(read, part, read)]
    return differences if deletes else differences + _untold_repetition(ledger, read)


def _untold_repetition(ledger: Ledger, read: dict[str, Any]) -> list[str]:
    """The version that a repeated action has made, if no event shows it."""
    if not ledger.operation.succeeded(ledger.send().status):
        return []
    again = ledger.snapshot().shown
    if not isinstance(again, dict) or _numbers(again) == _numbers(read) or _told(ledger, again):
        return []
    return [f"no event shows what a repetition has made, which is read with {_numbers(again)}"]


def _told(ledger: Ledger, read: Any) -> list[dict[str, Any]]:
    """The parts of events that show what was read in its version, as soon as there are any, or after the bound."""
    numbers = _numbers(read) if isinstance(read, dict) else {}
    if not numbers or not _parts(ledger, read, least=1):
        return []

    def of_version() -> list[dict[str, Any]]:
        return [part for part in _parts(ledger, read) if _numbers(part) == numbers]

    return until(of_version, bool, within=ledger.channels.bound)


def _outdated(ledger: Ledger, read: Any) -> list[dict[str, Any]]:
    """The parts of events that show what was read last as it was before, by one of its numbers."""
    numbers = _numbers(read) if isinstance(read, dict) else {}
    parts = _parts(ledger, read) if numbers else []
    return [
        part for part in parts if any(_numbers(part).get(name, number) < number for name, number in numbers.items())
    ]


def _parts(ledger: Ledger, read: dict[str, Any], *, least: int = 0) -> list[dict[str, Any]]:
    """The objects in events of the ledger's operation that have the members that are read."""
    channels = ledger.channels
    found = (each for event in channels.events for each in channels.deliveries(event, ledger.search_texts, least=least))
    return [part for each in found for part in nested_objects(each.payload) if set(part) == set(read)]


def _numbers(value: dict[str, Any]) -> dict[str, int]:
    return {name: number for name, number in value.items() if type(number) is int}


def _another_change(ledger: Ledger) -> Request:
    """One more change of the same object."""
    return ledger.channels.arranger.request_with(ledger.operation, dict(ledger.request.parameters))


def _change(ledger: Ledger, request: Request) -> dict[str, Any]:
    """What is read after an acknowledged change."""
    reply = ledger.send(request)
    state = ledger.snapshot().shown
    if not ledger.operation.succeeded(reply.status) or not isinstance(state, dict):
        raise BlockedError(f"{ledger.operation.id} answered {reply.status}, or what it changed cannot be read.")
    return state


def _version_member(states: list[dict[str, Any]], again: Any) -> str:
    """The member with an integer that grows with each change. Raises InapplicableError if there is none."""
    for name, value in states[-1].items():
        numbers = [state[name] for state in states if type(state.get(name)) is int]
        grows = all(before < after for before, after in pairwise(numbers))
        if len(numbers) == len(states) and grows and again.get(name) == value:
            return name
    raise InapplicableError("what is read bears no number that grows with each change")
