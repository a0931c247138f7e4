"""Idempotency keys: a repeated request gets the stored answer and has no second effect."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Request, Response

from reference_impl.domain.refusals import RefusalError

if TYPE_CHECKING:
    from reference_impl.contract import Operation
    from reference_impl.gateway.call import Call
    from reference_impl.storage.database import Database
    from reference_impl.storage.outcomes import Outcome, Outcomes

Work = Callable[[], Response]

# A bare key holds no comma: repeated fields arrive joined by one.
KEY_FORM = re.compile(r'"(?P<quoted>[ !#-~]+)"|(?P<bare>[!#-+\--~]+)')


class KeyTakenError(Exception):
    """Another request with the key has been faster."""


class IdempotencyKeys:
    """Carries out a keyed request once.

    The key, the effect and the answer are written in one transaction: a simultaneous repeat waits for it at the
    unique key and is then answered from it, and a crash leaves nothing behind.
    """

    def __init__(self, outcomes: Outcomes, database: Database) -> None:
        self.outcomes = outcomes
        self.database = database

    def answer(self, call: Call, work: Work) -> Response:
        """The stored answer, or the one of the work, done now."""
        given = self.given(call.request, call.operation)
        if given is None:
            return self.carry_out(work)
        key, fingerprint = self.storage_key(call, given), self.fingerprint(call)
        first = self.recall(key)
        if first is None:
            try:
                return self.once(call, key, fingerprint, work)
            except KeyTakenError:
                first = self.recall(key)
        if first is None:
            raise self.in_progress()
        return self.marked(self.repeat(first, fingerprint), call.operation)

    def marked(self, response: Response, operation: Operation) -> Response:
        """The answer as one that is given again."""
        if operation.idempotency is not None:
            response.headers[operation.idempotency["replayed"]] = "?1"  # a Boolean of RFC 9651
        return response

    def given(self, request: Request, operation: Operation) -> str | None:
        """The key of the request; raises the refusal of one that is malformed, or missing where it is required."""
        declared = operation.idempotency
        if declared is None:
            return None
        field = request.headers.get(declared["header"])
        if field is not None:
            return self.parse(field, declared["max-length"])
        if self.required(operation):
            raise RefusalError("idempotency-key-missing", "Send an Idempotency-Key, new for each thing to be done.")
        return None

    def required(self, operation: Operation) -> bool:
        return operation.idempotency is not None and operation.requires(operation.idempotency["header"])

    def parse(self, field: str, longest: int) -> str:
        """The key itself: quoted and bare forms of the same characters are the same key."""
        found = KEY_FORM.fullmatch(field)
        key = (found["quoted"] or found["bare"]) if found else ""
        if not 0 < len(key) <= longest:
            raise self.malformed(longest)
        return key

    def malformed(self, longest: int) -> RefusalError:
        detail = f"An Idempotency-Key is one field of 1 to {longest} ASCII characters."
        return RefusalError("idempotency-key-malformed", detail)

    def storage_key(self, call: Call, given: str) -> str:
        """Keys of two principals, methods or paths never meet."""
        return digest(*self.scope(call), given)

    def scope(self, call: Call) -> tuple[str, ...]:
        return (call.principal.key, call.request.method, call.request.path)

    def fingerprint(self, call: Call) -> str:
        """Equal for requests that ask for the same."""
        return digest(call.request.method, call.request.path, call.request.mimetype, self.content(call))

    def content(self, call: Call) -> bytes:
        return call.request.get_data() if call.operation.media_types else b""

    def recall(self, key: str) -> Outcome | None:
        return self.outcomes.find(key)

    def once(self, call: Call, key: str, fingerprint: str, work: Work) -> Response:
        with self.database.transaction():
            if not self.claim(key, fingerprint, self.retention(call.operation)):
                raise KeyTakenError
            response = work()
            self.store(key, response)
            return response

    def claim(self, key: str, fingerprint: str, retention: float) -> bool:
        """Whether the key is this request's; waits for a transaction that is using it."""
        return self.outcomes.claim(key, fingerprint, retention)

    def retention(self, operation: Operation) -> float:
        """How long an answer is kept, in seconds."""
        return float(operation.idempotency["retention"]) if operation.idempotency else 0

    def carry_out(self, work: Work) -> Response:
        with self.database.transaction():
            return work()

    def store(self, key: str, response: Response) -> None:
        self.outcomes.settle(key, response.status_code, dict(response.headers), response.get_data())

    def repeat(self, first: Outcome, fingerprint: str) -> Response:
        if first.status is None:
            raise self.in_progress()
        if first.fingerprint != fingerprint:
            return self.refuse(first)
        return self.replay(first)

    def replay(self, first: Outcome) -> Response:
        return Response(first.body, first.status, first.headers)

    def refuse(self, _first: Outcome) -> Response:
        raise RefusalError("idempotency-key-reused", "The key was used with another request; take a new one.")

    def in_progress(self) -> RefusalError:
        return RefusalError("idempotency-key-in-progress", "The first request with this key is still running.")


def digest(*parts: str | bytes) -> str:
    """One digest of several parts, which cannot run into each other."""
    raw = (part if isinstance(part, bytes) else part.encode() for part in parts)
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in raw)).hexdigest()
