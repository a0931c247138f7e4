"""What arrives at the suite's receivers, waited for as long as the contract allows and no longer."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from conformance.errors import BlockedError, InapplicableError, UntestableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.asyncapi import Event
    from conformance.servers.webhook_receiver import Delivery
    from conformance.webhooks.subscriptions import Occurrence, Registration, Subscriber

LONGEST_SCHEDULE = 30.0  # seconds; retries that take longer are not waited for
SHORTEST_SHARE = 0.7  # of a distance between attempts is left when the earlier one was under way for long
EVENTS_TO_CHANGE = 8  # events that are caused while something is to change
SLACK = 1.5  # an attempt that is later than this many delays is not expected any more


@dataclass(frozen=True, kw_only=True)
class Deliveries:
    """Deliveries by the declared schedule: `bound` for the first attempt, then a delay before each retry (seconds)."""

    subscriber: Subscriber
    bound: float
    schedule: tuple[float, ...]
    jitter: float  # fraction

    def of_new_event(self, hook: Registration, event: Event | None = None) -> Delivery:
        """The delivery of a fresh event (else the plainest one). Raises BlockedError if none comes."""
        return self.wait_for(hook, self.subscriber.trigger(hook, event))

    def wait_for(self, hook: Registration, occurrence: Occurrence) -> Delivery:
        """The first delivery of an occurrence. Raises BlockedError if none comes."""
        found = hook.endpoint.wait(occurrence.in_delivery, within=self.first_attempt_bound(occurrence))
        if not found:
            raise BlockedError(f"no delivery of {occurrence.event.name} came within {self.bound:g} s to be judged.")
        return found[0]

    def received(self, hook: Registration, occurrence: Occurrence) -> list[Delivery]:
        """The deliveries of an occurrence, as soon as there is one, else what the bound has brought."""
        return hook.endpoint.wait(occurrence.in_delivery, within=self.first_attempt_bound(occurrence))

    def missing(self, hook: Registration, occurrences: list[Occurrence]) -> list[Occurrence]:
        """Those of the occurrences that were not told within the bound, which holds for all of them together."""

        def known(delivery: Delivery) -> bool:
            return any(occurrence.in_delivery(delivery) for occurrence in occurrences)

        within = max(map(self.first_attempt_bound, occurrences), default=self.bound)
        told = hook.endpoint.wait(known, within=within, count=len(occurrences))
        return [each for each in occurrences if not any(map(each.in_delivery, told))]

    def mentioning(self, hook: Registration, occurrence: Occurrence) -> list[Delivery]:
        """The deliveries that name what an event happened to, of whatever form."""
        return hook.endpoint.wait(occurrence.mentioned_in, within=self.first_attempt_bound(occurrence))

    def attempts(self, hook: Registration, occurrence: Occurrence, count: int, *, after: float = 0.0) -> list[Delivery]:
        """The attempts to deliver an occurrence, once there are `count`, or when the schedule has passed without.

        `after`: seconds that each attempt takes.
        """
        within = self.first_attempt_bound(occurrence) + self.attempt_bound(count) + SLACK * after * count
        return hook.endpoint.wait(occurrence.in_delivery, within=within, count=count)

    def attempts_until_accepted(self, hook: Registration, count: int, event: Event | None = None) -> list[Delivery]:
        """The attempts to deliver a fresh event, of which all but the last fail. Raises BlockedError if some lack."""
        self.attempt_bound(count)
        hook.endpoint.answer(*[500] * (count - 1))
        occurrence = self.subscriber.trigger(hook, event)
        self.require_attempts(hook, occurrence, count)
        return self.attempts(hook, occurrence, count)[:count]

    def require_attempts(self, hook: Registration, occurrence: Occurrence, count: int) -> None:
        """Waits for so many attempts. Raises BlockedError if they do not come."""
        found = self.attempts(hook, occurrence, count)
        if len(found) < count:
            raise BlockedError(f"{len(found)} of {count} attempts came after failures; what follows cannot be judged.")

    def wait_for_repeats(self, hook: Registration, wanted: Callable[[Delivery], bool], count: int) -> list[Delivery]:
        """The wanted deliveries, once somebody who asked for one more has made them so many, or after the bound."""
        return hook.endpoint.wait(wanted, within=self.bound, count=count)

    def spaced_by(self, attempts: list[Delivery], seconds: float) -> bool:
        """No attempt came sooner than so many seconds after the one before."""
        return all(after.arrived - before.arrived >= SHORTEST_SHARE * seconds for before, after in pairwise(attempts))

    def settled_attempts(self, hook: Registration, occurrence: Occurrence) -> int:
        """How many attempts were made once those under way at this moment must have arrived."""
        underway = self._delays(2)[0] / 2
        return len(hook.endpoint.wait(occurrence.in_delivery, within=underway, count=len(self.schedule) + 2))

    def premature_attempts(self, attempts: list[Delivery]) -> list[str]:
        """Which attempts came sooner than declared, and by how much."""
        delays = self._delays(len(attempts))
        gaps = [after.arrived - before.arrived for before, after in pairwise(attempts)]
        return [
            f"attempt {number} after {gap:.2f} s instead of {delay:g} s"
            for number, (gap, delay) in enumerate(zip(gaps, delays, strict=False), start=2)
            if gap < SHORTEST_SHARE * (1 - self.jitter) * delay
        ]

    def attempts_beyond(
        self, hook: Registration, occurrence: Occurrence, count: int, *, after: float = 0.0
    ) -> list[Delivery]:
        """All attempts, looked at when the time for one more than `count` has passed (at once if it came).

        `after`: seconds that the attempt may still take.
        """
        within = SLACK * ((1 + self.jitter) * self._delays(count + 1)[-1] + after)
        return hook.endpoint.wait(occurrence.in_delivery, within=within, count=count + 1)

    def of_new_events_until(self, hook: Registration, wanted: Callable[[Delivery], bool], *, within: float) -> Delivery:
        """Of deliveries one after another the first wanted one, or the last one if none is within so many seconds."""
        end, pause = time.monotonic() + SLACK * within, threading.Event()
        while not wanted(delivery := self.of_new_event(hook)) and time.monotonic() < end:
            pause.wait(within / EVENTS_TO_CHANGE)
        return delivery

    def before_fence(self, hook: Registration) -> list[Delivery]:
        """What had arrived when a last event, which must be told too, was told."""
        fence = self.subscriber.trigger(hook)
        self.wait_for(hook, fence)
        return [delivery for delivery in tuple(hook.endpoint.received) if not fence.in_delivery(delivery)]

    def first_attempt_bound(self, occurrence: Occurrence) -> float:
        """Seconds within which the first attempt must have come."""
        return self.bound + occurrence.delay

    def attempt_bound(self, count: int) -> float:
        """Seconds from the first to the attempt of that number, with jitter and leisure."""
        return SLACK * (1 + self.jitter) * sum(self._delays(count))

    def attempt_after(self, seconds: float) -> int:
        """The number of the first attempt that is at least so many seconds later than the first one."""
        counts = range(2, len(self.schedule) + 2)
        found = next((count for count in counts if (1 - self.jitter) * sum(self.schedule[: count - 1]) >= seconds), 0)
        if not found:
            raise UntestableError(
                f"needs retries that go on for {seconds:g} s. Set retry-schedule = [0.5, 1, 2] under [bounds].",
            )
        return found

    def _delays(self, count: int) -> tuple[float, ...]:
        """The delays before the attempts up to that number."""
        if not self.schedule:
            raise InapplicableError("the contract declares no retries (x-delivery)")
        if len(self.schedule) < count - 1:
            raise InapplicableError(f"the contract declares {len(self.schedule)} retries, and this needs {count - 1}")
        delays = self.schedule[: count - 1]
        if sum(delays) > LONGEST_SCHEDULE:
            raise UntestableError(
                f"needs {count - 1} retries, which take {sum(delays):g} s here. Start the target with short delays "
                "and declare them: retry-schedule = [0.5, 1, 2] under [bounds].",
            )
        return delays
