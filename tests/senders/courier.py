"""Takes messages to hooks: each in a thread of its own, again if need be, and keeps a log of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING

import urllib3
from office import Hook, Json, Sent, new_id
from signers import MEDIA_TYPE, Signer

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFERRING = (429, 503)
LONGEST_DEFERRAL = 5.0  # seconds


class Courier:
    """Tries by the schedule until a 2xx, a 410, or the end of the hook."""

    timeout = 2.0
    schedule = (0.2, 0.4, 0.8)  # seconds before each retry

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._http = urllib3.PoolManager(num_pools=100)

    def announce(self, event: str, about: Json, hooks: Iterable[Hook]) -> None:
        """Sends the news to the hooks that asked for it."""
        body = self.written(event, message := new_id(), about)
        for hook in hooks:
            if hook.enabled and event in hook.events:
                self._send(hook, event, message, body)

    def tell(self, event: str, about: Json, hook: Hook) -> str:
        """Sends it to one hook, whatever it asked for; the id of the message."""
        message = new_id()
        self._send(hook, event, message, self.written(event, message, about))
        return message

    def again(self, hook: Hook, sent: Sent) -> None:
        sent.outcome = "open"
        self._start(hook, sent)

    def written(self, event: str, message: str, about: Json) -> bytes:
        moment = datetime.now(UTC).isoformat()
        return json.dumps({"event": event, "message": message, "at": moment, **about}, ensure_ascii=False).encode()

    def _send(self, hook: Hook, event: str, message: str, body: bytes) -> None:
        sent = Sent(number=len(hook.sent) + 1, event=event, body=body, message=message)
        hook.sent.insert(0, sent)
        self._start(hook, sent)

    def _start(self, hook: Hook, sent: Sent) -> None:
        Thread(target=self._deliver, args=(hook, sent), daemon=True).start()

    def _deliver(self, hook: Hook, sent: Sent) -> None:
        deferral, pause = 0.0, Event()
        for delay in (0.0, *self.schedule):
            pause.wait(max(delay, deferral))
            if not hook.enabled:
                break
            status, deferral = self._attempt(hook, sent)
            if 200 <= status < 300:
                sent.outcome = "received"
                return
            if status == 410:
                self._stop(hook, "it answered 410")
        else:
            self._stop(hook, "every attempt failed")
        sent.outcome = "given-up"

    def _stop(self, hook: Hook, reason: str) -> None:
        hook.enabled, hook.stopped = False, reason

    def _attempt(self, hook: Hook, sent: Sent) -> tuple[int, float]:
        """The status (0 without an answer), and how long the receiver wants to be left alone."""
        at = datetime.now(UTC).isoformat()
        try:
            answer = self._http.request(
                "POST",
                hook.url,
                body=sent.body,
                headers={"Content-Type": MEDIA_TYPE, "User-Agent": "parcels/1", **self._signer.headers(hook, sent)},
                timeout=urllib3.Timeout(total=self.timeout),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            answer.close()
        except urllib3.exceptions.HTTPError as error:
            sent.tries.append({"at": at, "status": None, "problem": type(error).__name__})
            return 0, 0.0
        sent.tries.append({"at": at, "status": answer.status, "problem": None})
        asked = answer.headers.get("Retry-After", "") if answer.status in DEFERRING else ""
        return answer.status, min(float(asked), LONGEST_DEFERRAL) if asked.isdecimal() else 0.0
