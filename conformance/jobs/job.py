"""Work that goes on after the answer: jobs that are read until they end, and what their items have made."""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.document import ContractError, resolve
from conformance.errors import BlockedError, UntestableError
from conformance.requests.page_walk import pages

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.vocabulary import JobRules
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger

PAUSE = 0.5  # seconds between two looks, where the job does not say when to look again
LONGEST_PAUSE = 5.0  # seconds
ALLOWANCE = 2.0  # seconds beyond the bound: a look takes time too


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job of an account: `begun` is the answer that began it, `reading` reads it, `bound` is in seconds."""

    rules: JobRules
    account: Account
    initial_reply: Reply
    status_request: Request
    bound: float

    def read(self) -> Reply:
        return self.account.send(self.status_request)

    def state(self, look: Reply) -> Any:
        return at(look.json, self.rules.state)

    def pending(self, look: Reply) -> bool:
        return self.state(look) in self.rules.pending

    def ended(self, look: Reply) -> bool:
        return self.state(look) in self.rules.terminal

    def rank(self, look: Reply) -> int:
        """How far along the declared order the state is; -1 for one that is not declared."""
        state = self.state(look)
        ranks = {name: number for number, name in enumerate(self.rules.pending)}
        return len(ranks) if self.ended(look) else ranks.get(state if isinstance(state, str) else "", -1)

    def poll(self) -> list[Reply]:
        """The looks at the job from the first, made at once, to the one that shows its end, or to the bound."""
        give_up = time.monotonic() + self.bound + ALLOWANCE
        looks = [self.read()]
        while not self.ended(looks[-1]) and time.monotonic() < give_up:
            threading.Event().wait(_pause(looks[-1]))
            looks.append(self.read())
        return looks

    def wait_for_end(self) -> Reply:
        """The look that shows the end. Raises BlockedError if the bound passes without."""
        last = self.poll()[-1]
        if not self.ended(last):
            raise BlockedError(f"the job at {self.status_request.path} has not ended within {self.bound:g} s.")
        return last

    def results(self, look: Reply) -> list[Any]:
        found = at(look.json, self.rules.results)
        return found if isinstance(found, list) else []

    def created(self, result: Any) -> Any:
        """What names the thing that an item has made; None if it has made none."""
        return at(result, self.rules.made)

    def problem(self, result: Any) -> Any:
        return at(result, self.rules.problem)


@dataclass(frozen=True, kw_only=True)
class Jobs:
    """Finds jobs by the answers that began them, and what their items have made by its marker."""

    contract: Contract
    arranger: Arranger
    bound: float  # seconds

    def job_of(self, account: Account, reply: Reply) -> Job:
        """The job that an answer has begun. Raises BlockedError if the answer does not lead to one."""
        operation = self.contract.operation(reply.request.operation)
        if not reply.success:
            raise BlockedError(f"{operation.id} answered {reply.status} to {account.name}, so that no job has begun.")
        reading = self.arranger.job_request(reply.request, reply)
        if reading is None:
            raise UntestableError(
                f"no operation is known to read the jobs of {operation.id}. Add a link to it to the answer 202.",
            )
        assert operation.job is not None
        return Job(rules=operation.job, account=account, initial_reply=reply, status_request=reading, bound=self.bound)

    def begin(self, account: Account, request: Request) -> Job:
        """The job that the request begins."""
        return self.job_of(account, account.send(request, "control"))

    def items_of_account(self, account: Account, request: Request) -> list[str]:
        """What the account owns of the kind that the items of such a request make, each thing as JSON text."""
        view = self.arranger.view(request)
        if view is None:
            raise UntestableError(f"nothing lists what the items of {request.operation} make.")
        return [json.dumps(each) for page in pages(account, view) for each in _elements(page.json)]


def at(value: Any, pointer: str) -> Any:
    """The value at the pointer, None if there is none."""
    try:
        return resolve(value, pointer) if pointer else None
    except ContractError:
        return None


def _elements(value: Any) -> list[Any]:
    """The elements of a list, or of the lists that an object has as members."""
    if isinstance(value, list):
        return value
    lists = [member for member in value.values() if isinstance(member, list)] if isinstance(value, dict) else []
    return [each for member in lists for each in member]


def _pause(look: Reply) -> float:
    """Seconds that a job asks for."""
    asked = look.header("Retry-After")
    return min(float(asked), LONGEST_PAUSE) if re.fullmatch(r"[0-9]{1,6}", asked) and int(asked) else PAUSE
