"""Ways in which what was done and what is shown of it come apart."""

from __future__ import annotations

import json
import socket
import threading
from typing import Any

from flask import after_this_request, request
from sqlalchemy import delete

from reference_impl.faults import fault
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.idempotency import IdempotencyKeys
from reference_impl.storage.tables import OUTCOMES
from reference_impl.views.links import LinkViews

MOMENT = 0.02  # seconds: as wide a window as is needed for somebody else to be in it


@fault("LEDGER-RACE")
class NobodyTellsWhenItIsBusy(LinkViews):
    """The event is written after the commit, and given up if the database is locked just then."""

    def publish(self, kind, link):
        self.links.database.after_commit(lambda: self.publish_if_idle(kind, link))

    def publish_if_idle(self, kind, link):
        lock = self.links.database._turn  # noqa: SLF001 - as an impatient writer meets it
        if not any(threading.Event().wait(MOMENT / 20) or lock.locked() for _ in range(10)):
            super().publish(kind, link)


@fault("LEDGER-RACE")
class NothingIsLocked(IdempotencyKeys):
    """The key is looked up, the work done, the key written: racers who find the key free are all carried out."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.crowd = threading.Semaphore(2)

    def once(self, call, key, fingerprint, work):
        with self.crowd:
            threading.Event().wait(MOMENT)
            response = self.carry_out(work)
            if self.claim(key, fingerprint, self.retention(call.operation)):
                self.store(key, response)
            return response


@fault("LEDGER-RACE")
class WaitersTellToo(Gateway):
    """Events are told above the keys: by each request that found no stored answer when it came."""

    def handle(self, call, view):
        keys = self.parts.keys
        given = call.request.headers.get("Idempotency-Key", "")
        done, known = [], call.caller and keys.recall(keys.storage_key(call, given))
        response = super().handle(call, lambda same: done.append(same) or view(same))
        if call.operation.id == "createLink" and not known and not done:
            views = view.__self__
            views.publish("link.created", views.links.find(json.loads(response.get_data())["id"]))
        return response


@fault("LEDGER-HANG-UP")
class TellsWhenItIsHeard(LinkViews):
    """The event is published when the answer was sent, by code that never runs if the caller is gone."""

    def publish(self, kind, link):
        caller = request.environ
        after_this_request(lambda response: response.call_on_close(lambda: self.tell(caller, kind, link)) and response)

    def tell(self, caller, kind, link):
        if not is_gone(caller):
            super().publish(kind, link)


@fault("LEDGER-HANG-UP")
class UnheardAnswersAreNotKept(IdempotencyKeys):
    """The answer is kept under its key only if there is somebody left to send it to."""

    def store(self, key, response):
        if is_gone(request.environ):
            self.database.change(delete(OUTCOMES).where(OUTCOMES.c.key == key))
        else:
            super().store(key, response)


def is_gone(caller: dict[str, Any]) -> bool:
    """Whether the caller has closed the connection."""
    try:
        return not caller["gunicorn.socket"].recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
