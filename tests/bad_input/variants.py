"""The notes in another variant: a subclass served on loopback, in this process."""

from __future__ import annotations

import sys
from contextlib import contextmanager

from loopback import serving_app

from bad_input.command import PLAIN, USERS

sys.path.insert(0, str(PLAIN))
from notes import Notes, RefusalError, create_app

__all__ = ["Notes", "RefusalError", "serving_notes"]


@contextmanager
def serving_notes(notes_class, change=lambda app: app):
    """The URL at which such notes are served; `change` may wrap the application, which it is given."""
    app = create_app(PLAIN / "openapi.yaml", {token: held["user"] for token, held in USERS.items()}, notes_class)
    with serving_app(change(app)) as url:
        yield url
