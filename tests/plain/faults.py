"""The notes as they should not be; `clause` is the id of the clause that is broken."""

from __future__ import annotations

import json

from flask import request
from notes import Notes


class WritesWithoutToken(Notes):
    """Takes notes from everybody."""

    clause = "AUTH-REQUIRED-EVERY-OPERATION"

    def user(self, operation):
        anonymous = "Authorization" not in request.headers
        return "anybody" if operation == "addNote" and anonymous else super().user(operation)


class CrashesOnBrokenJson(Notes):
    """Takes for granted that a body is JSON."""

    clause = "ERR-MALFORMED-JSON-400"

    def parsed(self, content):
        return json.loads(content)


class SpellsIdAsText(Notes):
    """Writes the id as a string, where a number is promised."""

    clause = "REST-RESPONSE-CONFORMS-SCHEMA"

    def shown(self, number, text):
        return {**super().shown(number, text), "id": str(number)}


class CrashesOnceANoteIsGone(Notes):
    """Throws a note away, and looks at it afterwards."""

    clause = "ROB-NO-5XX-ON-INPUT"

    def drop_note(self, number):
        super().drop_note(number)
        return 200, self.shown(number, self._notes[number])
