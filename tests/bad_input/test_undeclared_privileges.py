"""A member that gives rights, which the body does not declare and the answer shows, is set by nobody."""

from __future__ import annotations

from threading import RLock

import pytest

from bad_input.variants import Notes, serving_notes

OVERLAY = """
overlay: 1.0.0
info: {title: Notes with owners, version: "1"}
actions:
  - target: $
    update: {x-ownership: {visibility: private}}
  - target: $.components.schemas.Text.additionalProperties
    remove: true
  - target: $.components.schemas.Note
    update: {properties: {role: {type: string}, pinned: {type: boolean}}}
"""


class Shown(Notes):
    """Notes have a role, which nobody chooses, and are pinned by whoever likes."""

    taken = frozenset({"pinned"})

    def __init__(self, *given):
        super().__init__(*given)
        self.more = {}
        self._lock_of_all = RLock()

    def text(self):
        text = super().text()
        self.sent = {name: value for name, value in self.body.items() if name in self.taken}
        return text

    def parsed(self, content):
        self.body = super().parsed(content)
        return {"text": self.body["text"]} if isinstance(self.body, dict) and "text" in self.body else self.body

    def add_note(self):
        with self._lock_of_all:
            status, note = super().add_note()
            self.more[note["id"]] = self.sent
            return status, note | self.sent

    def rewrite_note(self, number):
        with self._lock_of_all:
            status, note = super().rewrite_note(number)
            self.more[number] = {**self.more.get(number, {}), **self.sent}
            return status, note | self.more[number]

    def shown(self, number, text):
        return {**super().shown(number, text), "role": "reader", "pinned": False, **self.more.get(number, {})}


class TakesAnything(Shown):
    """Writes whatever comes into the record."""

    taken = frozenset({"pinned", "role"})


@pytest.mark.parametrize(("notes", "verdict"), [(Shown, "passed"), (TakesAnything, "failed")])
def test_a_role_is_not_chosen_by_its_holder(judge, folder, notes, verdict):
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    with serving_notes(notes) as url:
        told = judge(
            "--only", "OBJ-READONLY-PROPERTIES", target=f"url = '{url}'\noverlays = ['overlay.yaml']", deadline=5
        )

    assert told.verdicts == {"OBJ-READONLY-PROPERTIES": verdict}, told.words
