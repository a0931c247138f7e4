"""How long one waits for what has not come several times in a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.errors import BlockedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.servers.webhook_receiver import Delivery

IN_VAIN = 3  # waits in a row without anything, after which the next ones are short
SHORT = 0.5  # seconds


@dataclass(kw_only=True)
class Waits:
    """Waits for deliveries of events: one that is never told is not waited for again and again, nor judged again."""

    in_vain: dict[str, int] = field(default_factory=dict)  # by the name of the event, in a row

    def __call__(self, event: str, seconds: float, wait: Callable[[float], list[Delivery]]) -> list[Delivery]:
        """What `wait` gives within so many seconds, or less where they have passed in vain several times.

        Raises BlockedError if nothing came in a shorter time, which proves nothing.
        """
        before = self.in_vain.get(event, 0)
        short = before >= IN_VAIN and seconds > SHORT
        found = wait(SHORT if short else seconds)
        self.in_vain[event] = 0 if found else before + 1
        if short and not found:
            raise BlockedError(
                f"no delivery of {event} came, {IN_VAIN} times in a row, so that it was hardly waited for any more."
            )
        return found
