"""Makes the links of a job: each item once, whatever becomes of the process that is at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs

from reference_impl.domain.entities import Result
from reference_impl.domain.refusals import RefusalError, invalid
from reference_impl.gateway.schemas import offences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reference_impl.contract import Contract
    from reference_impl.domain.entities import Job
    from reference_impl.events.outbox import Outbox
    from reference_impl.gateway.problems import Problems
    from reference_impl.storage.database import Database
    from reference_impl.storage.jobs import Item, Jobs
    from reference_impl.views.links import LinkViews
    from reference_impl.views.representations import JobRepresentation


class ItemRules:
    """An item is what `createLink` takes."""

    def __init__(self, contract: Contract) -> None:
        body = contract.operations["createLink"].description["requestBody"]
        schema = body["content"]["application/json"]["schema"]
        self.validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

    def check(self, body: Mapping[str, Any]) -> None:
        """Raises the refusal of an item that breaks the schema."""
        errors = tuple(self.validator.iter_errors(body))
        if errors:
            raise invalid(*offences(errors))


class Importer:
    """Carries out a job, or what is left of it.

    Each item is one transaction: that it is done, the link and its event are written together, or not at all.
    """

    def __init__(self, jobs: Jobs, links: LinkViews, rules: ItemRules, problems: Problems, database: Database) -> None:
        self.jobs = jobs
        self.links = links
        self.rules = rules
        self.problems = problems
        self.database = database

    def carry_out(self, job: Job) -> None:
        for item in self.jobs.pending(job):
            self.process(job, item)

    def process(self, job: Job, item: Item) -> None:
        with self.database.transaction():
            if self.jobs.take(job, item.index):
                self.jobs.settle(job, self.result(job, item))

    def result(self, job: Job, item: Item) -> Result:
        try:
            return Result(index=item.index, status="created", link_id=self.make(job, item))
        except RefusalError as refusal:
            return self.refused(job, item, refusal)

    def make(self, job: Job, item: Item) -> str:
        """The id of the new link; raises the refusal that `createLink` would have answered."""
        self.rules.check(item.body)
        with self.database.transaction():
            return self.links.make(job.owner, job.tenant, item.body).id

    def refused(self, job: Job, item: Item, refusal: RefusalError) -> Result:
        problem = self.problems.document(refusal, job.request_id)
        return Result(index=item.index, status="refused", problem=problem)


class Completion:
    """Ends a job and tells it: both, or neither."""

    def __init__(self, jobs: Jobs, outbox: Outbox, shown: JobRepresentation, database: Database) -> None:
        self.jobs = jobs
        self.outbox = outbox
        self.shown = shown
        self.database = database

    def finish(self, job: Job) -> None:
        with self.database.transaction():
            found = self.jobs.find(job.id)
            ended = self.jobs.finish(job, self.state(found)) if found else None
            if ended:
                self.publish(ended)

    def state(self, job: Job) -> str:
        return "succeeded" if job.counts.created else "failed"

    def publish(self, job: Job) -> None:
        self.outbox.publish("import.completed", owner=job.tenant, source=job.path, data=self.shown.summary(job))
