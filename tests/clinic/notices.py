"""Tells observers what happened: signed, after the fact, again if need be."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import ssl
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract import Json
    from places import Place, Places
    from records import Record

Enrolled = Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    observer: Record
    content: bytes
    id: str


class Notices:
    """Sends notices, each delivery in a thread of its own."""

    timeout = 2.0
    schedule: tuple[float, ...] = (0.2, 0.4, 0.8)  # seconds before each retry

    def __init__(self, places: Places, enrolled: Enrolled) -> None:
        self._places = places
        self._enrolled = enrolled

    def admits(self, callback: str) -> bool:
        return self._places.find(callback) is not None

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
        place = self._places.find(delivery.observer.members["callback"])  # anew at each attempt, since names move
        if place is None:
            return False
        try:
            status = asyncio.run(asyncio.wait_for(self.post(delivery, place), self.timeout))
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError):
            return False
        return 200 <= status < 300

    async def post(self, delivery: Delivery, place: Place) -> int:
        """The status of the final answer; what comes after its head is not read."""
        tls = {"ssl": ssl.create_default_context(), "server_hostname": place.host} if place.scheme == "https" else {}
        reader, writer = await asyncio.open_connection(place.address, place.port, **tls)
        try:
            writer.write(self.request(delivery, place))
            return await self.answered(reader)
        finally:
            writer.close()

    def request(self, delivery: Delivery, place: Place) -> bytes:
        fields = {"Host": place.authority, "Content-Length": len(delivery.content), **self.headers(delivery)}
        lines = [f"POST {place.target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        return "\r\n".join([*lines, "", ""]).encode() + delivery.content

    async def answered(self, reader: asyncio.StreamReader) -> int:
        status = 100
        while 100 <= status < 200:
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head.split()[1])
        return status

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
