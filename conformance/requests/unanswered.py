"""Requests that a target does not answer, told from a target that answers nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.errors import BlockedError, NoAnswerError
from conformance.http.polling import until

if TYPE_CHECKING:
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger

MAX_UNANSWERED = 3  # requests without an answer, after which no further one is sent: each takes as long as it may
RESTART = 5.0  # seconds in which a server that ended may be there again


@dataclass(kw_only=True)
class Unanswered:
    """Sends requests for an operation, and keeps those that got no answer, each with the reason.

    Either a plain request was answered afterwards, and a second try was not; or nothing listens any more (`gone`).
    """

    arranger: Arranger
    operation: Operation
    owner: Account
    requests: list[tuple[Request, str]] = field(default_factory=list)
    gone: bool = False

    @property
    def enough(self) -> bool:
        """No further request is to be sent."""
        return self.gone or len(self.requests) >= MAX_UNANSWERED

    def reply(self, request: Request) -> Reply | None:
        """The reply, if need be to the second try, else None. Raises BlockedError if nothing at all is answered."""
        try:
            return self._reply(request)
        except NoAnswerError as error:
            self.requests.append((request, str(error)))
            self.gone = error.nothing_listens
            return None

    def _reply(self, request: Request) -> Reply:
        try:
            return self.owner.send(request)
        except NoAnswerError as error:
            silence = self._silence()
            if silence is None:
                return self.owner.send(request)
            if silence.nothing_listens and not error.nothing_listens:
                raise NoAnswerError(f"{error} Nothing listens there since then.", nothing_listens=True) from error
            told = f"{self.operation.id} does not answer a plain valid request any more: {silence}"
            raise BlockedError(told) from error

    def _silence(self) -> NoAnswerError | None:
        """Why a plain valid request is not answered either, not even after a while; None if it is."""
        errors: list[NoAnswerError] = []

        def answered() -> bool:
            try:
                self.owner.send(self.arranger.request(self.operation, self.owner), "control")
            except NoAnswerError as error:
                errors.append(error)
            except BlockedError:  # it is not asked any more
                if not errors:
                    raise
            else:
                return True
            return False

        if until(answered, bool, within=RESTART):
            return None
        # A server that is ending may still take a connection, and break it off.
        return next((error for error in errors if error.nothing_listens), errors[0])
