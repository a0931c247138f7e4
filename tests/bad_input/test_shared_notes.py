"""A target whose objects anybody may read and change, by a contract that does not say whose they are."""

from __future__ import annotations

from bad_input.variants import Notes, RefusalError, serving_notes


class SharedNotes(Notes):
    """Everybody of the house reads, changes and removes every note."""

    def list_notes(self):
        self.user("listNotes")
        return 200, [self.shown(number, text) for number, (_, text) in self._notes.items()]

    def _own(self, _user, number):
        _, text = self._notes.get(number, ("", ""))
        if not text:
            raise RefusalError(404, "There is no such note.")
        return text


def test_no_refusal_of_a_stranger_is_expected_where_nothing_says_whose_a_note_is(judge):
    with serving_notes(SharedNotes) as url:
        told = judge("--only", "LEDGER-REFUSED-NOWHERE", target=f"url = '{url}'", deadline=5)

    assert (told.verdicts["LEDGER-REFUSED-NOWHERE"], told.report["places"]["blocked"]) == ("inapplicable", 0), (
        told.words
    )
