"""Delivers events in the background: soon, in order for each receiver, and until it succeeds."""

from __future__ import annotations

import logging
import secrets
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING

from reference_impl.events.sender import DeliveryError, Sender

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.entities import Webhook
    from reference_impl.events.outbox import Subscriptions
    from reference_impl.events.signer import Signer
    from reference_impl.storage.deliveries import Deliveries, Delivery

LOG = logging.getLogger("reference_impl")
POLL = 1.0  # seconds; other processes write to the same database


class Retries:
    """When a failed delivery is tried again."""

    jitter = 0.1  # fraction of the delay that is added at random, so that receivers are not hit in lockstep

    def __init__(self, schedule: Sequence[float], clock: Clock) -> None:
        self.schedule = schedule  # seconds before each retry
        self.clock = clock

    def due_at(self, attempts: int) -> float | None:
        """When to try again, in seconds since the epoch, or None to give up."""
        delay = self.delay(attempts)
        return None if delay is None else self.clock.seconds() + delay

    def delay(self, attempts: int) -> float | None:
        """Seconds until the next attempt when one more has failed after `attempts`, or None to give up."""
        if attempts >= len(self.schedule):
            return None
        return self.schedule[attempts] * (1 + self.jitter * secrets.randbelow(1000) / 1000)


class Attempts:
    """Makes single attempts, and decides what comes of them."""

    def __init__(
        self, deliveries: Deliveries, subscriptions: Subscriptions, signer: Signer, sender: Sender, retries: Retries
    ) -> None:
        self.deliveries = deliveries
        self.subscriptions = subscriptions
        self.signer = signer
        self.sender = sender
        self.retries = retries

    def attempt(self, delivery: Delivery) -> None:
        webhook = self.receiver(delivery)
        if webhook and not self.succeeded(self.status(delivery, webhook)):
            self.retry(delivery)
        else:
            self.deliveries.finish(delivery)

    def receiver(self, delivery: Delivery) -> Webhook | None:
        """Asked for each attempt, not only when the event was published."""
        return self.subscriptions.current(delivery.webhook_id)

    def status(self, delivery: Delivery, webhook: Webhook) -> int | None:
        """The status that the receiver answered, if it did."""
        body = self.body(delivery)
        headers = self.signer.headers(webhook, delivery.event_id, body)
        try:
            return self.sender.send(webhook.url, headers, body)
        except DeliveryError as error:
            LOG.info("%s to %s: %s", delivery.event_id, delivery.webhook_id, error)
            return None

    def body(self, delivery: Delivery) -> bytes:
        """The bytes that were written with the event."""
        return delivery.body

    def succeeded(self, status: int | None) -> bool:
        return status is not None and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES

    def retry(self, delivery: Delivery) -> None:
        due_at = self.retries.due_at(delivery.attempts)
        if due_at is None:
            self.deliveries.finish(delivery)
        else:
            self.deliveries.postpone(delivery, due_at)


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
