"""Counts visits in the background: soon, and each once."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reference_impl.domain.entities import Click
    from reference_impl.storage.clicks import Clicks
    from reference_impl.storage.database import Database

LOG = logging.getLogger("reference_impl")
POLL = 1.0  # seconds; other processes write to the same database


class Counting:
    """Takes notes of visits, and counts what has been noted; a crash between the two loses nothing."""

    def __init__(self, database: Database, clicks: Clicks) -> None:
        self.database = database
        self.clicks = clicks
        self.wake = threading.Event()

    def note(self, click: Click) -> None:
        """In the transaction that publishes the visit."""
        self.clicks.note(click)
        self.database.after_commit(self.wake.set)

    def start(self) -> None:
        threading.Thread(target=self.run, name="counting", daemon=True).start()

    def run(self) -> None:
        while True:
            self.wake.clear()
            try:
                counted = self.clicks.count()
            except Exception:
                LOG.exception("The counting goes on after a failure.")
                counted = 0
            if not counted:
                self.wake.wait(POLL)
