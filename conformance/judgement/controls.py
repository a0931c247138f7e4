"""Requests with a control: a refusal of a request counts only beside its accepted twin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from conformance.errors import BlockedError, InapplicableError, UntestableError
from conformance.http.polling import until
from conformance.judgement.expectations import not_found, refused
from conformance.judgement.object_state import ObjectState, StateReader
from conformance.observations.page_walk import whole_list
from conformance.requests.identifiers import objects_shown
from conformance.requests.objections import unaccepted
from conformance.selection.operations import upsert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.judgement.expectation import Expectation
    from conformance.requests.arrangement import Arranger

SHOWN_WITHIN = 2.0  # seconds; no contract says when a list shows what was made


@dataclass(frozen=True, kw_only=True)
class ControlledRequest:
    """A valid request of `owner`; `control` is the successful reply to its twin about another object."""

    arranger: Arranger
    operation: Operation
    owner: Account
    request: Request
    control: Reply

    @classmethod
    def arrange(cls, arranger: Arranger, operation: Operation, owner: Account) -> ControlledRequest:
        """Arranges the request and its twin, and sends the twin. Raises BlockedError if that is not accepted."""
        twin, control = accepted_control(arranger, operation, owner)
        request = twin if operation.safe else arranger.request(operation, owner)
        return cls(arranger=arranger, operation=operation, owner=owner, request=request, control=control)

    def another(self) -> Request:
        """Another valid request: about a new object, unless it changes none."""
        return self.request if self.operation.safe else self.arranger.request(self.operation, self.owner)

    def send_beside_twin(self, account: Account, request: Request) -> Reply:
        """The reply to a request that differs from what this account may not do anyway by what is under test alone.

        Raises BlockedError if it is accepted, and so is its twin without what is under test.
        """
        return self._send_beside(account, request, refused, self.another)

    def send_beside_unknown(self, account: Account, request: Request) -> Reply:
        """The reply to a request about an object where it is not.

        Raises BlockedError if it is accepted, and so is its twin about an object that nobody made.
        """
        return self._send_beside(account, request, not_found, lambda: self.arranger.with_unknown_object(request))

    def _send_beside(self, account: Account, request: Request, due: Expectation, twin: Callable[[], Request]) -> Reply:
        reply = account.send(request)
        if reply.success and reply != due and account.send(twin(), "control").success:
            if upsert(self.operation):
                raise InapplicableError(f"by {self.operation.id} anybody makes something of the same name")
            raise BlockedError(
                f"{self.operation.id} answered {reply.status} to {account.name} without what was to be tried too: it "
                "guards nothing that could be got round. What it should refuse is judged by other clauses.",
            )
        return reply

    def if_match(self, tags: str) -> Request:
        """The request with this If-Match. Raises UntestableError if the contract declares another form of it."""
        return self.arranger.bodies.validity.permitted(self.request.with_header("If-Match", tags), "If-Match")

    @property
    def authenticated(self) -> Request:
        """The request with all credentials of its owner."""
        return self.owner.authenticated(self.request)

    @property
    def token(self) -> str:
        """The owner's valid token."""
        return self.owner.token

    def state(self) -> ObjectState:
        """The object (or collection) as the owner reads it. Raises UntestableError if nothing does."""
        return self._state_reader()

    @cached_property
    def _state_reader(self) -> StateReader:
        return StateReader(read=self._read, settable=frozenset(self.request.json))

    def _read(self) -> Reply:
        view = self.arranger.view(self.request)
        if view is None:
            raise UntestableError(f"nothing reads what {self.operation.id} acts upon, so its effect cannot be seen.")
        return self.owner.send(view, "control")

    def has_effect(self) -> bool:
        """The owner reads the marker of the request, on whichever page: it was carried out."""
        return self.request.marked and any(self.request.marker in reply.text for reply in self._pages())

    def _pages(self) -> Iterator[Reply]:
        view = self.arranger.view(self.request)
        return whole_list(self.owner, view, "control") if view and self.is_listed else iter([self._read()])

    @property
    def is_listed(self) -> bool:
        """What reads its effect is a collection, which may have pages."""
        view = self.arranger.view(self.request)
        return view is not None and not self.arranger.contract.operation(view.operation).about_object

    def carry_out(self) -> None:
        """Sends the request. Raises BlockedError unless it is accepted and its effect seen, be it a little late."""
        reply = self.owner.send(self.request, "control")
        if not self.operation.succeeded(reply.status) or not until(self.has_effect, bool, within=SHOWN_WITHIN):
            raise BlockedError(
                f"{self.operation.id} answered {reply.status} to {self.owner.name}, and what it was to do is not seen: "
                "that nothing was done before proves nothing.",
            )

    def is_read_back(self) -> bool:
        """The owner reads what the request has set: its marker, the numbers and truth values of its body, or its bytes.

        Raises UntestableError if nothing of it can be recognised.
        """
        reply = self._read()
        if self.request.marked and self.request.marker in reply.text:
            return True
        if reply.json is None:
            return self._is_content(reply)
        if self.request.marked:
            return False
        comparable = {name: value for name, value in self.request.json.items() if isinstance(value, (bool, int, float))}
        read = next((each for each in objects_shown(reply.json) if comparable.keys() & each.keys()), None)
        if read is None:
            raise self._unrecognisable
        return all(read[name] == value for name, value in comparable.items() if name in read)

    def _is_content(self, reply: Reply) -> bool:
        """What is read is the body as it was sent, or a part of it, such as a file."""
        if reply.success and reply.body and reply.body in (self.request.body or b""):
            return True
        if reply.success and reply.media_type != media_type(self.request):
            raise self._unrecognisable
        return False

    @property
    def _unrecognisable(self) -> UntestableError:
        return UntestableError(
            f"nothing that {self.operation.id} sets can be recognised when it is read. "
            "Show a member for any text in its `example`."
        )


def accepted_control(arranger: Arranger, operation: Operation, owner: Account) -> tuple[Request, Reply]:
    """A valid request and the successful reply to it. Raises BlockedError if it is not accepted."""
    request, control = arranger.accepted(operation, owner, "control")
    if not operation.succeeded(control.status):
        raise unaccepted(
            operation,
            control,
            f"the control was not accepted: {operation.id} answered {control.status} to {owner.name} with a valid "
            "request, so a refusal would prove nothing",
        )
    return request, control


def media_type(request: Request) -> str:
    """The media type of its body without parameters, in lower case; empty if it names none."""
    return request.header("Content-Type").partition(";")[0].strip().lower()
