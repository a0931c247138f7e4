"""Waiting for deliveries at the suite's receivers, within the bounds that the contract declares."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from conformance.errors import BlockedError, InapplicableError, UntestableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.messages import Event
    from conformance.servers.webhook_receiver import Delivery
    from conformance.webhooks.occurrences import Occurrence
    from conformance.webhooks.subscriptions import Registration, Subscriber

LONGEST_SCHEDULE = 30.0  # seconds of retries that are waited for
SHORTEST_SHARE = 0.7  # of a delay between attempts, as it arrives when the network held up the earlier attempt
EVENTS_TO_CHANGE = 8  # events caused while a change of the target's behaviour is awaited
SLACK = 1.5  # delays after which an attempt is not expected any more


@dataclass(frozen=True, kw_only=True)
class Deliveries:
    """Waits for deliveries: `bound` seconds for the first attempt, then the delays of the declared retry `schedule`."""

    subscriber: Subscriber
    bound: float
    schedule: tuple[float, ...]
    jitter: float  # fraction

    def of_new_event(self, hook: Registration, event: Event | None = None) -> Delivery:
        """Triggers the event, by default the simplest, and gives its delivery. Raises BlockedError if none comes."""
        return self.wait_for(hook, self.subscriber.trigger(hook, event))

    def wait_for(self, hook: Registration, occurrence: Occurrence) -> Delivery:
        """The first delivery of an occurrence. Raises BlockedError if none comes."""
        found = self.received(hook, occurrence)
        if not found:
            raise BlockedError(f"no delivery of {occurrence.event.name} came within {self.bound:g} s to be judged.")
        return found[0]

    def received(self, hook: Registration, occurrence: Occurrence) -> list[Delivery]:
        """The deliveries of an occurrence, as soon as there is one; empty if none came within the bound."""
        return self._awaited(hook, occurrence, occurrence.in_delivery)

    def _awaited(
        self,
        hook: Registration,
        occurrence: Occurrence,
        wanted: Callable[[Delivery], bool],
        *,
        count: int = 1,
        beyond: float = 0.0,
    ) -> list[Delivery]:
        """As soon as there are `count` of the wanted, else what there is `beyond` seconds after the bound."""
        within = self.first_attempt_bound(occurrence) + beyond
        wait = partial(hook.endpoint.wait, wanted, count=count)
        return self.subscriber.waits(occurrence.event.name, within, lambda seconds: wait(within=seconds))

    def missing(self, hook: Registration, occurrences: list[Occurrence]) -> list[Occurrence]:
        """The occurrences of which no delivery came within one bound that holds for all of them."""

        def known(delivery: Delivery) -> bool:
            return any(occurrence.in_delivery(delivery) for occurrence in occurrences)

        if not occurrences:
            return []
        latest = max(occurrences, key=self.first_attempt_bound)
        received = self._awaited(hook, latest, known, count=len(occurrences))
        return [each for each in occurrences if not any(map(each.in_delivery, received))]

    def mentioning(self, hook: Registration, occurrence: Occurrence) -> list[Delivery]:
        """The deliveries that mention the object of an occurrence, whether their payload is valid or not."""
        return self._awaited(hook, occurrence, occurrence.mentioned_in)

    def attempts(self, hook: Registration, occurrence: Occurrence, count: int, *, after: float = 0.0) -> list[Delivery]:
        """The attempts to deliver an occurrence, as soon as there are `count`, else when the retry schedule has passed.

        `after`: seconds that each attempt takes until it is answered or given up.
        """
        beyond = self.attempt_bound(count) + SLACK * after * count
        return self._awaited(hook, occurrence, occurrence.in_delivery, count=count, beyond=beyond)

    def attempts_until_accepted(self, hook: Registration, count: int, event: Event | None = None) -> list[Delivery]:
        """Triggers an event, answers all but the last of `count` attempts with 500, and gives the attempts.

        Raises BlockedError if fewer attempts come.
        """
        self.attempt_bound(count)
        hook.endpoint.answer(*[500] * (count - 1))
        occurrence = self.subscriber.trigger(hook, event)
        self.require_attempts(hook, occurrence, count)
        return self.attempts(hook, occurrence, count)[:count]

    def retried(self, hook: Registration, occurrence: Occurrence) -> list[Delivery]:
        """The deliveries of an occurrence that has failed elsewhere, as soon as there is one, or by the third retry."""
        within = self.attempt_bound(min(3, len(self.schedule)) + 1)
        return hook.endpoint.wait(occurrence.in_delivery, within=self.bound + within)

    def require_attempts(self, hook: Registration, occurrence: Occurrence, count: int) -> None:
        """Waits for `count` attempts. Raises BlockedError if fewer come."""
        found = self.attempts(hook, occurrence, count)
        if len(found) < count:
            raise BlockedError(f"{len(found)} of {count} attempts came after failures; what follows cannot be judged.")

    def wait_for_repeats(self, hook: Registration, wanted: Callable[[Delivery], bool], count: int) -> list[Delivery]:
        """The wanted deliveries, as soon as there are `count`, else those that came within the bound."""
        return hook.endpoint.wait(wanted, within=self.bound, count=count)

    def repeats(self, hook: Registration, wanted: Callable[[Delivery], bool], count: int) -> list[Delivery]:
        """The first `count` wanted attempts. Raises BlockedError if fewer come by the retry schedule."""
        found = hook.endpoint.wait(wanted, within=self.bound + self.attempt_bound(count), count=count)
        if len(found) < count:
            raise BlockedError(f"{len(found)} of {count} attempts came after failures; what follows cannot be judged.")
        return found[:count]

    def next_repeat(self, hook: Registration, wanted: Callable[[Delivery], bool]) -> Delivery:
        """The first wanted attempt that comes from now on. Raises BlockedError if none comes by the retry schedule."""
        come = len(hook.endpoint.wait(wanted, within=0))
        return self.repeats(hook, wanted, come + 1)[come]

    def spaced_by(self, attempts: list[Delivery], seconds: float) -> bool:
        """Whether each attempt came at least so many seconds after the one before."""
        return all(after.arrived - before.arrived >= SHORTEST_SHARE * seconds for before, after in pairwise(attempts))

    def settled_attempts(self, hook: Registration, occurrence: Occurrence) -> int:
        """The number of attempts, counted when those that are under way now must have arrived."""
        under_way = self._delays(2)[0] / 2
        return len(hook.endpoint.wait(occurrence.in_delivery, within=under_way, count=len(self.schedule) + 2))

    def premature_attempts(self, attempts: list[Delivery]) -> list[str]:
        """One sentence for each attempt that came before its declared delay was over."""
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
        """All attempts, as soon as there is one more than `count`, else when the time for that one has passed.

        `after`: seconds that the last attempt may take until it is answered or given up.
        """
        within = SLACK * ((1 + self.jitter) * self._delays(count + 1)[-1] + after)
        return hook.endpoint.wait(occurrence.in_delivery, within=within, count=count + 1)

    def of_new_events_until(self, hook: Registration, wanted: Callable[[Delivery], bool], *, within: float) -> Delivery:
        """Triggers events one after another; the first wanted delivery, else the last one within so many seconds."""
        end, pause = time.monotonic() + SLACK * within, threading.Event()
        while not wanted(delivery := self.of_new_event(hook)) and time.monotonic() < end:
            pause.wait(within / EVENTS_TO_CHANGE)
        return delivery

    def before_fence(self, hook: Registration) -> list[Delivery]:
        """The deliveries that had arrived when the delivery of one more event (the fence) arrived."""
        fence = self.subscriber.trigger(hook)
        self.wait_for(hook, fence)
        return [delivery for delivery in tuple(hook.endpoint.received) if not fence.in_delivery(delivery)]

    def pass_fences(self, hook: Registration, count: int) -> None:
        """Triggers events one after another and waits for each: what was triggered before has been sent by then."""
        for _ in range(count):
            self.before_fence(hook)

    def first_attempt_bound(self, occurrence: Occurrence) -> float:
        """Seconds within which the first attempt must arrive."""
        return self.bound + occurrence.delay

    def attempt_bound(self, count: int) -> float:
        """Seconds from the first attempt to the one of that number, with jitter and slack."""
        return SLACK * (1 + self.jitter) * sum(self._delays(count))

    @property
    def redelivery_bound(self) -> float:
        """Seconds within which what is sent again, and fails, has been tried once more."""
        return self.bound + self.attempt_bound(2)

    def attempt_after(self, seconds: float) -> int:
        """The number of the earliest attempt that comes at least so many seconds after the first one.

        Raises UntestableError if the schedule is too short.
        """
        counts = range(2, len(self.schedule) + 2)
        found = next((count for count in counts if (1 - self.jitter) * sum(self.schedule[: count - 1]) >= seconds), 0)
        if not found:
            raise UntestableError(
                f"needs retries that go on for {seconds:g} s. Set retry-schedule = [0.5, 1, 2] under [bounds].",
            )
        return found

    def _delays(self, count: int) -> tuple[float, ...]:
        """The declared delays before the attempts up to that number (seconds).

        Raises InapplicableError if too few retries are declared, UntestableError if they take too long for a run.
        """
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
