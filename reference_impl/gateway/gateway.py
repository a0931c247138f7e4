"""The one way in: each request passes the same gates, in the order that the contract promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, g

from reference_impl.contract import FORM
from reference_impl.domain.entities import Versioned
from reference_impl.domain.refusals import RefusalError
from reference_impl.gateway.call import Call

if TYPE_CHECKING:
    from reference_impl.gateway.bodies import Bodies
    from reference_impl.gateway.credentials import Authentication
    from reference_impl.gateway.idempotency import IdempotencyKeys
    from reference_impl.gateway.limits import RateLimiter
    from reference_impl.gateway.ownership import Ownership
    from reference_impl.gateway.preconditions import Preconditions
    from reference_impl.gateway.problems import Problems
    from reference_impl.gateway.receivers import ReceiverRules
    from reference_impl.gateway.scopes import ScopeGuard
    from reference_impl.gateway.sessions import SessionAuthentication
    from reference_impl.gateway.validation import RequestValidation
    from reference_impl.storage.database import Database

View = Callable[[Call], Response]
Gate = Callable[[Call], None]


@dataclass(frozen=True, kw_only=True)
class Gates:
    """One part for each concern."""

    authentication: Authentication
    sessions: SessionAuthentication
    scopes: ScopeGuard
    limits: RateLimiter
    ownership: Ownership
    bodies: Bodies
    validation: RequestValidation
    receivers: ReceiverRules
    preconditions: Preconditions
    keys: IdempotencyKeys
    problems: Problems


class Gateway:
    """Leads a call through the gates to its view."""

    def __init__(self, gates: Gates, database: Database) -> None:
        self.parts = gates
        self.database = database

    def handle(self, call: Call, view: View) -> Response:
        """The answer; raises the refusal of the first gate that is closed."""
        for gate in self.gates():
            gate(call)
        if call.reads or not call.operation.protected:
            return view(call)
        return self.parts.keys.answer(call, lambda: self.decide(call, view))

    def gates(self) -> tuple[Gate, ...]:
        return (self.authenticate, self.authorise, self.limit, self.own, self.validate, self.compare)

    def authenticate(self, call: Call) -> None:
        if not call.operation.protected:
            return
        if self.parts.sessions.applies(call.request, call.operation):
            call.caller = self.parts.sessions.authenticate(call.request, call.operation)
        else:
            call.caller = self.parts.authentication.authenticate(call.request)

    def authorise(self, call: Call) -> None:
        if call.operation.protected:
            self.parts.scopes.check(call.operation, call.principal)

    def limit(self, call: Call) -> None:
        if call.caller is None:
            return
        quota = self.parts.limits.spend(call.caller)
        g.quota_headers = self.parts.limits.headers(quota)
        if quota.exceeded:
            raise self.parts.limits.refuse(quota)

    def own(self, call: Call) -> None:
        call.subject = self.parts.ownership.subject(call)

    def validate(self, call: Call) -> None:
        self.parts.keys.given(call.request, call.operation)
        call.query = self.parts.validation.parameters(call)
        if FORM in call.operation.media_types:
            self.parts.bodies.content(call.request)  # the rest is for the token endpoint to judge
        elif call.operation.media_types:
            call.body = self.parts.bodies.read(call.request, call.operation)
            self.parts.validation.body(call)
            self.parts.receivers.check(call)

    def compare(self, call: Call) -> None:
        if isinstance(call.subject, Versioned) and not call.reads:
            self.parts.preconditions.insist(call.request, call.operation)
            call.expected = self.parts.preconditions.expected(call.request, call.subject)

    def decide(self, call: Call, view: View) -> Response:
        """The answer of the view; a decision against the request is an answer too, without an effect."""
        try:
            with self.database.transaction():
                return view(call)
        except RefusalError as refusal:
            if not self.is_decision(call, refusal):
                raise
            return self.parts.problems.render(refusal, g.request_id)

    def is_decision(self, call: Call, refusal: RefusalError) -> bool:
        """Whether the contract says that such a refusal is stored under the key of the request."""
        declared = call.operation.idempotency
        return declared is not None and self.parts.problems.status(refusal) in declared["stored"]
