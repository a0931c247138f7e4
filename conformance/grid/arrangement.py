"""Where the cells of the authorisation grid are tried: what is arranged for one operation serves all of its cells."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conformance.authorization.planted_objects import PlantedObject
from conformance.authorization.unauthorized_access import NOTHING, UnauthorizedAccess
from conformance.errors import InapplicableError, UntestableError
from conformance.grid.callers import CallerContext
from conformance.grid.expected_access import NotApplicable, lists
from conformance.judgement.controls import ControlledRequest
from conformance.oauth.consent import ConsentedTokens
from conformance.oauth.revocation import client_of
from conformance.requests.idempotency_keys import with_new_key

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
    """A request that its owner's twin has just shown to be good, and a list with an object of the owner's in it."""

    ready: ControlledRequest
    planted: PlantedObject | None
    controls: tuple[Record, ...]

    @classmethod
    def arrange(cls, arranger: Arranger, operation: Operation, owner: Account) -> ArrangedOperation:
        """Arranges the request. Raises BlockedError if its twin is not accepted."""
        ready = ControlledRequest.arrange(arranger, operation, owner)
        ready = UnauthorizedAccess.of_subresource(ready).ready if _reads_subresource(operation) else ready
        planted = _planted(arranger, operation, ready.owner) if lists(operation) else None
        controls = tuple(record for record in owner.client.recorder.records if record.label == CONTROL)
        return cls(ready=ready, planted=planted, controls=controls)

    def access(self, account: Account, *, other: bool) -> str:
        """What somebody, who may be another one than the owner, gets of what is the owner's."""
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
    """Tries cells; as long as nobody gained anything, the next cell of the same operation uses the same objects."""

    principals: Principals
    arranger: Arranger
    revocation: float  # seconds within which a revoked token must be refused
    is_reused: Callable[[str], bool]  # what somebody of this name has made is deleted after the check
    _reusable: ArrangedOperation | None = field(default=None, repr=False)

    def access(self, cell: Cell) -> str:
        """What a caller that must get nothing has got: a sentence, or NOTHING."""
        arranged, caller = self._prepare(cell)
        self._reusable = None
        access = arranged.access(caller, other=cell.caller.name in {"colleague", "stranger"})
        self._keep_for_reuse(arranged if access == NOTHING and cell.caller.name != "revoked" else None)
        return access

    def attempt(self, cell: Cell) -> Reply:
        """The reply to a valid request of a caller that must be let in."""
        arranged, caller = self._prepare(cell)
        ready = arranged.ready
        return caller.send(ready.request if ready.operation.safe else ready.another())

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
        """What is deleted when the check is over is of no use to the next one."""
        gone = arranged is None or self.is_reused(arranged.ready.owner.name)
        self._reusable = None if gone else arranged

    def _owner(self, operation: Operation) -> Account:
        """The first principal, or whoever has the kind of credentials that the operation asks for; else nobody."""
        if not operation.secured and not operation.addressed:
            return self.principals.nobody
        return self.principals.with_credentials_for(operation, self.principals.principal(0))

    def _token_owner(self, operation: Operation) -> Account:
        """Somebody to whom the target itself issues tokens that suffice for the operation."""
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
    """The request with an idempotency key of its own, lest the answer to an earlier caller be repeated."""
    declared = ready.operation.idempotency
    if declared is None or not ready.request.header(declared.header):
        return ready.request
    return with_new_key(ready.request, ready.operation)


def _reads_subresource(operation: Operation) -> bool:
    """It reads what lies under an object."""
    return operation.private and operation.safe and not operation.path.endswith("}")


def _planted(arranger: Arranger, operation: Operation, owner: Account) -> PlantedObject | None:
    try:
        return PlantedObject.plant(arranger, operation.path, owner)
    except UntestableError:
        return None
