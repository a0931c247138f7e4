"""Ways in which one channel says something else than another."""

from __future__ import annotations

import itertools
import json
import threading
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime

from reference_impl.domain.entities import Click, Link
from reference_impl.domain.refusals import RefusalError
from reference_impl.events.counting import Counting
from reference_impl.events.dispatcher import Attempts
from reference_impl.events.outbox import Outbox
from reference_impl.faults import fault
from reference_impl.gateway.gateway import Gateway
from reference_impl.storage.links import Links
from reference_impl.views.links import LinkViews, Redirects

MOMENT = 0.02  # seconds: as wide a window as is needed for somebody else to be in it
LAG = 0.3  # seconds


@fault("LEDGER-DELETE-ONCE")
class TombstonesAreListed(Links):
    """What is deleted is marked, and the list does not look at the mark."""

    def remove(self, link, expected):
        removed = super().remove(link, expected)
        self.__dict__.setdefault("removed", []).extend([removed] if removed else [])
        return removed

    def page(self, owner, before, size):
        removed = self.__dict__.get("removed", [])
        return [*super().page(owner, before, size), *(link for link in removed if link.owner == owner)]


@fault("LEDGER-DELETE-ONCE")
class EachDeletionIsTold(LinkViews):
    """A deletion is told by the view and by the code that clears up after it: one row less and two events."""

    def publish(self, kind, link):
        super().publish(kind, link)
        if kind == "link.deleted":
            super().publish(kind, link)


@fault("LEDGER-DELETE-ONCE")
class DeletesAtNight(Links):
    """A deletion is put off to a job that clears up at night; until then everything is as it was."""

    def remove(self, link, expected):
        return link


@fault("LEDGER-CONDITIONAL-RACE")
class PublishesInTheBackground(LinkViews):
    """A thread is given the event before the change is certain, and publishes it whatever becomes of that."""

    def update(self, call):
        link = replace(call.subject_of(Link), title=call.body.get("title"))
        threading.Thread(target=super().publish, args=("link.updated", link)).start()
        threading.Event().wait(MOMENT)
        return super().update(call)

    def publish(self, kind, link):
        if kind != "link.updated":
            super().publish(kind, link)


@fault("LEDGER-CONDITIONAL-RACE")
class LoserIsKeptForLater(Links):
    """A change that comes too late is refused, and kept to be made when there is time: the loser's text shows."""

    def update(self, link, changes, expected):
        threading.Event().wait(MOMENT)
        changed = super().update(link, changes, expected)
        if changed is None:
            threading.Thread(target=super().update, args=(link, changes, None)).start()
        return changed


@fault("LEDGER-REFUSED-NOWHERE")
class AnnouncesWhatItIsAboutToDo(Gateway):
    """The event is published before the preconditions are looked at, in the belief that they will hold."""

    def handle(self, call, view):
        if call.operation.id == "updateLink":
            for gate in self.gates()[:-1]:
                gate(call)
            view.__self__.publish("link.updated", call.subject)
        return super().handle(call, view)


@fault("LEDGER-REFUSED-NOWHERE")
class RefusalsAreNotedAtTheLink(Gateway):
    """Of a refusal a note is taken at the link, which gives it a new version and a new time of change."""

    def handle(self, call, view):
        try:
            return super().handle(call, view)
        except RefusalError:
            if call.operation.id == "updateLink" and call.subject:
                view.__self__.links.update(call.subject, {}, None)
            raise


@fault("LEDGER-READ-WHEN-TOLD")
class ReadsFromAReplica(Links):
    """Links are read from a copy that learns of new ones a little later."""

    def find(self, link_id):
        link = super().find(link_id)
        recent = self.clock.written(datetime.fromtimestamp(self.clock.seconds() - LAG, UTC))
        return None if link and link.created_at > recent else link


@fault("LEDGER-READ-WHEN-TOLD")
class RemembersWhatItRead(Links):
    """Links that were read are remembered for a while, and a change does not make them forgotten."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.known = {}

    def find(self, link_id):
        link, until = self.known.get(link_id, (None, 0.0))
        if until < self.clock.seconds():
            link = super().find(link_id)
            self.known[link_id] = (link, self.clock.seconds() + LAG)
        return link


@fault("LEDGER-EVENT-OF-VERSION")
class TellsWhatItWas(LinkViews):
    """The event is made of the link as it was read, with the version that it will have."""

    former = None

    def update(self, call):
        self.former = call.subject_of(Link)
        return super().update(call)

    def publish(self, kind, link):
        stale = self.former and kind == "link.updated"
        super().publish(kind, replace(self.former, version=link.version) if stale else link)


@fault("LEDGER-EVENT-OF-VERSION")
class TakedownsTellWhatItWas(LinkViews):
    """The event of a takedown is made before the link is down."""

    def publish(self, kind, link):
        super().publish(kind, replace(link, taken_down=False))


@fault("LEDGER-EVENT-OF-VERSION")
class WhatIsDeletedIsDisabled(LinkViews):
    """A deletion begins with switching the link off, and tells of it as it was then."""

    def publish(self, kind, link):
        super().publish(kind, replace(link, enabled=False) if kind == "link.deleted" else link)


@fault("LEDGER-EVENT-OF-VERSION")
class OnlyTheFirstOfAFlurry(Outbox):
    """Of changes of one thing that follow each other closely the first is told, and the others are noise."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.told = {}

    def publish(self, kind, *, owner, source, data):
        now, before = self.envelopes.clock.seconds(), self.told.get((kind, source), 0.0)
        self.told[kind, source] = now
        return "" if now - before < 2 else super().publish(kind, owner=owner, source=source, data=data)


@fault("LEDGER-ONE-ID")
class OneEventForEachReceiver(Outbox):
    """An event is written once for each of its receivers, and gets an id each time."""

    def publish(self, kind, *, owner, source, data):
        with self.database.transaction():
            for webhook_id in self.subscriptions.interested(kind, owner):
                event_id = self.record(kind, owner, self.envelopes.envelope(kind, source, data))
                self.deliveries.add(event_id, [webhook_id])
        return self.envelopes.event_id()


@fault("LEDGER-ONE-ID")
class IdOfTheDelivery(Attempts):
    """The id is given when a delivery is sent, out of what is delivered and to whom."""

    def body(self, delivery):
        event = json.loads(super().body(delivery))
        return json.dumps({**event, "id": event["id"][:14] + delivery.webhook_id[-10:]}).encode()


@fault("LEDGER-COUNTED-AND-TOLD")
class VisitsAreToldNowAndThen(Redirects):
    """Visits are counted all, and told no more than once in a while: no receiver wants so many events."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.told = {}

    def record(self, link):
        now = self.outbox.envelopes.clock.seconds()
        if now - self.told.setdefault(link.id, 0.0) > 2:
            self.told[link.id] = now
            super().record(link)
        else:
            written = self.outbox.envelopes.time()
            self.counting.note(Click(event_id=self.outbox.envelopes.event_id(), link_id=link.id, clicked_at=written))


@fault("LEDGER-COUNTED-AND-TOLD")
class VisitsOfOneMomentCountOnce(Counting):
    """Visits are told all, and those of one link that follow each other closely are counted as one."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.noted = {}

    def note(self, click):
        before, self.noted[click.link_id] = self.noted.get(click.link_id), click.clicked_at[:18]
        if before != click.clicked_at[:18]:
            super().note(click)


@fault("LEDGER-COUNTED-AND-TOLD")
class VisitsAreToldTwice(Redirects):
    """A visit is told when it begins and when it ends, under two ids."""

    def record(self, link):
        super().record(link)
        data = {"link_id": link.id, "code": link.code, "clicked_at": self.outbox.envelopes.time()}
        self.outbox.publish("link.clicked", owner=link.tenant, source=link.path, data=data)


@fault("ASYNC-CHANNEL-AGREEMENT")
class TellsTheTimeOfSending(Attempts):
    """The time of an event is that at which it is sent, to each receiver another one."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.turns = itertools.count()

    def body(self, delivery):
        clock = self.retries.clock
        moment = datetime.fromtimestamp(clock.seconds() + next(self.turns) / 1000, UTC)
        return json.dumps({**json.loads(super().body(delivery)), "time": clock.written(moment)}).encode()


@fault("ASYNC-CHANNEL-AGREEMENT")
class NewReceiversAreToldLess(Attempts):
    """A receiver is sent the form of the events that was current when it was registered: here, without query."""

    def body(self, delivery):
        event = json.loads(super().body(delivery))
        hooks = [each.id for each in self.subscriptions.candidates(self.receiver(delivery).owner)]
        if delivery.webhook_id != hooks[0] and "destination" in event["data"]:
            event["data"]["destination"] = event["data"]["destination"].partition("?")[0]
        return json.dumps(event).encode()


@fault("LEDGER-QUOTA")
class RepeatsCostTwice(Gateway):
    """A repeat is counted when it comes in, and again when it is recognised."""

    def handle(self, call, view):
        done = []
        response = super().handle(call, lambda same: done.append(same) or view(same))
        if not done and "Idempotency-Key" in call.request.headers:
            self.limit(call)
        return response


@fault("LEDGER-EVENT-OF-VERSION")
class ARepeatedTakedownIsNotTold(LinkViews):
    """What is down already is taken down once more, which nobody hears of."""

    def changed(self, call, changes):
        told = copy(self)
        told.publish = (lambda *_: None) if changes == {"taken_down": call.subject.taken_down} else self.publish
        return LinkViews.changed(told, call, changes)


@fault("LEDGER-EVENT-OF-VERSION")
class DeletionsShowWhatWasMade(LinkViews):
    """The event of a deletion is written from a cache that no change reaches."""

    def publish(self, kind, link):
        made = self.__dict__.setdefault("made", {}).setdefault(link.id, link)
        super().publish(kind, made if kind == "link.deleted" else link)
