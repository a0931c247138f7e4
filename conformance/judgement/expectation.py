"""An expected reply, and any number of them; both are compared by `==` and say what a report tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.http.messages import Reply
from conformance.judgement.remarks import Remark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Expectation:
    """A set of replies with a description: `reply == expectation` says whether the reply is one of them."""

    def __init__(self, description: str, holds: Callable[[Reply], bool], *, about: tuple[str, ...] = ()) -> None:
        self._description = description
        self._holds = holds
        self._about = about  # the header fields that it is about, so that a report shows them of what came

    def __eq__(self, reply: object) -> bool:
        return isinstance(reply, Reply) and self._holds(reply)

    def __repr__(self) -> str:
        return self._description

    def __and__(self, other: Expectation) -> Expectation:
        return Expectation(
            f"{self!r}, {other!r}", lambda reply: reply == self and reply == other, about=self._about + other._about
        )

    def amiss(self, reply: object) -> object:
        """What a report tells of a reply that is none of them."""
        if not isinstance(reply, Reply) or not self._about:
            return reply
        fields = (f"{name}: {reply.header(name)}" if reply.header(name) else f"no {name}" for name in self._about)
        return Remark(f"{reply.status} with {', '.join(fields)}", reply)


class EachExpectation:
    """Any number of replies, each of which is as expected."""

    def __init__(self, expectation: Expectation) -> None:
        self._expectation = expectation

    def __eq__(self, replies: object) -> bool:
        return isinstance(replies, (list, tuple)) and all(reply == self._expectation for reply in replies)

    def __repr__(self) -> str:
        return f"each time {self._expectation!r}"

    def amiss(self, replies: Iterable[Reply]) -> list[object]:
        """What a report tells of the replies: of those that are not as expected."""
        return [self._expectation.amiss(reply) for reply in replies if reply != self._expectation]


def each(expectation: Expectation) -> EachExpectation:
    """Any number of replies, all as expected, compared by `==`."""
    return EachExpectation(expectation)
