"""Jobs in the database, and a queue of them: what a crash leaves behind is taken up again when its lease is over."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from reference_impl.domain.entities import Counts, Job, Result
from reference_impl.storage.tables import JOB_ITEMS, JOBS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import RowMapping

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.ids import Ids
    from reference_impl.storage.database import Database

ITEM = (JOB_ITEMS.c.index, JOB_ITEMS.c.status, JOB_ITEMS.c.link_id, JOB_ITEMS.c.problem)
OWN = tuple(column for column in JOBS.c if column.name != "leased_until")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that a job has to do."""

    index: int
    body: Mapping[str, Any]


class Jobs:
    """All jobs; whose they are is asked by `Ownership`. `wake` is set when there is a new one."""

    prefix = "job"

    def __init__(self, database: Database, clock: Clock, ids: Ids, lease: float) -> None:
        self.database = database
        self.clock = clock
        self.ids = ids
        self.lease = lease  # seconds
        self.wake = threading.Event()

    def add(self, owner: str, tenant: str, request_id: str, items: Sequence[Mapping[str, Any]]) -> Job:
        """A new job that waits for a worker."""
        job = Job(
            id=self.ids.new(self.prefix),
            owner=owner,
            tenant=tenant,
            request_id=request_id,
            state="queued",
            created_at=self.clock.timestamp(),
            ended_at=None,
            counts=Counts(total=len(items), created=0, refused=0),
            results=tuple(Result(index=index, status="pending") for index in range(len(items))),
        )
        columns = {column.name: getattr(job, column.name) for column in OWN if column.name != "position"}
        bodies = [
            {"job_id": job.id, "index": index, "body": body, "status": "pending"} for index, body in enumerate(items)
        ]
        with self.database.transaction():
            self.database.change(insert(JOBS).values(**columns, leased_until=0.0))
            self.database.change(insert(JOB_ITEMS).values(bodies))
            self.database.after_commit(self.wake.set)
        return job

    def find(self, job_id: str) -> Job | None:
        """The job with its results, as they were at one moment."""
        query = select(*OWN, *ITEM).join(JOB_ITEMS, JOB_ITEMS.c.job_id == JOBS.c.id).where(JOBS.c.id == job_id)
        rows = self.database.rows(query.order_by(JOB_ITEMS.c.index))
        if not rows:
            return None
        results = tuple(Result(**{column.name: row[column.name] for column in ITEM}) for row in rows)
        return made(rows[0], counts=counted(results), results=results)

    def page(self, owner: str, before: int | None, size: int) -> Sequence[Job]:
        """Up to `size` jobs of the owner without results, newest first, made before the position `before`."""
        counts = [func.count().filter(JOB_ITEMS.c.status == name).label(name) for name in ("created", "refused")]
        query = (
            select(*OWN, func.count().label("total"), *counts)
            .join(JOB_ITEMS, JOB_ITEMS.c.job_id == JOBS.c.id)
            .where(self.owned_by(owner))
            .group_by(JOBS.c.position)
            .order_by(JOBS.c.position.desc())
            .limit(size)
        )
        if before is not None:
            query = query.where(JOBS.c.position < before)
        return [
            made(row, counts=Counts(total=row["total"], created=row["created"], refused=row["refused"]))
            for row in self.database.rows(query)
        ]

    def owned_by(self, owner: str) -> ColumnElement[bool]:
        return JOBS.c.owner == owner

    def claim(self) -> Job | None:
        """The oldest job that nobody is at, for as long as the lease; of several workers, one gets it."""
        now = self.clock.seconds()
        free = self.unfinished() & (JOBS.c.leased_until <= now)
        oldest = select(func.min(JOBS.c.position)).where(free).scalar_subquery()
        statement = update(JOBS).where(JOBS.c.position == oldest, free).values(self.taken(now)).returning(JOBS.c.id)
        row = self.database.row(statement)
        return self.find(row["id"]) if row else None

    def unfinished(self) -> ColumnElement[bool]:
        return JOBS.c.state.in_(["queued", "running"])

    def taken(self, now: float) -> Mapping[str, Any]:
        return {"state": "running", "leased_until": now + self.lease}

    def pending(self, job: Job) -> Sequence[Item]:
        """What is left to do, in the order in which it was sent."""
        query = select(JOB_ITEMS.c.index, JOB_ITEMS.c.body).where(JOB_ITEMS.c.job_id == job.id, self.waiting())
        return [Item(**row) for row in self.database.rows(query.order_by(JOB_ITEMS.c.index))]

    def waiting(self) -> ColumnElement[bool]:
        return JOB_ITEMS.c.status == "pending"

    def take(self, job: Job, index: int) -> bool:
        """Whether the item was still to do; another transaction that asks waits for this one. Renews the lease."""
        lease = {"leased_until": self.clock.seconds() + self.lease}
        self.database.change(update(JOBS).where(JOBS.c.id == job.id, self.unfinished()).values(lease))
        return self.settle(job, Result(index=index, status="taken"), self.waiting())

    def settle(self, job: Job, result: Result, condition: ColumnElement[bool] | None = None) -> bool:
        """Writes what came of an item, if it fulfils the condition."""
        statement = update(JOB_ITEMS).where(JOB_ITEMS.c.job_id == job.id, JOB_ITEMS.c.index == result.index)
        statement = statement if condition is None else statement.where(condition)
        values = {"status": result.status, "link_id": result.link_id, "problem": result.problem}
        return self.database.change(statement.values(values)) > 0

    def finish(self, job: Job, state: str) -> Job | None:
        """The ended job, or None if somebody else has ended it."""
        values = {"state": state, "ended_at": self.clock.timestamp(), "leased_until": 0.0}
        ended = self.database.change(update(JOBS).where(JOBS.c.id == job.id, self.unfinished()).values(values))
        return self.find(job.id) if ended else None


def made(row: RowMapping, **members: Any) -> Job:
    return Job(**{column.name: row[column.name] for column in OWN}, **members)


def counted(results: Sequence[Result]) -> Counts:
    found = [result.status for result in results]
    return Counts(total=len(found), created=found.count("created"), refused=found.count("refused"))
