"""Work that goes on after the answer, and looking at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g

from reference_impl.domain.entities import Job
from reference_impl.views.binding import operation

if TYPE_CHECKING:
    from flask import Response

    from reference_impl.gateway.call import Call
    from reference_impl.storage.jobs import Jobs
    from reference_impl.views.representations import JobRepresentation
    from reference_impl.views.tools import Tools


class JobViews:
    """What an owner does with jobs."""

    retry_after = 1  # seconds

    def __init__(self, jobs: Jobs, shown: JobRepresentation, tools: Tools) -> None:
        self.jobs = jobs
        self.shown = shown
        self.tools = tools

    @operation("importLinks")
    def begin(self, call: Call) -> Response:
        job = self.jobs.add(call.owner, call.principal.tenant_key, g.request_id, call.body["items"])
        response = self.answer(job, self.accepted_status())
        response.headers["Location"] = self.location(job)
        return response

    @operation("listJobs")
    def list(self, call: Call) -> Response:
        items, following = self.tools.pages.page(call, self.jobs.page)
        return self.tools.unless_known(call, self.tools.answers.page(call, self.shown.page(items), following))

    @operation("getJob")
    def show(self, call: Call) -> Response:
        return self.answer(call.subject_of(Job))

    def answer(self, job: Job, status: int = 200) -> Response:
        """The job; with the time to wait, as long as it goes on."""
        response = self.tools.answers.json(self.shown.document(job), status)
        if not job.ended:
            response.headers.update(self.waiting())
        return response

    def waiting(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}

    def accepted_status(self) -> int:
        return 202

    def location(self, job: Job) -> str:
        return self.tools.answers.location(job)
