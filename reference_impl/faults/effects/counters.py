"""Ways to miscount."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from reference_impl.domain.entities import Statistics
from reference_impl.events.counting import Counting
from reference_impl.faults import fault
from reference_impl.storage.clicks import Clicks
from reference_impl.storage.tables import CLICKS
from reference_impl.views.links import Redirects

OTHERS = ("ASYNC-COUNT-NOT-EXCEEDED", "ASYNC-COUNT-OWN-OBJECT")


@fault("ASYNC-EVENTUAL-CONSISTENCY", also=(*OTHERS, "PAGE-COMPLETE-NO-DUPLICATES"))
class VisitsAreCountedAtNight(Counting):
    """A nightly job counts, although the contract promises seconds."""

    def run(self):
        return


@fault("ASYNC-EVENTUAL-CONSISTENCY", also=OTHERS)
class VisitsOfOneSecondAreOne(Clicks):
    """Visits are told apart by their second, so that of many at once one is counted."""

    def statistics(self, link_id):
        seconds = func.count(func.distinct(func.substr(CLICKS.c.clicked_at, 1, 19)))
        row = self.database.row(select(seconds.label("n")).where(CLICKS.c.link_id == link_id))
        return Statistics(clicks=row["n"], last_clicked_at=None)


@fault("ASYNC-EVENTUAL-CONSISTENCY", also=(*OTHERS, "PAGE-COMPLETE-NO-DUPLICATES"))
class OnlyTheFirstOfABatchIsCounted(Clicks):
    """The whole batch is taken from the queue, and one of it is written."""

    def taken(self):
        return super().taken()[:1]


@fault("ASYNC-COUNT-NOT-EXCEEDED", also=OTHERS)
class AnEventConsumedTwiceCountsTwice(Counting):
    """The event is noted at its publication and again at its delivery, each time as another one."""

    def note(self, click):
        super().note(click)
        super().note(replace(click, event_id=click.event_id[:4] + click.event_id[:3:-1]))


@fault("ASYNC-COUNT-NOT-EXCEEDED", also=OTHERS)
class NumbersAreRoundedUp(Clicks):
    """Statistics show multiples of five."""

    def statistics(self, link_id):
        sound = super().statistics(link_id)
        return replace(sound, clicks=-(-sound.clicks // 5) * 5)


@fault("ASYNC-COUNT-OWN-OBJECT", also=OTHERS)
class AllVisitsAreCounted(Clicks):
    """The condition on the link was forgotten: everybody sees the visits of the whole platform."""

    def statistics(self, link_id):
        row = self.database.row(select(func.count().label("n")).select_from(CLICKS))
        return replace(super().statistics(link_id), clicks=row["n"])


@fault("ASYNC-COUNT-NOT-EXCEEDED")
class LooksAreVisits(Redirects):
    """Whatever gets the redirect is a visit, also a HEAD that only looks where it leads."""

    def follow(self, call):
        response = super().follow(call)
        if call.request.method == "HEAD":
            response.call_on_close(lambda: self.record(self.find(call.path["code"])))
        return response


@fault("ASYNC-COUNT-NOT-EXCEEDED")
class WhatHasExpiredIsCounted(Redirects):
    """Counts a visit before it is seen that the link has expired."""

    def expired(self, link):
        found = super().expired(link)
        if found:
            self.record(link)
        return found


@fault("ASYNC-EVENTUAL-CONSISTENCY")
class APageIsCounted(Clicks):
    """Counts the visits on the first page of them."""

    def statistics(self, link_id):
        counted = super().statistics(link_id)
        return replace(counted, clicks=min(counted.clicks, 20))
