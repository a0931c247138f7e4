"""Delivers messages to hooks, each in a thread of its own, with retries and a log of attempts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event, Thread
from typing import TYPE_CHECKING

from http_call import NoAnswerError, call
from office import Hook, Json, Sent, new_id
from signers import MEDIA_TYPE, Signer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handshake import Handshake

DEFERRING = (429, 503)
LONGEST_DEFERRAL = 2.0  # seconds


class WebhookSender:
    """Attempts a delivery by the schedule until a 2xx or a 410, or until the hook is disabled."""

    timeout = 2.0
    schedule = (0.2, 0.4, 0.8)  # seconds before each retry

    def __init__(self, signer: Signer, handshake: Handshake) -> None:
        self._signer = signer
        self._handshake = handshake

    def send_event(self, event: str, about: Json, hooks: Iterable[Hook]) -> None:
        """Sends an event to the enabled hooks that subscribed to it."""
        body = self.serialized(event, message := new_id(), about)
        for hook in hooks:
            if hook.enabled and event in hook.events:
                self._send(hook, event, message, body)

    def send_one(self, event: str, about: Json, hook: Hook) -> str:
        """Sends an event to one hook, whatever it subscribed to; gives the id of the message."""
        message = new_id()
        self._send(hook, event, message, self.serialized(event, message, about))
        return message

    def redeliver(self, hook: Hook, sent: Sent) -> None:
        sent.outcome = "open"
        self._start(hook, sent)

    def serialized(self, event: str, message: str, about: Json) -> bytes:
        moment = datetime.now(UTC).isoformat()
        return json.dumps({"event": event, "message": message, "at": moment, **about}, ensure_ascii=False).encode()

    def _send(self, hook: Hook, event: str, message: str, body: bytes) -> None:
        sent = Sent(number=len(hook.sent) + 1, event=event, body=body, message=message)
        hook.sent.insert(0, sent)
        self._start(hook, sent)

    def _start(self, hook: Hook, sent: Sent) -> None:
        Thread(target=self._deliver, args=(hook, sent), daemon=True).start()

    def _deliver(self, hook: Hook, sent: Sent) -> None:
        sent.outcome = self._outcome(hook, sent)

    def _outcome(self, hook: Hook, sent: Sent) -> str:
        asked, pause = 0.0, Event()
        if not self._handshake.may_deliver(hook):
            return "given-up"
        for delay in (0.0, *self.schedule):
            pause.wait(max(delay, asked))
            if not hook.enabled:
                return "given-up"
            status, asked = self._attempt(hook, sent)
            if 200 <= status < 300:
                return "received"
            if status == 410:
                self._stop(hook, "it answered 410")
                return "given-up"
        self._stop(hook, "every attempt failed")
        return "given-up"

    def _stop(self, hook: Hook, reason: str) -> None:
        hook.enabled, hook.stopped = False, reason

    def _attempt(self, hook: Hook, sent: Sent) -> tuple[int, float]:
        """The status (0 without an answer), and the seconds for which the receiver postpones the next attempt."""
        entry: Json = {"at": datetime.now(UTC).isoformat(), "status": None, "problem": None}
        headers = {"Content-Type": MEDIA_TYPE, "User-Agent": "parcels/1", **self._handshake.headers()}
        headers |= self._signer.headers(hook, sent)
        try:
            answer = call("POST", hook.url, headers, sent.body, self.timeout)
        except NoAnswerError as error:
            sent.tries.append({**entry, "problem": str(error)})
            return 0, 0.0
        sent.tries.append({**entry, "status": answer.status})
        return answer.status, deferral(answer.fields.get("Retry-After", "")) if answer.status in DEFERRING else 0.0


def deferral(text: str) -> float:
    """The seconds that a Retry-After asks for, be it a number or a date (RFC 9110 §10.2.3), up to the longest."""
    if text.isdecimal():
        return min(float(text), LONGEST_DEFERRAL)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, min((moment - datetime.now(UTC)).total_seconds(), LONGEST_DEFERRAL))
