"""Writers who never give up: what they were told was done is written down, to be compared with what is there."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

from .support import BOUND, fresh

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .support import Account, Delivery

IN_PROGRESS = "idempotency-key-in-progress"


@dataclass
class Made:
    """A link as its writer was told: `version` is the last that was acknowledged."""

    id: str
    title: str
    tag: str
    version: int = 1
    deleted: bool = False

    @property
    def events(self) -> set[tuple[str, str, int]]:
        """The event of each change: type, link and version."""
        changes = {("link.updated", self.id, version) for version in range(2, self.version + 1)}
        ends = {("link.deleted", self.id, self.version)} if self.deleted else set()
        return {("link.created", self.id, 1)} | changes | ends


@dataclass
class Writer:
    """Makes, changes and deletes links of its own until it is told to stop; repeats what got no answer."""

    account: Account
    seed: int
    made: list[Made] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        draw = random.Random(self.seed)
        while not self.stopped.is_set():
            link = self.make()
            for _ in range(draw.randrange(4)):
                self.change(link)
            if draw.random() < 0.3:
                self.delete(link)

    def make(self) -> Made:
        title, key = fresh("link"), fresh("key")
        body = {"destination": "https://shop.example/", "title": title}
        answer = self.answered("POST", "/v1/links", body, Idempotency_Key=key)
        assert answer.status_code == 201, answer.text
        link = Made(answer.json()["id"], title, answer.headers["ETag"])
        self.made.append(link)
        return link

    def change(self, link: Made) -> None:
        """Guarded by the tag, so that a repeat of what was done is refused; then the link tells."""
        path = f"/v1/links/{link.id}"
        answer = self.answered("PATCH", path, {"title": link.title}, If_Match=link.tag)
        if answer.status_code == 412:
            answer = self.answered("GET", path)
        assert (answer.status_code, answer.json()["version"]) == (200, link.version + 1), answer.text
        link.version, link.tag = link.version + 1, answer.headers["ETag"]

    def delete(self, link: Made) -> None:
        answer = self.answered("DELETE", f"/v1/links/{link.id}")
        assert answer.status_code in {204, 404}, answer.text
        link.deleted = True

    def answered(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """The answer to a request that is repeated until there is one."""
        give_up = time.monotonic() + BOUND
        while True:
            try:
                answer = self.account.call(method, path, body, **headers)
            except requests.RequestException:
                assert time.monotonic() < give_up, "nobody answers any more"
                time.sleep(0.02)
                continue
            self.statuses[answer.status_code] += 1
            if answer.status_code != 409 or IN_PROGRESS not in answer.text or time.monotonic() > give_up:
                return answer
            time.sleep(0.02)

    def shown(self) -> dict[str, tuple[str, int]]:
        """What the platform lists now: title and version by id."""
        found: dict[str, tuple[str, int]] = {}
        query: str | None = "?limit=100"
        while query:
            page = self.account.call("GET", f"/v1/links{query}").json()
            assert not found.keys() & {link["id"] for link in page["items"]}
            found |= {link["id"]: (link["title"], link["version"]) for link in page["items"]}
            query = page["next"] and f"?limit=100&cursor={page['next']}"
        return found

    @property
    def expected(self) -> dict[str, tuple[str, int]]:
        """What it has to list."""
        return {link.id: (link.title, link.version) for link in self.made if not link.deleted}


class Told:
    """The events that a receiver was told of: the ids under which each change came."""

    def __init__(self) -> None:
        self.ids: dict[tuple[str, str, int], set[str]] = {}
        self.bodies: dict[str, set[bytes]] = {}

    def add(self, delivery: Delivery) -> None:
        event = delivery.event
        change = (event["type"], event["data"]["id"], event["data"]["version"])
        self.ids.setdefault(change, set()).add(event["id"])
        self.bodies.setdefault(event["id"], set()).add(delivery.body)

    @property
    def doubled(self) -> list[Any]:
        """Changes with several events, and events with several bodies."""
        return [what for known in (self.ids, self.bodies) for what, values in known.items() if len(values) > 1]


def changes_of(writers: Iterable[Writer]) -> set[tuple[str, str, int]]:
    return {change for writer in writers for link in writer.made for change in link.events}
