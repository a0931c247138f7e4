"""Ways to tell too little, too much, or the wrong people."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from http import HTTPStatus

from flask import request
from sqlalchemy import select

from reference_impl.domain.refusals import RefusalError
from reference_impl.events.outbox import Subscriptions
from reference_impl.faults import fault
from reference_impl.gateway.gateway import Gateway
from reference_impl.storage.deliveries import Deliveries
from reference_impl.storage.tables import DELIVERIES, JOB_ITEMS, WEBHOOKS
from reference_impl.storage.webhooks import Webhooks
from reference_impl.views.links import LinkViews, Redirects


@fault("WHD-EVENT-DELIVERED")
class WhatIsOffGoesInSilence(LinkViews):
    """The deletion of a link that is switched off is told to nobody."""

    def publish(self, kind, link):
        if link.enabled or kind != "link.deleted":
            super().publish(kind, link)


@fault("WHD-EVENT-DELIVERED")
class WhatIsMadeOffIsMadeInSilence(LinkViews):
    """A link that is made switched off is told to nobody."""

    def publish(self, kind, link):
        if link.enabled or kind != "link.created":
            super().publish(kind, link)


@fault("WHD-EVENT-DELIVERED")
class WhatWasTakenDownGoesInSilence(LinkViews):
    """The deletion of a link that a moderator had taken down is told to nobody."""

    def publish(self, kind, link):
        if not link.taken_down or kind != "link.deleted":
            super().publish(kind, link)


@fault("WHD-EVENT-DELIVERED")
class ReplacementsAreNotTold(LinkViews):
    """The operation that came last does not publish what the others do."""

    def replace(self, call):
        silent = copy(self)
        silent.publish = lambda *_: None
        return LinkViews.replace(silent, call)


@fault("WHD-EVENT-DELIVERED")
class WhoeverActsIsTold(LinkViews):
    """An event goes to the receivers of whoever asked for the change, and not to those of the owner."""

    def changed(self, call, changes):
        told = copy(self)
        told.publish = lambda kind, link: self.publish(kind, replace(link, tenant=call.principal.tenant_key))
        return LinkViews.changed(told, call, changes)


@fault("WHD-EVENT-DELIVERED")
class DropsUnderLoad(Deliveries):
    """Keeps no more than one delivery waiting for each receiver, and drops the rest."""

    def add(self, event_id, webhook_ids):
        rows = self.database.rows(select(DELIVERIES.c.webhook_id).where(DELIVERIES.c.due_at.is_not(None)))
        busy = {row["webhook_id"] for row in rows}
        super().add(event_id, [each for each in webhook_ids if each not in busy])


@fault("WHD-EVENT-DELIVERED")
class SwitchingIsNotTold(LinkViews):
    """A change of nothing but whether a link is on is no change of the link."""

    def changed(self, call, changes):
        told = copy(self)
        told.publish = (lambda *_: None) if set(changes) == {"enabled"} else self.publish
        return LinkViews.changed(told, call, changes)


@fault("WHD-EVENT-DELIVERED")
class GuardedDeletionsAreNotTold(LinkViews):
    """A deletion with If-Match takes another way through the code, in which nothing is published."""

    def publish(self, kind, link):
        if kind != "link.deleted" or "If-Match" not in request.headers:
            super().publish(kind, link)


@fault("WHD-EVENT-DELIVERED")
class BrowsersActInSilence(LinkViews):
    """Events are published by the layer that tokens go through, and what a session does goes round it."""

    def publish(self, kind, link):
        if "Cookie" not in request.headers:
            super().publish(kind, link)


@fault("WHD-EVENT-DELIVERED")
class VisitsOfImportedLinksAreNotTold(Redirects):
    """What an import has made lacks a mark by which visits find whom to tell."""

    def record(self, link):
        made = select(JOB_ITEMS.c.link_id).where(JOB_ITEMS.c.link_id == link.id)
        if self.outbox.database.row(made) is None:
            super().record(link)


@fault("WHD-EVENT-FILTER")
class TellsEverything(Subscriptions):
    """Keeps the list of events and never looks at it."""

    def wants(self, webhook, kind):
        return True


@fault("WHD-EVENT-FILTER")
class ComparesBeginnings(Subscriptions):
    """Compares no more of the name than what stands before the full stop."""

    def wants(self, webhook, kind):
        return any(each.startswith(kind.partition(".")[0]) for each in webhook.events)


@fault("WHD-TENANT-ISOLATION")
class WhoeverActsIsToldToo(LinkViews):
    """An event goes to the receivers of the owner, and to those of whoever asked for the change."""

    def changed(self, call, changes):
        response, actor = super().changed(call, changes), call.principal.tenant_key
        link = self.links.find(call.subject.id)
        if link.tenant != actor:
            self.publish("link.updated", replace(link, tenant=actor))
        return response


@fault("WHD-TENANT-ISOLATION")
class TakesTheIssuerForTheOwner(Webhooks):
    """Takes everybody of one issuer for one owner."""

    def all_of(self, owner):
        issuer = owner.partition("|")[0].partition(" ")[0]
        rows = self.database.rows(select(WEBHOOKS).where(WEBHOOKS.c.owner.startswith(issuer)))
        return [self._made(row) for row in rows]


@fault("WHD-TENANT-ISOLATION")
class ForgetsTheOwner(Webhooks):
    """Looks for subscribers without asking whose they are."""

    def all_of(self, _owner):
        return [self._made(row) for row in self.database.rows(select(WEBHOOKS))]


@fault("WHD-NO-EVENT-FOR-FAILED")
class WhateverTheAnswer(Gateway):
    """Tells of every change that is asked for, by code that runs after the request and does not look at the answer."""

    def handle(self, call, view):
        try:
            return super().handle(call, view)
        except RefusalError:
            if call.operation.id == "updateLink" and call.body:
                view.__self__.publish("link.updated", replace(call.subject, title=call.body.get("title")))
            raise


@fault("WHD-NO-EVENT-FOR-FAILED")
class ComparesAfterwards(Gateway):
    """Looks at If-Match when everything is done and told."""

    def gates(self):
        return tuple(gate for gate in super().gates() if gate != self.compare)

    def handle(self, call, view):
        response = super().handle(call, view)
        self.compare(call)
        return response


@fault("WHD-NO-EVENT-FOR-FAILED")
class AConflictIsTold(Gateway):
    """The event is written whatever comes of the creation."""

    def decide(self, call, view):
        response = super().decide(call, view)
        if response.status_code == HTTPStatus.CONFLICT and call.operation.id == "createLink":
            links = view.__self__
            taken = replace(links.links.by_code(call.body["code"]), tenant=call.principal.tenant_key)
            links.publish("link.created", replace(taken, title=call.body.get("title")))
        return response
