"""Lists whose pages are asked for by number, by offset or by a cursor that no link declares."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from conformance.errors import InapplicableError, UntestableError
from conformance.observations.next_page import first_query, with_size
from conformance.observations.page_walk import items, pages, whole_list

if TYPE_CHECKING:
    from conformance.effects.pagination import Pagination
    from conformance.http.messages import Reply, Request

FEWEST = 2  # items of a page
MOST_PAGES = 20  # of a list that may have much in it that others made
TRIES = 3  # at a list that changes while it is read


@dataclass(frozen=True, kw_only=True)
class NumberedPages:
    """A list in which some things were just made, and its pages."""

    pagination: Pagination
    markers: list[str]

    def times_met(self) -> list[int]:
        """How many items of small pages hold each marker.

        Raises InapplicableError if pages are numbered otherwise than by their usual names, UntestableError if the list
        changes meanwhile, or does not show in large pages what was made.
        """
        for _ in range(TRIES):
            whole = self._whole()
            if 0 in self._met(whole):
                raise UntestableError(f"{self.pagination.operation.id} does not show what was made.")
            size = max(FEWEST, ceil(len(whole) / MOST_PAGES))
            request = with_size(self.pagination.operation, self.pagination.request, size)
            walked = list(pages(self.pagination.owner, request, most=2 * MOST_PAGES))
            self._require_usual(request, walked[0])
            if self._whole() == whole:
                return self._met(self._items(walked))
        raise UntestableError(f"what {self.pagination.operation.id} lists changes while it is read.")

    def _require_usual(self, request: Request, first: Reply) -> None:
        """The first page is the one with the first number."""
        query = first_query(self.pagination.operation, first)
        again = self.pagination.owner.send(request.with_query(**query), "control") if query else first
        if self._items([again]) != self._items([first]):
            raise InapplicableError(f"the first page of {self.pagination.operation.id} is not that of {query}")

    def _met(self, texts: list[str]) -> list[int]:
        return [sum(marker in text for text in texts) for marker in self.markers]

    def _whole(self) -> list[str]:
        return self._items(list(whole_list(self.pagination.owner, self.pagination.request, "control")))

    def _items(self, read: list[Reply]) -> list[str]:
        return [json.dumps(item) for page in read if page.success for item in items(self.pagination.contract, page)]
