"""Where names are each person's own, a stranger who puts something under a name makes something of theirs."""

from __future__ import annotations

from bad_input.variants import Notes, RefusalError, serving_notes

OVERLAY = """
overlay: 1.0.0
info: {title: Notes under names of one's own, version: "1"}
actions:
  - target: $
    update: {x-ownership: {visibility: private, stranger: 404}}
  - target: $.paths['/notes/{id}'].put
    update: {responses: {"201": {$ref: "#/components/responses/Note"}}}
  - target: $.components.responses
    update:
      Note: {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
"""


class EachTheirOwn(Notes):
    """Keeps notes by writer and number."""

    def rewrite_note(self, number):
        user, text = self.user("rewriteNote"), self.text()
        with self._lock:
            made = (user, number) not in self._notes
            self._notes[user, number] = (user, text)
        return 201 if made else 200, self.shown(number, text)

    def add_note(self):
        user, text = self.user("addNote"), self.text()
        with self._lock:
            number = next(self._ids)
            self._notes[user, number] = (user, text)
        return 201, self.shown(number, text)

    def list_notes(self):
        user = self.user("listNotes")
        with self._lock:
            return 200, [
                self.shown(number, text) for (writer, number), (_, text) in self._notes.items() if writer == user
            ]

    def drop_note(self, number):
        user = self.user("dropNote")
        with self._lock:
            self._own(user, number)
            del self._notes[user, number]
        return 204, None

    def _own(self, user, number):
        if (user, number) not in self._notes:
            raise RefusalError(404, "You have no such note.")
        return self._notes[user, number][1]


def test_a_stranger_who_makes_something_of_the_same_name_has_changed_nothing(judge, folder):
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    clauses = ("OBJ-STRANGER-STATUS", "OBJ-UPDATE-FOREIGN", "GW-INTERNAL-HEADERS-IGNORED", "LEDGER-REFUSED-NOWHERE")
    with serving_notes(EachTheirOwn) as url:
        words = [word for clause in clauses for word in ("--only", clause)]
        told = judge(*words, target=f"url = '{url}'\noverlays = ['overlay.yaml']", deadline=5)

    assert told.verdicts == dict.fromkeys(clauses, "passed"), told.words
    places = [place for clause in told.report["clauses"] for place in clause["evidence"]]
    assert {place["verdict"] for place in places} <= {"passed", "inapplicable"}, told.words
