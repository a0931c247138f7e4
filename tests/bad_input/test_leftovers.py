"""What is left at a target is told, and nothing that is gone."""

from __future__ import annotations

import pytest

from bad_input.variants import Notes, RefusalError, serving_notes


class HidesWhatIsGone(Notes):
    """Answers 403 to whoever asks for what is not there, as for what is somebody else's."""

    def _own(self, user, number):
        try:
            return super()._own(user, number)
        except RefusalError as refusal:
            raise RefusalError(403, "That is not yours.") from refusal


class MakesAgain(Notes):
    """A PUT makes what has been dropped once more."""

    def rewrite_note(self, number):
        user = self.user("rewriteNote")
        text = self.text()
        with self._lock:
            made = number not in self._notes
            self._notes[number] = (user, text)
        return 201 if made else 200, self.shown(number, text)


def no_type_without_content(app):
    """Refuses a DELETE that tells the type of a body it does not have, as some frameworks do."""

    def handle(environ, start_response):
        if environ["REQUEST_METHOD"] == "DELETE" and environ.get("CONTENT_TYPE"):
            start_response("400 Bad Request", [("Content-Type", "application/json")])
            return [b'{"message": "There is no content."}']
        return app(environ, start_response)

    return handle


@pytest.mark.parametrize(
    ("notes", "clauses"),
    [
        (HidesWhatIsGone, ["ROB-NO-5XX-ON-INPUT", "ROB-INVALID-REFUSED", "ROB-ALWAYS-ANSWERS"]),
        (MakesAgain, ["REST-DELETE-GONE"]),
    ],
)
def test_nothing_that_was_removed_is_told_of(judge, notes, clauses):
    kept = []

    class Kept(notes):
        def __init__(self, *given):
            super().__init__(*given)
            kept.append(self._notes)

    with serving_notes(Kept, no_type_without_content) as url:
        told = judge(*(word for clause in clauses for word in ("--only", clause)), target=f"url = '{url}'", deadline=5)

    assert (told.report["left"], kept) == ([], [{}]), told.words
