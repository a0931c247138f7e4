"""Asynchronous jobs: polling them until they end, and reading the results of their items (x-job)."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.document import located
from conformance.errors import BlockedError, UntestableError
from conformance.http.polling import retry_after
from conformance.observations.page_walk import items, pages

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.vocabulary import JobRules
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger

PAUSE = 0.5  # seconds between two polls, where the answer has no Retry-After
LONGEST_PAUSE = 5.0  # seconds
ALLOWANCE = 2.0  # seconds beyond the bound, since a poll takes time too


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job of an account: the reply that started it, the request that reads its status, and its bound (seconds).

    `poll` in arguments is a reply to the status request.
    """

    rules: JobRules
    account: Account
    initial_reply: Reply
    status_request: Request
    bound: float

    def read(self) -> Reply:
        return self.account.send(self.status_request)

    def state(self, poll: Reply) -> Any:
        return at(poll.json, self.rules.state)

    def pending(self, poll: Reply) -> bool:
        return self.state(poll) in self.rules.pending

    def ended(self, poll: Reply) -> bool:
        return self.state(poll) in self.rules.terminal

    def rank(self, poll: Reply) -> int:
        """The position of the state in the declared order; -1 for an undeclared state."""
        state = self.state(poll)
        ranks = {name: number for number, name in enumerate(self.rules.pending)}
        return len(ranks) if self.ended(poll) else ranks.get(state if isinstance(state, str) else "", -1)

    def poll(self) -> list[Reply]:
        """The replies to status requests, the first sent at once, until a terminal state or the end of the bound."""
        give_up = time.monotonic() + self.bound + ALLOWANCE
        polls = [self.read()]
        while not self.ended(polls[-1]) and time.monotonic() < give_up:
            threading.Event().wait(_pause(polls[-1]))
            polls.append(self.read())
        return polls

    def wait_for_end(self) -> Reply:
        """The reply that shows a terminal state. Raises BlockedError if none does within the bound."""
        last = self.poll()[-1]
        if not self.ended(last):
            raise BlockedError(f"the job at {self.status_request.path} has not ended within {self.bound:g} s.")
        return last

    def results(self, poll: Reply) -> list[Any]:
        found = at(poll.json, self.rules.results)
        return found if isinstance(found, list) else []

    def created(self, result: Any) -> Any:
        """The id or URL of the object that an item has created; None if there is none."""
        return at(result, self.rules.made)

    def problem(self, result: Any) -> Any:
        return at(result, self.rules.problem)


@dataclass(frozen=True, kw_only=True)
class Jobs:
    """Starts jobs, and lists the objects of the kind that their items create."""

    contract: Contract
    arranger: Arranger
    bound: float  # seconds

    def job_of(self, account: Account, reply: Reply) -> Job:
        """The job that a reply has started.

        Raises BlockedError if the request was refused, UntestableError if no operation is known to read its jobs.
        """
        operation = self.contract.operation(reply.request.operation)
        if not reply.success:
            raise BlockedError(f"{operation.id} answered {reply.status} to {account.name}, so that no job has begun.")
        reading = self.arranger.job_request(reply)
        if reading is None:
            raise UntestableError(
                f"no operation is known to read the jobs of {operation.id}. Add a link to it to the answer 202.",
            )
        assert operation.job is not None
        return Job(rules=operation.job, account=account, initial_reply=reply, status_request=reading, bound=self.bound)

    def begin(self, account: Account, request: Request) -> Job:
        """Sends the request and gives the job that it starts."""
        return self.job_of(account, account.send(request, "control"))

    def items_of_account(self, account: Account, request: Request) -> list[str]:
        """The account's objects of the kind that the items of the request create, each as JSON text.

        Raises UntestableError if no operation lists them, BlockedError if that is refused.
        """
        view = self.arranger.view(request)
        if view is None:
            raise UntestableError(f"nothing lists what the items of {request.operation} make.")
        return [json.dumps(each) for page in pages(account, view) for each in self._items(page)]

    def _items(self, page: Reply) -> list[Any]:
        if not page.success:
            raise BlockedError(f"{page.request.operation} answered {page.status} to the owner of the job.")
        return items(self.contract, page)


def at(value: Any, pointer: str) -> Any:
    """The value at an optional JSON Pointer; None without a pointer or a value."""
    return located(value, pointer) if pointer else None


def _pause(poll: Reply) -> float:
    """The seconds in Retry-After, bounded, else a default."""
    asked = retry_after(poll.header("Retry-After"))
    return min(asked, LONGEST_PAUSE) if asked else PAUSE
