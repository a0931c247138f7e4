"""A paginated list, as an OpenAPI link of an operation to itself declares it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.effects.link_headers import follow_link, link_targets
from conformance.errors import BlockedError, InapplicableError, UntestableError
from conformance.http.polling import until
from conformance.observations.next_page import by_declared_link
from conformance.observations.page_walk import LATENESS, items, pages
from conformance.requests.identifiers import ArrangedObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation, Parameter
    from conformance.effects.counters import ObjectCounter
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger

MANY = 100  # items that a list is filled with, and one more
MAX_PAGES = 500  # pages of a list that is followed to its end


@dataclass(frozen=True, kw_only=True)
class Pagination:
    """The list of one owner: filling it, and reading it in pages."""

    contract: Contract
    arranger: Arranger
    operation: Operation
    owner: Account
    request: Request
    counter: ObjectCounter | None = None  # where the list grows by what another operation does

    @property
    def cursor(self) -> str:
        """The query parameter that takes the cursor."""
        return next(iter(self.operation.fed))

    @property
    def limit(self) -> Parameter:
        """The query parameter that bounds the size of a page. Raises UntestableError if none is declared."""
        for parameter in self.operation.parameters:
            schema = self.contract.schema(parameter.schema)
            if parameter.place == "query" and {"minimum", "maximum"} <= set(schema) and schema.get("type") == "integer":
                return parameter
        raise UntestableError(
            f"{self.operation.id} declares no integer query parameter with minimum and maximum: no page can be small.",
        )

    def limit_bound(self, name: str) -> int:
        """The declared `minimum` or `maximum` of the limit."""
        return int(self.contract.schema(self.limit.schema)[name])

    @property
    def creation(self) -> Operation:
        """The operation that makes what the list shows. Raises UntestableError if there is none."""
        creation = self.contract.maker(self.operation)
        if creation is None:
            raise UntestableError(f"nothing makes what {self.operation.id} lists: its path declares no POST.")
        return creation

    def fill(self, count: int) -> list[str]:
        """Adds so many items to the list, and gives a text by which each is recognised."""
        if self.counter is not None:
            return self._fill_by_counting(self.counter, count)
        if self.contract.maker(self.operation) is None:
            return self._awaited(self._fill_by_link(count))
        return [created.marker for created in self.create(count)]

    def _awaited(self, markers: list[str]) -> list[str]:
        """The markers as soon as the list shows them all: it may do so some time after what they are in was made."""

        def shown() -> str:
            return "".join(page.text for page in pages(self.owner, self.request, "control"))

        until(shown, lambda text: all(marker in text for marker in markers), within=LATENESS)
        return markers

    def fill_beyond_largest_page(self) -> list[str]:
        """Adds one item more than a page can hold. Raises UntestableError if that is more than MANY."""
        largest = self.limit_bound("maximum")
        if largest > MANY:
            raise UntestableError(f"needs {largest + 1} items of {self.operation.id}; a run makes {MANY + 1} at most.")
        return self.fill(largest + 1)

    def create(self, count: int) -> list[ArrangedObject]:
        """Creates so many objects that the list shows. Raises InapplicableError where it shows what is counted."""
        if self.counter is not None:
            raise InapplicableError(f"what {self.operation.id} lists is counted, and deleted by nothing.")
        objects = [self._create_one() for _ in range(count)]
        if not all(created.marker for created in objects):
            raise UntestableError(f"no member of the body of {self.creation.id} may hold a text of the suite's choice.")
        self._awaited([created.marker for created in objects])
        return objects

    def _create_one(self) -> ArrangedObject:
        request = self.arranger.creation(self.creation, self.owner, within=dict(self.request.parameters))
        reply = self.carry_out(request, self.creation)
        self._await_final_state(request, reply)
        return ArrangedObject(parameters={}, marker=self.arranger.marker_of(reply), reply=reply)

    def _await_final_state(self, request: Request, reply: Reply) -> None:
        """Waits until what was created does not change by itself any more, since the list changes with it."""
        reading = self.reading
        producer = self.arranger.producer(reading) if reading else None
        if reading and producer and producer.operation.id == request.operation:
            parameters = self.arranger.parameters(producer, reading, reply, self.owner)
            self.arranger.await_final_state(reading, parameters, self.owner)

    def fill_and_change(self, count: int) -> list[str]:
        """Adds so many items and changes the first; gives the texts by which they are recognised then."""
        update, (first, *others) = self.update, self.create(count)
        producer = self.arranger.producer(update)
        assert producer is not None
        parameters = self.arranger.parameters(producer, update, first.reply, self.owner)
        request = self.arranger.request_with(update, parameters)
        self.carry_out(request, update)
        if not request.marked:
            raise InapplicableError(f"{update.id} sets no text of the suite's choice.")
        return [request.marker, *(created.marker for created in others)]

    def delete_one_of(self, page: Reply, objects: list[ArrangedObject]) -> list[str]:
        """Deletes the last of the objects that the page shows, and gives the markers of the others."""
        shown = [created for created in objects if created.marker in page.text]
        deleted = max(shown, key=lambda created: page.text.rfind(created.marker), default=None)
        if deleted is None:
            raise UntestableError(f"the first page of {self.operation.id} shows nothing that was just made.")
        deletion = self.arranger.deletion_of(self.creation)
        if deletion is None:
            raise UntestableError(f"no operation of the contract deletes what {self.creation.id} makes.")
        producer = self.arranger.producer(deletion)
        assert producer is not None
        parameters = self.arranger.parameters(producer, deletion, deleted.reply, self.owner)
        self.carry_out(self.arranger.request_with(deletion, parameters), deletion)
        return [created.marker for created in objects if created is not deleted]

    def _fill_by_link(self, count: int) -> list[str]:
        """Creates items by the operation whose link leads to one of them, and gives their identifiers."""
        reading = self.reading
        producer = self.arranger.producer(reading) if reading else None
        if reading is None or producer is None or set(producer.operation.path_parameters) - set(self.path_parameters):
            raise UntestableError(f"nothing makes what {self.operation.id} lists: its path declares no POST.")
        requests = [self.arranger.request_with(producer.operation, self.path_parameters) for _ in range(count)]
        replies = [self.carry_out(request, producer.operation) for request in requests]
        for request, reply in zip(requests, replies, strict=True):
            self._await_final_state(request, reply)
        last = reading.path_parameters[-1]
        found = (self.arranger.parameters(producer, reading, reply, self.owner) for reply in replies)
        return [parameters[last] for parameters in found]

    @property
    def path_parameters(self) -> dict[str, str]:
        """The path parameters of the list."""
        return dict(self.request.parameters)

    @property
    def update(self) -> Operation:
        """The operation that changes one of the listed objects. Raises InapplicableError if there is none."""
        path = self.reading.path if self.reading else ""
        update = self.contract.at("PATCH", path) or self.contract.at("PUT", path)
        if update is None or self.arranger.producer(update) is None:
            raise InapplicableError(f"nothing changes what {self.operation.id} lists.")
        return update

    @property
    def reading(self) -> Operation | None:
        """The operation that reads one of the listed objects."""
        reading = (known for known in self.contract.operations if known.method == "GET")
        return next((known for known in reading if known.resource.rpartition("/")[0] == self.operation.route), None)

    def carry_out(self, request: Request, operation: Operation) -> Reply:
        """The reply to a request that arranges the list. Raises BlockedError if it is refused."""
        reply = self.owner.send(request, "arrangement")
        if not operation.succeeded(reply.status):
            raise BlockedError(f"{operation.id}, which was to arrange the list, answered {reply.status}.")
        return reply

    def _fill_by_counting(self, counter: ObjectCounter, count: int) -> list[str]:
        counter.send_counted(count)
        if counter.wait_for(count) < count:
            raise BlockedError(f"the list of {self.operation.id} could not be filled: it does not show what it counts.")
        return [json.dumps(item, ensure_ascii=False) for item in self.items(self.owner.send(self.request))]

    def page(self, cursor: str, account: Account | None = None) -> Reply:
        """The page that a cursor leads to, by default for the owner."""
        return (account or self.owner).send(self.request.with_query(**{self.cursor: cursor}))

    def head(self, cursor: str) -> Reply:
        """The reply to HEAD of the page that a cursor leads to."""
        return self.owner.send(self.request.with_query(**{self.cursor: cursor}).with_method("HEAD"))

    def as_read_by(self, account: Account) -> Pagination:
        """The same list in the hands of somebody else."""
        return replace(self, owner=account)

    def page_of_size(self, *sizes: Any) -> Reply:
        """A page of this limit; the parameter is given as often as there are values."""
        first, *others = map(str, sizes)
        request = self.request.with_query(**{self.limit.name: first})
        for size in others:
            request = request.with_added_query(self.limit.name, size)
        return self.owner.send(request)

    def next_cursor(self, reply: Reply) -> str:
        """The cursor of the next page; empty on the last one."""
        return by_declared_link(self.operation, reply).get(self.cursor, "")

    def first_cursor(self) -> str:
        """The cursor after a first page of one item. Raises BlockedError if there is none."""
        cursor = self.next_cursor(self.page_of_size(self.limit_bound("minimum")))
        if not cursor:
            raise BlockedError(f"{self.operation.id} gave no cursor, although there is more than one page.")
        return cursor

    def all_pages(self, size: int) -> list[Reply]:
        """Every page of this size, from the first to the last one."""
        first = self.page_of_size(size)
        return [first, *self.remaining_pages(first, size)]

    def remaining_pages(self, first: Reply, size: int) -> list[Reply]:
        """The pages of this size after the first one."""
        request = self.request.with_query(**{self.limit.name: str(size)})
        return list(pages(self.owner, request, after=first, most=MAX_PAGES - 1))

    def next_link(self, reply: Reply) -> str:
        """The absolute URL of rel=next in Link (RFC 8288); empty where there is none."""
        return next(iter(link_targets(reply, "next")), "")

    def linked_items(self, url: str) -> list[Any]:
        """What a link leads the owner to. Raises AssertionError if it leads away from the target."""
        return self.items(follow_link(url, self.owner, self.operation.id))

    def common_items(self, hers: Reply, his: Reply) -> list[Any]:
        """The items that both pages show."""
        return [item for item in self.items(hers) if item in self.items(his)] if his.success else []

    def items(self, reply: Reply) -> list[Any]:
        """The items of a page. Raises InapplicableError if the contract declares no array in it."""
        return items(self.contract, reply)


def order(pages: list[Reply], markers: list[str]) -> list[str]:
    """The markers in the order in which the pages show them."""
    texts = "\n".join(json.dumps(page.json, ensure_ascii=False) for page in pages)
    return sorted(markers, key=texts.find)


def occurrences(pages: list[Reply], markers: list[str]) -> list[int]:
    """How often each marker occurs on the pages, whatever the white space of their JSON."""
    texts = "\n".join(json.dumps(page.json, ensure_ascii=False) for page in pages)
    return [texts.count(marker) for marker in markers]


FORGED_CURSORS: tuple[Callable[[str], str], ...] = (
    lambda cursor: _with_other_character(cursor, len(cursor) // 2),
    lambda cursor: _with_other_character(cursor, 0),
    lambda cursor: cursor[: len(cursor) // 2],
    lambda _: "e30=",
    lambda _: "0' OR '1'='1",
    lambda _: "1",
    lambda cursor: (cursor * 500)[:1500],
)


def _with_other_character(text: str, index: int) -> str:
    """The text with one character replaced by another of its kind."""
    other = "B" if text[index] == "A" else "A"
    return text[:index] + other + text[index + 1 :]
