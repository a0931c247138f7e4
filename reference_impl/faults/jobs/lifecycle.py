"""Ways to get jobs wrong: how they begin, go on and end."""

from __future__ import annotations

import time
from dataclasses import replace

from sqlalchemy import select, update

from reference_impl.domain.refusals import Offence, invalid
from reference_impl.events.outbox import Outbox
from reference_impl.faults import fault
from reference_impl.gateway.idempotency import IdempotencyKeys
from reference_impl.gateway.validation import RequestValidation
from reference_impl.jobs.importer import Completion, Importer
from reference_impl.storage.jobs import Jobs
from reference_impl.storage.tables import DELIVERIES, JOBS
from reference_impl.views.binding import operation
from reference_impl.views.jobs import JobViews
from reference_impl.views.representations import JobRepresentation

MOST = 100  # items


@fault("ASYNC-JOB-202")
class NotFoundAtFirst(Jobs):
    """Shows a job only when a worker has taken it up, which takes a moment."""

    def find(self, job_id):
        found = super().find(job_id)
        return found if found and self.clock.seconds() > self.taken_up(found) else None

    def taken_up(self, job):
        return time.mktime(time.strptime(job.created_at[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone + 2

    def claim(self):
        row = self.database.row(select(JOBS.c.id).where(self.unfinished(), JOBS.c.leased_until <= self.clock.seconds()))
        return super().claim() if row and self.find(row["id"]) else None


@fault("ASYNC-JOB-202")
class AnswersWith200(JobViews):
    """Answers 200, as if all had been done."""

    def accepted_status(self):
        return 200


@fault("ASYNC-JOB-202")
class AnswersWith201(JobViews):
    """Answers 201, as the job has been made, which is not what was asked for."""

    def accepted_status(self):
        return 201


@fault("ASYNC-JOB-LOCATION")
class LocationOfTheList(JobViews):
    """Gives the address of all jobs for that of this one."""

    def location(self, job):
        return super().location(job).rpartition("/")[0]


@fault("ASYNC-JOB-LOCATION")
class LocationBelowTheImports(JobViews):
    """Puts the id behind the path of the request, where nothing is served."""

    def location(self, job):
        return super().location(job).replace("/jobs/", "/link-imports/")


@fault("ASYNC-JOB-TERMINAL")
class StuckAtTheLast(Importer):
    """Dies at the last item, each time anew."""

    def carry_out(self, job):
        for item in self.jobs.pending(job)[:-1]:
            self.process(job, item)
        raise RuntimeError("The last one is never done.")


@fault("ASYNC-JOB-TERMINAL")
class OnlySuccessIsAnEnd(Completion):
    """Ends a job that was done without a fault, and forgets the others."""

    def finish(self, job):
        found = self.jobs.find(job.id)
        if found and not found.counts.refused:
            super().finish(job)


@fault("ASYNC-JOB-FINAL")
class TriesFailedJobsAgain(JobRepresentation):
    """Takes a job up again when its owner has seen that it failed."""

    def __init__(self):
        self.seen = set()

    def document(self, job):
        again = job.id in self.seen
        self.seen |= {job.id} if job.state == "failed" else set()
        return super().document(job) | ({"state": "running"} if again else {})


@fault("ASYNC-JOB-FINAL")
class ArchivedJobsWait(JobRepresentation):
    """Puts a job that its owner has seen to be done into an archive, from which it is read without its end."""

    def __init__(self):
        self.seen = set()

    def document(self, job):
        again = job.id in self.seen
        self.seen |= {job.id} if job.ended else set()
        return super().document(job) | ({"state": "queued"} if again else {})


@fault("ASYNC-JOB-ORDER")
class RunsBeforeItWaits(Jobs):
    """Says that the job runs, and then puts it into the queue."""

    def add(self, owner, tenant, request_id, items):
        job = super().add(owner, tenant, request_id, items)
        later = self.clock.seconds() + 1
        self.database.change(update(JOBS).where(JOBS.c.id == job.id).values(leased_until=later))
        return replace(job, state="running")


@fault("ASYNC-JOB-ORDER")
class HasOneMoreState(JobRepresentation):
    """Has a state that nobody was told of."""

    def state(self, job):
        return super().state(job) if job.ended else "accepted"


@fault("ASYNC-JOB-PROGRESS")
class CountsWhatIsLeft(JobRepresentation):
    """Counts what is left to do, and not what is done."""

    def counts(self, job):
        shown = super().counts(job)
        return shown | {"done": shown["total"] - shown["done"]}


@fault("ASYNC-JOB-PROGRESS")
class CountsTheStepsOfEachPhase(JobRepresentation):
    """Counts the items while they are checked and once more while they are made, each time from nothing."""

    def counts(self, job):
        shown = super().counts(job)
        return shown | {"done": shown["total"] if shown["done"] == 0 else shown["done"] - 1}


@fault("ASYNC-JOB-RETRY-AFTER")
class LeavesItToTheClient(JobViews):
    """Says nothing of when to ask again."""

    def waiting(self):
        return {}


@fault("ASYNC-JOB-RETRY-AFTER")
class FractionsOfASecond(JobViews):
    """Asks for half a second, which the field cannot say."""

    def waiting(self):
        return {"Retry-After": "0.5"}


@fault("ASYNC-JOB-IDEMPOTENT")
class KeysAreForCreations(IdempotencyKeys):
    """Takes keys where something is made at once, and begins a job for each request."""

    def answer(self, call, work):
        return self.carry_out(work) if call.operation.id == "importLinks" else super().answer(call, work)


@fault("ASYNC-JOB-IDEMPOTENT")
class KeyHoldsForAMoment(IdempotencyKeys):
    """Forgets the key of a job when it has begun, so that a repeat in time is known and a late one imports again."""

    def retention(self, operation):
        return 0.5 if operation.id == "importLinks" else super().retention(operation)


@fault("ASYNC-JOB-EVENT-AFTER-END")
class TellsTheBeginning(JobViews):
    """Tells that the job is done when it has been taken on."""

    @operation("importLinks")
    def begin(self, call):
        response = super().begin(call)
        job = self.jobs.page(call.owner, None, 1)[0]
        self.tools.outbox.publish("import.completed", owner=job.tenant, source=job.path, data=self.shown.summary(job))
        return response


@fault("ASYNC-JOB-EVENT-AFTER-END")
class TellsBeforeItIsWritten(Completion):
    """Tells the end, and writes it when there is time for it."""

    def finish(self, job):
        super().publish(self.jobs.find(job.id))
        time.sleep(5)  # a delivery takes more than two where the machine is busy
        super().finish(job)

    def publish(self, job):
        """It was told before."""


@fault("ASYNC-JOB-EVENT-ONCE")
class TellsOfSuccessAlone(Completion):
    """Tells the end of a job only if one of its items succeeded."""

    def publish(self, job):
        if job.counts.created:
            super().publish(job)


@fault("ASYNC-JOB-EVENT-ONCE")
class TellsForEachLink(Completion):
    """Tells the end once for each link that was made."""

    def publish(self, job):
        for _ in range(job.counts.created):
            super().publish(job)


@fault("ASYNC-JOB-SIZE")
class TakesNone(RequestValidation):
    """Looks at items only if there are some."""

    def body(self, call):
        if call.operation.id != "importLinks" or call.body.get("items") != []:
            super().body(call)


@fault("ASYNC-JOB-SIZE")
class TakesTheFirstHundred(RequestValidation):
    """Takes what it can of too many items, and drops the rest."""

    def body(self, call):
        if call.operation.id == "importLinks" and len(call.body.get("items", [])) > MOST:
            call.body = call.body | {"items": call.body["items"][:MOST]}
        else:
            super().body(call)


@fault("ASYNC-CREATE-NOT-BLOCKED")
class WaitsForReceivers(Outbox):
    """Answers when receivers have what they are to be told."""

    def publish(self, kind, *, owner, source, data):
        event_id = super().publish(kind, owner=owner, source=source, data=data)
        self.database.after_commit(lambda: until(lambda: not self.waiting(event_id)))
        return event_id

    def waiting(self, event_id):
        return self.database.rows(select(DELIVERIES.c.attempts).where(DELIVERIES.c.event_id == event_id))


@fault("ASYNC-CREATE-NOT-BLOCKED")
class FailsWithItsReceivers(Outbox):
    """Lets a delivery that failed become an error of the request."""

    def publish(self, kind, *, owner, source, data):
        event_id = super().publish(kind, owner=owner, source=source, data=data)
        self.database.after_commit(lambda: self.insist(event_id))
        return event_id

    def insist(self, event_id):
        found = select(DELIVERIES.c.attempts).where(DELIVERIES.c.event_id == event_id)
        until(lambda: not (rows := self.database.rows(found)) or rows[0]["attempts"])
        if self.database.rows(found):
            raise RuntimeError("A receiver could not be told.")


def until(done):
    """Waits for what may take a few seconds."""
    end = time.monotonic() + 3
    while not done() and time.monotonic() < end:
        time.sleep(0.02)


@fault("ASYNC-JOB-SIZE")
class FewerThanAHundred(RequestValidation):
    """The most that there may be is the first that is too many."""

    def body(self, call):
        super().body(call)
        if call.operation.id == "importLinks" and len(call.body["items"]) >= 100:
            raise invalid(Offence(pointer="/items", detail="are too many"))
