"""Tells observers what happened: signed, after the fact, again if need be."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import urllib3

if TYPE_CHECKING:
    from contract import Json
    from records import Record

Enrolled = Callable[[str], bool]
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, kw_only=True)
class Delivery:
    observer: Record
    content: bytes
    id: str


class Notices:
    """Sends notices, each delivery in a thread of its own."""

    timeout = 2.0
    schedule: tuple[float, ...] = (0.2, 0.4, 0.8)  # seconds before each retry

    def __init__(self, admitted: frozenset[str], enrolled: Enrolled) -> None:
        self._admitted = admitted  # "host:port" of each receiver
        self._enrolled = enrolled
        self._http = urllib3.PoolManager(num_pools=50)

    def admits(self, callback: str) -> bool:
        try:
            parts = urlsplit(callback)
            port = parts.port or DEFAULT_PORTS[parts.scheme]
        except (ValueError, KeyError):
            return False
        return "@" not in parts.netloc and f"{parts.hostname}:{port}" in self._admitted

    def publish(self, topic: str, owner: str, about: Json, observers: Iterable[Record]) -> None:
        notice = {"topic": topic, "sentAt": datetime.now(UTC).isoformat(), **about}
        content = json.dumps(notice).encode()
        for observer in observers:
            if topic in observer.members["topics"] and self.concerns(observer, owner):
                delivery = Delivery(observer=observer, content=content, id=str(uuid.uuid4()))
                Thread(target=self.deliver, args=(delivery,), daemon=True).start()

    def concerns(self, observer: Record, owner: str) -> bool:
        return observer.owner == owner

    def deliver(self, delivery: Delivery) -> None:
        """Tries until a 2xx, the end of the schedule, or the end of the enrolment."""
        pause = Event()
        for delay in (0.0, *self.schedule):
            pause.wait(delay)
            if not self._enrolled(delivery.observer.reference) or self._attempt(delivery):
                return

    def _attempt(self, delivery: Delivery) -> bool:
        try:
            answer = self._http.request(
                "POST",
                delivery.observer.members["callback"],
                body=delivery.content,
                headers=self.headers(delivery),
                timeout=urllib3.Timeout(total=self.timeout),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            answer.close()
        except urllib3.exceptions.HTTPError:
            return False
        return 200 <= answer.status < 300

    def headers(self, delivery: Delivery) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "User-Agent": "clinic/2.3",
            "X-Clinic-Delivery": delivery.id,
            "X-Clinic-Signature": "sha256=" + self.signature(delivery),
        }

    def signature(self, delivery: Delivery) -> str:
        return hmac.new(self.key(delivery.observer), self.signed(delivery), hashlib.sha256).hexdigest()

    def key(self, observer: Record) -> bytes:
        return observer.key.encode()

    def signed(self, delivery: Delivery) -> bytes:
        return delivery.content
