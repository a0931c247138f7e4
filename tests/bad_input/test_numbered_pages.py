"""Pages that are counted, by their numbers or by the items before them, are walked as those that a link leads to."""

from __future__ import annotations

import pytest
from flask import request

from bad_input.variants import Notes, serving_notes

CLAUSE = "PAGE-COMPLETE-NO-DUPLICATES"
OVERLAY = """
overlay: 1.0.0
info: {title: Notes in pages, version: "1"}
actions:
  - target: $.paths['/notes'].get
    update:
      parameters:
        - {name: NAME, in: query, schema: {type: integer}}
        - {name: page_size, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
"""


class InPages(Notes):
    """Pages by number, from 1."""

    first = 1

    def list_notes(self):
        _, notes = super().list_notes()
        size = int(request.args.get("page_size", 50))
        start = self.start(size)
        return 200, notes[::-1][start : start + size]

    def start(self, size):
        return (int(request.args.get("page", self.first)) - self.first) * size


class FromZero(InPages):
    """Pages by number, from 0."""

    first = 0


class Skipping(InPages):
    """Pages by the items before them."""

    def start(self, _size):
        return int(request.args.get("offset", 0))


class OneIsLost(InPages):
    """Each page begins one item late."""

    def start(self, size):
        found = super().start(size)
        return found + found // size


class OneComesTwice(Skipping):
    """Each page but the first begins one item early."""

    def start(self, size):
        return max(0, super().start(size) - 1)


@pytest.mark.parametrize(
    ("notes", "name", "verdict"),
    [
        (InPages, "page", "passed"),
        (FromZero, "page", "inapplicable"),  # where nothing tells that
        (Skipping, "offset", "passed"),
        (OneIsLost, "page", "failed"),
        (OneComesTwice, "offset", "failed"),
    ],
)
def test_each_item_is_on_one_page(judge, folder, notes, name, verdict):
    (folder / "overlay.yaml").write_text(OVERLAY.replace("NAME", name), encoding="utf-8")
    with serving_notes(notes) as url:
        told = judge("--only", CLAUSE, target=f"url = '{url}'\noverlays = ['overlay.yaml']", deadline=5)

    assert told.verdicts == {CLAUSE: verdict}, told.words
