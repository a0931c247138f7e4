"""Delivers events in the background: soon, in order for each receiver, and until it succeeds."""

from __future__ import annotations

import logging
import secrets
import threading
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from reference_impl.domain.entities import Attempt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.entities import Webhook
    from reference_impl.events.outbox import Subscriptions
    from reference_impl.events.sender import Answer, Sender
    from reference_impl.events.signer import Signer
    from reference_impl.storage.deliveries import Deliveries, Delivery
    from reference_impl.storage.history import History

LOG = logging.getLogger("reference_impl")
POLL = 1.0  # seconds; other processes write to the same database
BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
LONGEST_WAIT = 9  # digits of seconds that are read; more is longer than anybody waits


class Retries:
    """When a failed delivery is tried again."""

    jitter = 0.1  # fraction of the delay that is added at random, so that receivers are not hit in lockstep

    def __init__(self, schedule: Sequence[float], cap: float, clock: Clock) -> None:
        self.schedule = schedule  # seconds before each retry
        self.cap = cap  # seconds for which a receiver may put a retry off
        self.clock = clock

    def due_at(self, attempts: int, answer: Answer) -> float | None:
        """When to try again, in seconds since the epoch, or None to give up."""
        delay = self.delay(attempts)
        return None if delay is None else self.clock.seconds() + max(delay, self.asked_for(answer))

    def asked_for(self, answer: Answer) -> float:
        """Seconds that a busy receiver asks for, as many as it may."""
        if answer.status not in BUSY or answer.retry_after is None:
            return 0
        return min(self.seconds(answer.retry_after), self.cap)

    def seconds(self, field: str) -> float:
        """A Retry-After, in either of its forms (RFC 9110 section 10.2.3); 0 for anything else."""
        if field.isascii() and field.isdigit():
            return int(field.lstrip("0")[:LONGEST_WAIT] or "0")
        return self.until(field)

    def until(self, date: str) -> float:
        try:
            return parsedate_to_datetime(date).timestamp() - self.clock.seconds()
        except (ValueError, OverflowError):
            return 0

    def delay(self, attempts: int) -> float | None:
        """Seconds until the next attempt when one more has failed after `attempts`, or None to give up."""
        if attempts >= len(self.schedule):
            return None
        return self.schedule[attempts] * (1 + self.jitter * secrets.randbelow(1000) / 1000)


class Attempts:
    """Makes single attempts, and decides what comes of them."""

    def __init__(
        self,
        deliveries: Deliveries,
        history: History,
        subscriptions: Subscriptions,
        signer: Signer,
        sender: Sender,
        retries: Retries,
    ) -> None:
        self.deliveries = deliveries
        self.history = history
        self.subscriptions = subscriptions
        self.signer = signer
        self.sender = sender
        self.retries = retries

    def attempt(self, delivery: Delivery) -> None:
        webhook = self.receiver(delivery)
        if webhook is None:
            self.deliveries.cancel(delivery)
            return
        clock = self.retries.clock
        began = clock.seconds()
        answer = self.answer(delivery, webhook)
        duration = round(1000 * max(0.0, clock.seconds() - began))
        made = Attempt(at=clock.timestamp_of(began), status=answer.status, failure=answer.failure, duration_ms=duration)
        with self.deliveries.database.transaction():
            self.history.record(delivery.id, made)
            self.conclude(delivery, webhook, answer)

    def conclude(self, delivery: Delivery, webhook: Webhook, answer: Answer) -> None:
        if self.succeeded(answer.status):
            self.deliveries.finish(delivery)
        elif self.gone(answer.status):
            self.stop(delivery, webhook, "gone")
        else:
            self.retry(delivery, webhook, answer)

    def receiver(self, delivery: Delivery) -> Webhook | None:
        """Asked for each attempt, not only when the event was published."""
        return self.subscriptions.current(delivery.webhook_id)

    def answer(self, delivery: Delivery, webhook: Webhook) -> Answer:
        """What the receiver answered, or why it did not."""
        body = self.body(delivery)
        return self.sender.send(webhook.url, self.signer.headers(webhook, delivery.event_id, body), body)

    def body(self, delivery: Delivery) -> bytes:
        """The bytes that were written with the event."""
        return delivery.body

    def succeeded(self, status: int | None) -> bool:
        return status is not None and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES

    def gone(self, status: int | None) -> bool:
        """Whether the receiver says that it will not be back."""
        return status == HTTPStatus.GONE

    def retry(self, delivery: Delivery, webhook: Webhook, answer: Answer) -> None:
        due_at = self.retries.due_at(delivery.attempts, answer)
        if due_at is None:
            self.stop(delivery, webhook, "exhausted")
        else:
            self.deliveries.postpone(delivery, due_at)

    def stop(self, delivery: Delivery, webhook: Webhook, reason: str) -> None:
        """Gives the delivery up, and the receiver with it."""
        self.deliveries.give_up(delivery)
        self.subscriptions.webhooks.disable(webhook, reason)


class Dispatcher:
    """Takes what is due and lets threads attempt it; a slow receiver holds up nobody but itself."""

    threads = 32

    def __init__(self, deliveries: Deliveries, attempts: Attempts, wake: threading.Event, clock: Clock) -> None:
        self.deliveries = deliveries
        self.attempts = attempts
        self.wake = wake
        self.clock = clock
        self._busy: set[int] = set()

    def start(self) -> None:
        threading.Thread(target=self.run, name="dispatcher", daemon=True).start()

    def run(self) -> None:
        while True:
            self.wake.clear()
            try:
                pause = self.dispatch()
            except Exception:
                LOG.exception("The dispatcher goes on after a failure.")
                pause = POLL
            self.wake.wait(pause)

    def dispatch(self) -> float:
        """Starts what is due; the seconds until there may be more."""
        for delivery in self.deliveries.claim(self.threads - len(self._busy)):
            self._busy.add(delivery.position)
            threading.Thread(target=self.deliver, args=(delivery,), daemon=True).start()
        due = self.deliveries.next_due()
        return POLL if due is None else min(POLL, max(0.01, due - self.clock.seconds()))

    def deliver(self, delivery: Delivery) -> None:
        try:
            self.attempts.attempt(delivery)
        except Exception:
            LOG.exception("%s to %s stays in the queue.", delivery.event_id, delivery.webhook_id)
        finally:
            self._busy.discard(delivery.position)
            self.wake.set()
