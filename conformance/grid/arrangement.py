"""The objects and requests by which cells of the grid are tried; the cells of one operation share them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.authorization.planted_objects import PlantedObject
from conformance.authorization.unauthorized_access import NOTHING, UnauthorizedAccess
from conformance.errors import BlockedError, InapplicableError, UntestableError
from conformance.grid.callers import CallerContext
from conformance.grid.expected_access import NotApplicable, lists
from conformance.judgement.controls import ControlledRequest
from conformance.oauth.consent import ConsentedTokens
from conformance.oauth.revocation import client_of
from conformance.requests.arrangement import REFUSED_VALUES
from conformance.requests.objections import blamed, objection
from conformance.serialization.idempotency_keys import with_new_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.operation import Operation
    from conformance.grid.cells import Cell
    from conformance.http.client import Record
    from conformance.http.messages import Reply, Request
    from conformance.identity.accounts import Account
    from conformance.oauth.principals import Principals
    from conformance.requests.arrangement import Arranger

CONTROL = "control"


@dataclass(frozen=True, kw_only=True)
class ArrangedOperation:
    """A request with its control, and for a list an object of the owner in it; shared by the cells of one operation."""

    ready: ControlledRequest
    planted: PlantedObject | None
    controls: tuple[Record, ...]

    @classmethod
    def arrange(cls, arranger: Arranger, operation: Operation, owner: Account) -> ArrangedOperation:
        """Arranges the request and its control. Raises BlockedError if the control is not accepted."""
        ready = ControlledRequest.arrange(arranger, operation, owner)
        ready = UnauthorizedAccess.of_subresource(ready).ready if _reads_subresource(operation) else ready
        planted = _planted(arranger, operation, ready.owner) if lists(operation) else None
        controls = tuple(record for record in owner.client.recorder.records if record.label == CONTROL)
        return cls(ready=ready, planted=planted, controls=controls)

    def access(self, account: Account, *, other: bool) -> str:
        """What an account gains; `other` says that it is another principal than the owner. A sentence, or NOTHING."""
        if self.planted is not None:
            return self.planted.access(account)
        if other and lists(self.ready.operation):
            raise UntestableError(
                f"nothing that {self.ready.operation.id} lists can be made and recognised. Declare the operation that "
                "makes it, on the same path, with a body that holds a text of one's choice.",
            )
        return UnauthorizedAccess(ready=replace(self.ready, request=with_own_key(self.ready)))(account)


@dataclass(kw_only=True)
class GridArrangement:
    """Tries cells; until an access succeeds, the cells of one operation use the same objects."""

    principals: Principals
    arranger: Arranger
    revocation: float  # seconds within which a revoked token must be refused
    is_reused: Callable[[str], bool]  # whether what a principal of this name creates is deleted after the check
    _reusable: ArrangedOperation | None = field(default=None, repr=False)

    def access(self, cell: Cell) -> str:
        """What a caller that must be refused gains: a sentence, or NOTHING."""
        arranged, caller = self._prepare(cell)
        self._reusable = None
        access = arranged.access(caller, other=cell.caller.name in {"colleague", "stranger"})
        self._keep_for_reuse(arranged if access == NOTHING and cell.caller.name != "revoked" else None)
        return access

    def attempt(self, cell: Cell) -> Reply:
        """The reply to a valid request of a caller that must be admitted."""
        arranged, caller = self._prepare(cell)
        ready = arranged.ready
        reply = caller.send(ready.another())
        if reply.status in REFUSED_VALUES and not self.arranger.contract.normative:
            reply = caller.send(ready.another())
        if reply.status in REFUSED_VALUES and not self.arranger.contract.normative:
            raise BlockedError(
                f"{ready.operation.id} answered {reply.status} to {caller.name} twice: it may be the values that are "
                f"refused, and not the caller{objection(reply)}.",
                blame=blamed(reply),
            )
        return reply

    def _prepare(self, cell: Cell) -> tuple[ArrangedOperation, Account]:
        if isinstance(cell.expected, NotApplicable):
            raise InapplicableError(cell.expected.reason)
        assert cell.operation is not None
        if cell.caller.name == "revoked":
            self._reusable = None
            arranged = ArrangedOperation.arrange(self.arranger, cell.operation, self._token_owner(cell.operation))
        else:
            arranged = self._arranged(cell.operation)
        context = CallerContext(
            principals=self.principals,
            revocation=self.revocation,
            operation=cell.operation,
            owner=arranged.ready.owner,
            detail=cell.detail,
        )
        return arranged, context.account(cell.caller.name)

    def _arranged(self, operation: Operation) -> ArrangedOperation:
        kept = self._reusable
        if kept is not None and kept.ready.operation is operation:
            for record in kept.controls:
                self.principals.client.recorder.keep(record)
            return kept
        arranged = ArrangedOperation.arrange(self.arranger, operation, self._owner(operation))
        self._keep_for_reuse(arranged)
        return arranged

    def _keep_for_reuse(self, arranged: ArrangedOperation | None) -> None:
        """Keeps the objects for the next cell, unless they are deleted after this check."""
        gone = arranged is None or self.is_reused(arranged.ready.owner.name)
        self._reusable = None if gone else arranged

    def _owner(self, operation: Operation) -> Account:
        """The first principal with the kind of credentials that the operation requires; nobody if it requires none."""
        if not operation.takes_credentials and not operation.addressed:
            return self.principals.nobody
        return self.principals.with_credentials_for(operation, self.principals.principal(0))

    def _token_owner(self, operation: Operation) -> Account:
        """A principal to whom the target itself issues tokens that suffice. Raises UntestableError if there is none."""
        if not self.principals.authorization_server.names("revocation_endpoint"):
            raise InapplicableError("the metadata of the authorization server name no revocation_endpoint")
        known = (self.principals.account(identity) for identity in self.principals.identities)
        issued = [
            each
            for each in known
            if client_of(each) and operation.scopes <= each.scopes and each.has_credentials_for(operation)
        ]
        people = [each for each in issued if isinstance(each.source, ConsentedTokens)]
        found = next(iter(people if operation.roles else issued), None)  # clients have no roles
        if found is None:
            kind = "authorization-code" if operation.roles else "client-credentials"
            scopes = " ".join(sorted(operation.scopes)) or "this API"
            role = ", and who has the role" if operation.roles else ""
            raise UntestableError(
                f"needs somebody to whom the target issues tokens for {scopes}{role}. "
                f'Add an [identities.NAME] of kind "{kind}".',
            )
        return found


def with_own_key(ready: ControlledRequest) -> Request:
    """The request with a new idempotency key, so that it is no replay of an earlier one."""
    declared = ready.operation.idempotency
    if declared is None or not ready.request.header(declared.header):
        return ready.request
    return with_new_key(ready.request, ready.operation)


def _reads_subresource(operation: Operation) -> bool:
    """The operation reads a subresource of an object."""
    return operation.private and operation.safe and not operation.about_object


def _planted(arranger: Arranger, operation: Operation, owner: Account) -> PlantedObject | None:
    try:
        return PlantedObject.plant(arranger, operation.path, owner)
    except UntestableError:
        return None
