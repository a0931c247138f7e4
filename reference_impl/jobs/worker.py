"""Takes up jobs in the background: new ones at once, and those that another process has left behind."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reference_impl.jobs.importer import Completion, Importer
    from reference_impl.storage.jobs import Jobs

LOG = logging.getLogger("reference_impl")
POLL = 1.0  # seconds; other processes write to the same database


class Worker:
    """Does one job after the other, in a thread of its own."""

    def __init__(self, jobs: Jobs, importer: Importer, completion: Completion) -> None:
        self.jobs = jobs
        self.importer = importer
        self.completion = completion

    def start(self) -> None:
        threading.Thread(target=self.run, name="worker", daemon=True).start()

    def run(self) -> None:
        while True:
            self.jobs.wake.clear()
            try:
                busy = self.work()
            except Exception:
                LOG.exception("The worker goes on after a failure; the job is taken up again.")
                busy = False
            if not busy:
                self.jobs.wake.wait(POLL)

    def work(self) -> bool:
        """Does the next job; whether there was one."""
        job = self.jobs.claim()
        if job is None:
            return False
        self.importer.carry_out(job)
        self.completion.finish(job)
        return True
