"""Ways in which what was done and what is shown of it come apart."""

from __future__ import annotations

import io
import json
import socket
import threading
from typing import TYPE_CHECKING, Any

from flask import after_this_request, request
from sqlalchemy import delete, func, select

from reference_impl.domain.refusals import RefusalError
from reference_impl.events.outbox import Outbox
from reference_impl.faults import fault
from reference_impl.gateway.bodies import Bodies
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.idempotency import IdempotencyKeys
from reference_impl.storage.links import Links
from reference_impl.storage.tables import EVENTS, OUTCOMES
from reference_impl.views.links import LinkViews

if TYPE_CHECKING:
    from flask import Response


MOMENT = 0.02  # seconds: as wide a window as is needed for somebody else to be in it


@fault("LEDGER-RACE")
class EventsOfACrowdAreLost(Gateway):
    """The event is written by whoever is alone with the request, and by nobody where several are at it at once."""

    def handle(self, call, view):
        crowd = vars(self).setdefault("crowd", [])
        crowd.append(call)
        try:
            return super().handle(call, lambda call: self.told_alone(call, view))
        finally:
            crowd.remove(call)

    def told_alone(self, call, view):
        if call.operation.idempotency:
            threading.Event().wait(MOMENT)
        response = view(call)
        if call.operation.idempotency and len(self.crowd) > 1:
            newest = select(func.max(EVENTS.c.position)).scalar_subquery()
            self.database.change(delete(EVENTS).where(EVENTS.c.position == newest))
        return response


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
            tell_again(view, response)
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


@fault("LEDGER-UNFINISHED-REQUEST")
class TakesWhatCame(Bodies):
    """What came is parsed, whether or not all of it came."""

    def is_cut(self, request, content):
        return False


@fault("LEDGER-UNFINISHED-REQUEST")
class ActsAtTheLastBrace(Bodies):
    """A body that is parsed as it comes is acted upon when the document is complete, not when the request is."""

    def content(self, request):
        stream, came = request.environ["wsgi.input"], b""
        while not is_json(came) and (byte := stream.read(1)):
            came += byte
        request.environ |= {"wsgi.input": io.BytesIO(came), "CONTENT_LENGTH": str(len(came))}
        return super().content(request)


@fault("LEDGER-LOST-ANSWER")
class KeyEndsWithItsAnswer(IdempotencyKeys):
    """The key is forgotten when the answer was sent, as if that meant that it was heard."""

    def store(self, key, response):
        super().store(key, response)
        forget = delete(OUTCOMES).where(OUTCOMES.c.key == key)
        after_this_request(lambda sent: sent.call_on_close(lambda: self.database.change(forget)) and sent)


@fault("LEDGER-LOST-ANSWER")
class AnswersAreTold(Gateway):
    """Events are made of the answers that leave, also of those that are sent again: one row and two events."""

    def handle(self, call, view):
        response = super().handle(call, view)
        if call.operation.id == "createLink":
            tell_again(view, response)
        return response


@fault("LEDGER-OTHER-BODY")
class ComparesWhenItIsDone(IdempotencyKeys):
    """Another body is refused by the comparison that stands at the end, when it was carried out."""

    def answer(self, call, work):
        given = self.given(call.request, call.operation)
        first = self.recall(self.storage_key(call, given)) if given else None
        if first is not None and first.fingerprint != self.fingerprint(call):
            self.carry_out(work)
        return super().answer(call, work)


@fault("LEDGER-OTHER-BODY")
class OtherBodyIsMerged(Gateway):
    """The refusal of another body comes from the table of answers; the row of the first one is written over before."""

    def handle(self, call, view):
        try:
            return super().handle(call, view)
        except RefusalError as refusal:
            if refusal.kind == "idempotency-key-reused" and call.operation.id == "createLink":
                links = view.__self__.links
                links.update(links.page(call.owner, None, 1)[0], {"title": call.body["title"]}, None)
            raise


@fault("LEDGER-OTHER-PRINCIPAL")
class KeysAreEverybodys(IdempotencyKeys):
    """Keys are looked up by their text, whoever sent them."""

    def scope(self, call):
        return super().scope(call)[1:]


@fault("LEDGER-OTHER-PRINCIPAL")
class EventsAreKnownByTheirKey(Outbox):
    """An event is told once for each key, whoever used it: rows of two principals, and the event of one."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.told = set()

    def publish(self, kind, **event):
        key = request.headers.get("Idempotency-Key")
        if key is not None and (kind, key) in self.told:
            return ""
        self.told.add((kind, key))
        return super().publish(kind, **event)


@fault("LEDGER-CORRECTED-REQUEST")
class KeyIsUsedUpAtTheDoor(Gateway):
    """The key counts as used from the first request on that bears it, whatever became of it."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.refused = set()

    def handle(self, call, view):
        key = call.request.headers.get("Idempotency-Key", "")
        if key and key in self.refused:
            raise RefusalError("idempotency-key-reused", "The key was used.")
        try:
            return super().handle(call, view)
        except RefusalError:
            self.refused.add(key)
            raise


@fault("LEDGER-CORRECTED-REQUEST")
class RefusedIsMadeUpFor(Gateway):
    """What is refused waits under its key, and is done as well as soon as the key comes with a request in order."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.waiting = {}

    def handle(self, call, view):
        key = call.request.headers.get("Idempotency-Key")
        try:
            response = super().handle(call, view)
        except RefusalError:
            if key:
                self.waiting[key] = view
            raise
        if key in self.waiting:
            self.waiting.pop(key)(call)
        return response


@fault("LEDGER-EACH-COUNTS")
class WritesTwice(Links):
    """A write that took long is tried again, although it was made: two rows, and one event."""

    def add(self, owner, tenant, new):
        super().add(owner, tenant, new)
        return super().add(owner, tenant, new)


@fault("LEDGER-EACH-COUNTS")
class EqualNewsIsNoNews(Outbox):
    """An event that says what the one before it said is left out: two rows, and one event."""

    last = ""

    def publish(self, kind, *, owner, source, data):
        said, self.last = self.last, f"{kind} {owner} {data.get('title')}"
        return "" if said == self.last else super().publish(kind, owner=owner, source=source, data=data)


@fault("LEDGER-EACH-COUNTS")
class EqualBodiesAreRepeats(IdempotencyKeys):
    """A request is known by what it asks for, and its key is not looked at."""

    def storage_key(self, call, given):
        return super().storage_key(call, self.fingerprint(call))


@fault("LEDGER-EACH-COUNTS")
class ListsFromTwoSources(Links):
    """The list joins what was just written to what is stored, where it is by then."""

    def page(self, owner, before, size):
        found = super().page(owner, before, size)
        return [link for pair in zip(found, found, strict=True) for link in pair] if len(found) < size else found


def tell_again(view: Any, response: Response) -> None:
    """Publishes what an answer to a creation tells; the view is a bound method of the links' views."""
    views = view.__self__
    views.publish("link.created", views.links.find(json.loads(response.get_data())["id"]))


def is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


def is_gone(caller: dict[str, Any]) -> bool:
    """Whether the caller has closed the connection."""
    try:
        return not caller["gunicorn.socket"].recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
