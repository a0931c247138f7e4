"""Ways to get the items of a job wrong."""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import replace

from sqlalchemy import delete, select

from reference_impl.domain.entities import Counts
from reference_impl.domain.refusals import conflict
from reference_impl.faults import fault
from reference_impl.jobs.importer import Completion, Importer, ItemRules
from reference_impl.storage.jobs import Jobs
from reference_impl.storage.tables import JOB_ITEMS, JOBS, LINKS
from reference_impl.views.representations import JobRepresentation

PAGE = 20
MEMBERS = {"destination", "title", "code", "enabled", "expires_at"}


@fault("ASYNC-JOB-RESULT-EACH")
class ShowsSuccessesOnly(JobRepresentation):
    """Shows what was made and leaves out what was refused."""

    def results(self, results):
        return [shown for shown in super().results(results) if shown["status"] != "refused"]


@fault("ASYNC-JOB-RESULT-EACH")
class ShowsAPageOfResults(JobRepresentation):
    """Cuts the results off where a page of a list would end."""

    def results(self, results):
        return super().results(results)[:PAGE]


@fault("ASYNC-JOB-RESULT-ORDER")
class LatestFirst(JobRepresentation):
    """Shows the results as lists are shown, with the latest first."""

    def results(self, results):
        return super().results(results)[::-1]


@fault("ASYNC-JOB-RESULT-ORDER")
class RefusalsFirst(JobRepresentation):
    """Puts what needs attention first."""

    def results(self, results):
        return sorted(super().results(results), key=lambda shown: shown["status"] != "refused")


@fault("ASYNC-JOB-RESULT-NAMES")
class SortsTheNames(JobRepresentation):
    """Joins items and links by the order of the ids of links."""

    def results(self, results):
        ids = iter(sorted(result.link_id for result in results if result.link_id))
        return super().results([replace(each, link_id=next(ids)) if each.link_id else each for each in results])


@fault("ASYNC-JOB-RESULT-NAMES")
class NamesTheFirst(JobRepresentation):
    """Keeps one variable for all items, and shows the first link for each."""

    def results(self, results):
        first = next((result.link_id for result in results if result.link_id), None)
        return super().results([replace(each, link_id=first) if each.link_id else each for each in results])


@fault("ASYNC-JOB-PARTIAL")
class ItemsLoseWhatIsUnknown(ItemRules):
    """Passes over members of an item that a single request would be refused for."""

    def check(self, body):
        super().check({name: value for name, value in body.items() if name in MEMBERS})


@fault("ASYNC-JOB-PARTIAL")
class AllOrNothing(Importer):
    """Refuses all items if one is bad."""

    def make(self, job, item):
        for each in self.jobs.pending(job):
            self.rules.check(each.body)
        return super().make(job, item)


@fault("ASYNC-JOB-PARTIAL")
class StopsAtTheFirstRefusal(Importer):
    """Refuses everything after the first bad item."""

    def make(self, job, item):
        if self.jobs.find(job.id).counts.refused:
            self.rules.check({})
        return super().make(job, item)


@fault("ASYNC-JOB-PARTIAL")
class GivesNoReason(Importer):
    """Writes that an item was refused, and not why."""

    def refused(self, job, item, refusal):
        return replace(super().refused(job, item, refusal), problem=None)


@fault("ASYNC-JOB-ONE-EFFECT")
class MakesEachTwice(Importer):
    """Makes the link of an item once more, as if the answer to the first time had been lost."""

    def make(self, job, item):
        super().make(job, item)
        return super().make(job, item)


@fault("ASYNC-JOB-ONE-EFFECT")
class MakesWhatItRefuses(Importer):
    """Makes a link of what it can find in a bad item, and refuses the item then."""

    def refused(self, job, item, refusal):
        texts = {name: item.body.get(name) for name in ("destination", "title")}
        found = {name: text for name, text in texts.items() if isinstance(text, str)}
        self.links.make(job.owner, job.tenant, {"destination": "https://shop.example/", **found})
        return super().refused(job, item, refusal)


@fault("ASYNC-JOB-ONE-EFFECT")
class LosesTheLast(Importer):
    """Says that the last link was made, and loses it when it tidies up."""

    def carry_out(self, job):
        super().carry_out(job)
        made = [result.link_id for result in self.jobs.find(job.id).results if result.link_id]
        self.database.change(delete(LINKS).where(LINKS.c.id.in_(made[-1:])))


@fault("ASYNC-JOB-ITEM-WHOLE")
class LongTitlesOfItemsAreRefused(ItemRules):
    """The form for many has a bound of its own for titles, which single requests do not know."""

    def check(self, body):
        super().check(body)
        if len(body.get("title") or "") > 100:
            raise conflict("The title is too long.")


@fault("ASYNC-JOB-ITEM-EVENTS")
class MakesThemInSilence(Importer):
    """Writes the links of a job past the place where single ones are told."""

    def make(self, job, item):
        self.rules.check(item.body)
        return self.links.links.add(job.owner, job.tenant, item.body).id


@fault("ASYNC-JOB-ITEM-EVENTS")
class TellsThemAllAtTheEnd(Importer):
    """Tells each link when it is made, and all of them when the job is done."""

    def carry_out(self, job):
        super().carry_out(job)
        for result in self.jobs.find(job.id).results:
            if result.link_id:
                self.links.publish("link.created", self.links.links.find(result.link_id))


@fault("ASYNC-JOB-RESULT-KEPT")
class ShowsResultsOnce(Jobs):
    """Throws results away when they have been read."""

    def find(self, job_id):
        found, looks = super().find(job_id), vars(self).setdefault("looks", Counter())
        looks[job_id] += bool(found and found.ended)
        if looks[job_id] > 1:
            self.database.change(delete(JOB_ITEMS).where(JOB_ITEMS.c.job_id == job_id, JOB_ITEMS.c.index > 0))
        return found


@fault("ASYNC-JOB-RESULT-KEPT")
class KeepsTheLatestJob(Jobs):
    """Has room for the results of one job of each owner."""

    def finish(self, job, state):
        earlier = delete(JOBS).where(self.owned_by(job.owner), ~self.unfinished())
        self.database.change(earlier)
        return super().finish(job, state)


@fault("ASYNC-JOB-RESULT-KEPT")
class ResultsFollowTheirLinks(Jobs):
    """Looks up again what each item has made, and forgets it when it is gone."""

    def find(self, job_id):
        found = super().find(job_id)
        known = {row["id"] for row in self.database.rows(select(LINKS.c.id))}
        kept = [each if each.link_id in known else replace(each, link_id=None) for each in found.results if found]
        return replace(found, results=tuple(kept)) if found else None


@fault("ASYNC-JOB-PARTIAL")
class TheFirstFiftyAreDone(Importer):
    """What a job cannot do in its time is refused."""

    def make(self, job, item):
        if item.index >= 50:
            raise conflict("The job has too many items.")
        return super().make(job, item)


@fault("ASYNC-JOB-EVENT-AGREES")
class EveryEndIsASuccess(Completion):
    """The event of the end says that the job has succeeded, whatever came of it."""

    def publish(self, job):
        super().publish(replace(job, state="succeeded"))


@fault("ASYNC-JOB-EVENT-AGREES")
class TheCountsAreThoseOfTheBeginning(Completion):
    """The event of the end is made of the job as it was when it was taken up."""

    def publish(self, job):
        super().publish(replace(job, counts=Counts(total=job.counts.total, created=0, refused=0)))


@fault("ASYNC-JOB-ITEM-WHOLE")
class ItemsAreAlwaysEnabled(Importer):
    """Makes what an item describes, and switches it on."""

    def make(self, job, item):
        return super().make(job, replace(item, body={**item.body, "enabled": True}))


@fault("ASYNC-JOB-ITEM-WHOLE")
class ItemsNeverExpire(Importer):
    """Does not know the member that came last to what a single request takes."""

    def make(self, job, item):
        self.rules.check(item.body)
        known = {name: value for name, value in item.body.items() if name != "expires_at"}
        return super().make(job, replace(item, body=known))


@fault("ASYNC-JOB-ITEM-WHOLE")
class AddressesOfItemsAreCut(Importer):
    """Keeps the items of a job in a table whose column is shorter than that of links."""

    def make(self, job, item):
        self.rules.check(item.body)
        return super().make(job, replace(item, body={**item.body, "destination": item.body["destination"][:1024]}))


@fault("ASYNC-JOB-ITEM-EVENTS")
class ItemsAreToldAsTheirJob(Importer):
    """The source of the event is the job, which has made the link."""

    def make(self, job, item):
        links = copy(self.links)
        links.publish = lambda kind, link: links.tools.outbox.publish(
            kind, owner=link.tenant, source=job.path, data=links.shown.document(link)
        )
        self.rules.check(item.body)
        with self.database.transaction():
            return links.make(job.owner, job.tenant, item.body).id
