"""Ways to list too much."""

from __future__ import annotations

from records import Records


class ListsEverything(Records):
    """Lists what is there, whoever asks."""

    clause = "OBJ-LIST-ISOLATION"

    def listed(self, _ask, shelf):
        return list(shelf.values())


class SearchesEverywhere(Records):
    """A search takes the place of the condition whose patients they are."""

    clause = "OBJ-LIST-ISOLATION"

    def search(self, ask, text):
        if not text:
            return super().search(ask, text)
        return [each for each in self.patients.values() if text in str(each.members)]
