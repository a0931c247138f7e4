"""Requests with an idempotency key and a control: a twin that was carried out just before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from conformance.errors import BlockedError, InapplicableError, UntestableError
from conformance.http.polling import until
from conformance.judgement.controls import SHOWN_WITHIN
from conformance.judgement.expectations import status
from conformance.judgement.object_state import StateReader
from conformance.observations.page_walk import whole_list
from conformance.serialization.idempotency_keys import with_new_key

if TYPE_CHECKING:
    from conformance.contract.operation import Operation
    from conformance.contract.vocabulary import Idempotency
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.jobs.job import Jobs
    from conformance.judgement.expectation import Expectation
    from conformance.requests.arrangement import Arranger


SPACES = b" " * 4096


@dataclass(frozen=True, kw_only=True)
class KeyedRequest:
    """A valid request of `owner` with a new key; its twin, with a key of its own, was accepted."""

    arranger: Arranger
    jobs: Jobs
    operation: Operation
    owner: Account
    request: Request
    twin: Request
    twins_owner: Account
    begun_jobs: dict[str, tuple[Account, Reply]] = field(default_factory=dict)  # jobs, by what their answers say

    @classmethod
    def arrange(cls, arranger: Arranger, jobs: Jobs, operation: Operation, owner: Account) -> KeyedRequest:
        """Arranges the request and its twin, and sends the twin. Raises BlockedError if that is not accepted."""
        twin, request = (fresh_request(arranger, operation, owner) for _ in range(2))
        keyed = cls(
            arranger=arranger,
            jobs=jobs,
            operation=operation,
            owner=owner,
            request=request,
            twin=twin,
            twins_owner=owner,
        )
        keyed._require_success(keyed._track_job(owner.send(twin, "control")))
        return keyed

    @property
    def rules(self) -> Idempotency:
        assert self.operation.idempotency is not None
        return self.operation.idempotency

    def refusal(self, case: str) -> Expectation:
        """The answer that x-idempotency declares for a case: mismatch, in_progress, malformed or missing."""
        declared: int = getattr(self.rules, case)
        if not declared:
            raise InapplicableError(f"x-idempotency of {self.operation.id} declares no status for {case}")
        return status(declared)

    def send(self) -> Reply:
        return self._track_job(self.owner.send(self.request))

    def _track_job(self, reply: Reply) -> Reply:
        """The reply; the job that it has started is awaited before effects are read."""
        if self.operation.job and reply.success:
            self.begun_jobs[reply.text] = (self.owner, reply)
        return reply

    def first(self) -> Reply:
        """The reply to the first request with the key. Raises BlockedError if it is not carried out."""
        return self._require_success(self.send())

    def is_marked_replay(self, reply: Reply) -> bool:
        """The reply is marked as a replay, as x-idempotency declares it."""
        return reply.header(self.rules.replayed).strip().lower() not in {"", "?0", "false"}

    def use_other_keys(self, count: int) -> None:
        """Sends so many other requests with keys of their own."""
        for _ in range(count):
            self.another().first()

    def repeat(self, count: int) -> list[Reply]:
        return [self.send() for _ in range(count)]

    def rejected(self, account: Account) -> Reply:
        """The refusal of the request when this account sends it. Raises BlockedError if it is not refused."""
        reply = account.send(self.request, "arrangement")
        if not 400 <= reply.status < 500:
            raise BlockedError(f"{self.operation.id} answered {reply.status} to a request that is to be refused.")
        return reply

    def another(self) -> KeyedRequest:
        """Another request with a new key."""
        return replace(self, request=fresh_request(self.arranger, self.operation, self.owner))

    def with_other_body(self) -> KeyedRequest:
        """Another body with the same key, about the same object."""
        request = self.arranger.request_with(self.operation, dict(self.request.parameters), self.request.marker)
        if request.body == self.request.body:
            raise UntestableError(
                f"needs two different bodies for {self.operation.id}, but the contract leaves nothing to choose."
            )
        return self.with_key(self.key, request)

    def same_key_by(self, account: Account) -> KeyedRequest:
        """Another request with the same key, of this account and about another object."""
        request = self.arranger.request(self.operation, account)
        return replace(self.with_key(self.key, request), owner=account)

    def repeated_by(self, account: Account) -> Reply:
        """The reply to the request, which was carried out, when this account repeats it.

        Raises BlockedError if it is accepted, and so is another one of this account with a key that is new.
        """
        reply = account.send(self.request)
        if reply.success and account.send(self.another().request, "control").success:
            raise BlockedError(
                f"{self.operation.id} answered {reply.status} to {account.name} with a new key too: it lets the "
                "request in whatever its key. What it should refuse is judged by other clauses.",
            )
        return reply

    def sent_by(self, account: Account) -> KeyedRequest:
        """The same request, sent by another account."""
        return replace(self, owner=account)

    def without_key(self) -> KeyedRequest:
        return replace(self, request=self.request.without_header(self.rules.header))

    def with_second_key(self, key: str) -> KeyedRequest:
        """The request with a second header field for the key."""
        return replace(self, request=self.request.with_added_header(self.rules.header, key))

    def with_body(self, body: bytes) -> KeyedRequest:
        return replace(self, request=self.request.with_body(body))

    def spaced(self) -> KeyedRequest:
        """The same request, whose JSON begins with much white space, which means nothing (RFC 8259, section 2)."""
        body = self.request.body or b""
        return self.with_body(b"{" + SPACES + body[1:]) if body.startswith(b"{") else self

    def with_header(self, name: str, value: str) -> KeyedRequest:
        return replace(self, request=self.request.with_header(name, value))

    @property
    def key(self) -> str:
        return self.request.header(self.rules.header)

    def with_key(self, key: str, request: Request | None = None) -> KeyedRequest:
        """The request, or another one, with this key."""
        return replace(self, request=(request or self.request).with_header(self.rules.header, key))

    def with_new_token(self) -> KeyedRequest:
        """The request with a newly issued token of the same principal and scopes."""
        return replace(self, owner=self.owner.with_token(self.owner.source.new_token(self.owner.scopes)))

    def state(self) -> Any:
        """What the owner reads of the effect: the number of objects with the marker, else the object acted upon."""
        if self.marked:
            return self.effects(answers=0)
        if not self.operation.addressed:
            raise UntestableError(f"the body of {self.operation.id} has no place for a marker to tell its effect by.")
        return self._state_reader()

    @cached_property
    def _state_reader(self) -> StateReader:
        view = self.view(self.request)
        return StateReader(read=partial(self.owner.send, view, "control"), settable=frozenset(self.request.json))

    def is_carried_out(self, reply: Reply, before: Any) -> bool:
        """The state is another one than before the reply, be it a little later where it is a success."""
        if not reply.success:
            return bool(self.state() != before)
        return bool(until(lambda: self.state() != before, bool, within=SHOWN_WITHIN))

    def effects(self, *, answers: int) -> int:
        """How often the request was carried out: the number of objects with its marker, else of different replies.

        Raises UntestableError if they are not seen, not even a little later.
        """
        if not self.marked:
            return answers
        once = until(lambda: self._count(self.twin, self.twins_owner), bool, within=SHOWN_WITHIN)
        seen = self._count(self.request, self.owner)
        if answers and not seen:
            seen = until(lambda: self._count(self.request, self.owner), bool, within=SHOWN_WITHIN)
        if not once or (answers and not seen):
            raise UntestableError(f"what {self.operation.id} makes is not seen where it could be listed.")
        return seen // once  # the twin was carried out once

    @property
    def marked(self) -> bool:
        return self.request.marked

    def view(self, request: Request) -> Request:
        """The request that reads what this one acts upon, or lists what it makes."""
        view = self.arranger.view(request)
        if view is None:
            raise UntestableError(f"nothing reads what {self.operation.id} acts upon, so its effect cannot be seen.")
        return view

    def _count(self, request: Request, account: Account) -> int:
        while self.begun_jobs:
            _, (owner, reply) = self.begun_jobs.popitem()
            self.jobs.job_of(owner, reply).wait_for_end()
        # All pages: what was made too often pushes what was made before it off the first one.
        return sum(str(page.json).count(request.marker) for page in whole_list(account, self.view(request), "control"))

    def _require_success(self, reply: Reply) -> Reply:
        if not self.operation.succeeded(reply.status):
            raise BlockedError(
                f"{self.operation.id} answered {reply.status} to {self.owner.name} with a valid request and a new key, "
                "so nothing can be said of repeats.",
                blame="configuration" if reply.status in {401, 403} else "target",
            )
        return reply


def fresh_request(arranger: Arranger, operation: Operation, owner: Account) -> Request:
    """A valid request; with a key that nobody has used, where the operation takes one."""
    return with_new_key(arranger.request(operation, owner), operation)
