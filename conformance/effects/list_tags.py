"""Entity tags of lists (RFC 9110, section 8.8.3): of the whole, and of a page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.errors import BlockedError, InapplicableError, UntestableError

if TYPE_CHECKING:
    from conformance.effects.pagination import Pagination
    from conformance.http.messages import Reply, Request


@dataclass(frozen=True, kw_only=True)
class ListTags:
    """The tags of one owner's list, which can be filled and changed."""

    pagination: Pagination

    @property
    def request(self) -> Request:
        return self.pagination.request

    @property
    def current(self) -> str:
        """The tag of the list as it is now. Raises BlockedError if it has none."""
        return self._of(self.request)

    def _of(self, request: Request) -> str:
        return self._tag(self.pagination.owner.send(request, "control"))

    def _tag(self, reply: Reply) -> str:
        if not reply.header("ETag"):
            operation = self.pagination.operation.id
            raise BlockedError(f"{operation} takes If-None-Match, but answered {reply.status} without an ETag.")
        return reply.header("ETag")

    def superseded(self, *, later: int = 0) -> str:
        """Changes an item of the list, after which `later` ones were made, and gives the tag that the list had before.

        Raises InapplicableError if nothing changes what it lists, UntestableError if it does not show the change.
        """
        update, arranger, owner = self.pagination.update, self.pagination.arranger, self.pagination.owner
        arranged = arranger.object_for(update, owner)
        if later:
            self.pagination.fill(later)
        tag, change = self.current, arranger.request(update, owner, arranged)
        self.pagination.carry_out(change, update)
        if not change.body or not change.marked or change.marker not in self.shown.text:
            shown = f"the first page of {self.pagination.operation.id}"
            raise UntestableError(f"{shown} does not show what {update.id} has changed.")
        return tag

    def of_page_that_became_the_last(self) -> tuple[str, Reply]:
        """The tag of a page of one item before what stands on the next one is deleted, and the reply to it then.

        Raises InapplicableError if nothing is deleted from the list, UntestableError if the page is as before.
        """
        pagination = self.pagination
        creation = pagination.contract.maker(pagination.operation)
        if creation is None or pagination.arranger.deletion_of(creation) is None:
            raise InapplicableError(f"nothing deletes what {pagination.operation.id} lists.")
        arranged = pagination.create(2)
        first = pagination.page_of_size(pagination.limit_bound("minimum"))
        former = self._tag(first)
        pagination.delete_one_of(pagination.page(pagination.next_cursor(first)), arranged)
        page = replace(self, pagination=replace(pagination, request=first.request))
        if page.shown.body == first.body:
            raise UntestableError(f"a page of {pagination.operation.id} does not change with the page after it.")
        return former, page.if_none_match(former)

    @property
    def shown(self) -> Reply:
        """What is read of the list."""
        return self.pagination.owner.send(self.request, "control")

    def if_none_match(self, tag: str) -> Reply:
        """The reply to a conditional read of the list (If-None-Match)."""
        return self.pagination.owner.send(self.request.with_header("If-None-Match", tag))

    def unchanged_page(self, cursor: str) -> Reply:
        """The reply to a conditional read of the page that a cursor leads to, with the tag that it has just shown."""
        request = self.request.with_query(**{self.pagination.cursor: cursor})
        return self.pagination.owner.send(request.with_header("If-None-Match", self._of(request)))
