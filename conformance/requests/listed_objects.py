"""Objects whose creation does not tell their identifiers: the list does, by what was written into them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.errors import InapplicableError
from conformance.http.polling import until
from conformance.observations.page_walk import LATENESS, items, whole_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http.messages import Reply, Request
    from conformance.observations.page_walk import Reader

Seen = TypeVar("Seen")


@dataclass(kw_only=True)
class ListedObjects:
    """What a list shows of the objects that were looked for, by the reply to the creation of each."""

    _found: dict[Reply, Any] = field(default_factory=dict)
    _awaited: set[str] = field(default_factory=set)  # paths of lists that did not show in time what was looked for

    def shown(self, listing: Request, creation: Reply, reader: Reader, *, waits: bool) -> Reply:
        """The reply with the item that holds the creation's marker as its body.

        That is null if the item is not shown: at once or, if one `waits` and did not do so in vain before, in LATENESS.
        """
        if creation not in self._found:
            look = partial(_item, listing, creation.request.marker, reader)
            seen = self.awaited(listing.path, look, lambda item: item is not None) if waits else look()
            if seen is not None:
                self._found[creation] = seen
        return replace(creation, headers=(), body=json.dumps(self._found.get(creation)).encode())

    def awaited(self, path: str, look: Callable[[], Seen], accepts: Callable[[Seen], bool]) -> Seen:
        """What is seen of the list at a path, once that is accepted or LATENESS is over, which is not awaited twice."""
        if path in self._awaited:
            return look()
        seen = until(look, accepts, within=LATENESS)
        if not accepts(seen):
            self._awaited.add(path)
        return seen


def _item(listing: Request, marker: str, reader: Reader) -> Any:
    try:
        shown = (item for page in whole_list(reader, listing, "arrangement") for item in items(reader.contract, page))
        return next((item for item in shown if marker in json.dumps(item)), None)
    except InapplicableError:  # what is read there is no list
        return None
