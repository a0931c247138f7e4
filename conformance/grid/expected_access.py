"""The access to operations and events that the contract grants to each kind of caller, or why it does not apply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.results.model import Due

if TYPE_CHECKING:
    from conformance.contract.messages import Event
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.contract.vocabulary import Ownership


@dataclass(frozen=True)
class NotApplicable:
    """Why a cell does not apply, whatever is configured."""

    reason: str


ExpectedAccess = Due | NotApplicable
NO_TOKEN = NotApplicable("its credentials are no access tokens")
NO_SCOPE = NotApplicable("it requires no scope")
NO_ROLE = NotApplicable("it asks for no role (x-roles)")
PUBLIC = NotApplicable("it is open to everybody, so there are no credentials to lack")
OPTIONAL = NotApplicable("its credentials are optional, and what it addresses may be shown to its owner alone")
NO_OWNER = NotApplicable("it addresses nobody's object: whoever may call it is the owner of what it does")
OWNERSHIP_UNDECLARED = NotApplicable("the contract does not say whose it is (x-ownership)")
TOKENS_UNDECLARED = NotApplicable("the contract does not say what its tokens are made of (x-access-token)")
NO_TENANT = NotApplicable("the contract names no claim that holds a tenant (x-access-token, tenant)")
IRREVOCABLE = NotApplicable("the contract names no authorization server at which a token could be revoked")
INTERACTIVE = NotApplicable("people log in or out here, which is judged as a whole and not one request at a time")
NO_CALLER = NotApplicable("an event asks for no credentials: it goes to receivers that somebody has registered")
NO_EMITTER = NotApplicable("no operation is declared to cause it (x-emits)")
NO_SUBSCRIPTION = NotApplicable("the contract lets nobody register a receiver of it (x-subscription)")
SINGLE_RECEIVER = NotApplicable("it is sent to the one receiver that is tried, whoever else has some")


def refused(_contract: Contract, _operation: Operation) -> ExpectedAccess:
    """A caller without the right credentials."""
    return Due.REFUSED


def forged(contract: Contract, operation: Operation) -> ExpectedAccess:
    """A token with a wrong claim, where the contract says what its tokens hold."""
    if not operation.bearer:
        return NO_TOKEN
    declared = contract.access_token
    known = declared is not None and declared.scheme in {each.name for each in operation.schemes}
    return Due.REFUSED if known else TOKENS_UNDECLARED


def revoked(contract: Contract, operation: Operation) -> ExpectedAccess:
    """A token that was revoked."""
    if not operation.bearer:
        return NO_TOKEN
    return Due.REFUSED if contract.revocable else IRREVOCABLE


def lacking_scopes(_contract: Contract, operation: Operation) -> ExpectedAccess:
    """A valid token that lacks scopes of the operation."""
    return Due.REFUSED if operation.bearer and operation.scopes else NO_SCOPE


def exact_scopes(_contract: Contract, operation: Operation) -> ExpectedAccess:
    """A valid token with the required scopes and no other."""
    return Due.ADMITTED if operation.bearer and operation.scopes else NO_SCOPE


def owner(_contract: Contract, _operation: Operation) -> ExpectedAccess:
    """The creator of the object, with every scope and role."""
    return Due.ADMITTED


def colleague(contract: Contract, operation: Operation) -> ExpectedAccess:
    """Another principal of the owner's tenant, with every scope and role."""
    if not operation.bearer:
        return NO_TOKEN
    return _another(operation, tenant=True) if _tenants(contract) else NO_TENANT


def stranger(_contract: Contract, operation: Operation) -> ExpectedAccess:
    """A principal of another tenant, with every scope and role."""
    return _another(operation, tenant=False)


def without_role(_contract: Contract, operation: Operation) -> ExpectedAccess:
    """The owner without roles."""
    return Due.REFUSED if operation.roles else NO_ROLE


def with_role(_contract: Contract, operation: Operation) -> ExpectedAccess:
    """The owner with the required scopes and a role."""
    return Due.ADMITTED if operation.roles else NO_ROLE


def owner_receives(contract: Contract, event: Event) -> ExpectedAccess:
    """A receiver of the owner of the event's object."""
    if not _emitters(contract, event):
        return NO_EMITTER
    return Due.ADMITTED if _registrable(contract) else NO_SUBSCRIPTION


def colleague_receives(contract: Contract, event: Event) -> ExpectedAccess:
    """A receiver of another principal of the tenant."""
    return _another_receives(contract, event, tenant=True) if _tenants(contract) else NO_TENANT


def stranger_receives(contract: Contract, event: Event) -> ExpectedAccess:
    """A receiver of a principal of another tenant."""
    return _another_receives(contract, event, tenant=False)


def _another_receives(contract: Contract, event: Event, *, tenant: bool) -> ExpectedAccess:
    own = owner_receives(contract, event)
    if isinstance(own, NotApplicable):
        return own
    if _only_pinged(contract, event):
        return SINGLE_RECEIVER if tenant else Due.REFUSED
    receivers = contract.operation(contract.subscription.operation).ownership if contract.subscription else None
    if tenant and receivers and receivers.declared and receivers.visibility == "tenant":
        return Due.ADMITTED  # it is a receiver of the owner, too
    found = {_visible(known, tenant=tenant) for known in _owned_by(contract, event)}
    return found.pop() if len(found) == 1 else OWNERSHIP_UNDECLARED


def _another(operation: Operation, *, tenant: bool) -> ExpectedAccess:
    """The access of a principal who did not create the object."""
    if operation.ownership.declared and operation.ownership.visibility == "public":
        return Due.ADMITTED
    refers = any(not reference.inferred for reference in operation.references)
    if not operation.addressed and not refers and not lists(operation):
        return NO_OWNER
    return _visible(operation.ownership, tenant=tenant)


def _visible(ownership: Ownership, *, tenant: bool) -> ExpectedAccess:
    if not ownership.declared:
        return OWNERSHIP_UNDECLARED
    return (
        Due.ADMITTED
        if ownership.visibility == "public" or (tenant and ownership.visibility == "tenant")
        else Due.REFUSED
    )


def lists(operation: Operation) -> bool:
    """The operation lists objects: access of others is judged by what they see of the owner's."""
    return operation.secured and operation.method == "GET" and not operation.addressed and not operation.references


def _tenants(contract: Contract) -> bool:
    return bool(contract.access_token and contract.access_token.tenant)


def _emitters(contract: Contract, event: Event) -> list[Operation]:
    return [operation for operation in contract.operations if event.name in operation.emits]


def _registrable(contract: Contract) -> bool:
    return contract.subscription is not None


def _only_pinged(contract: Contract, event: Event) -> bool:
    """The event is emitted by the ping of one receiver alone."""
    ping = contract.subscription.ping if contract.subscription else ""
    return {operation.id for operation in _emitters(contract, event)} == {ping}


def _owned_by(contract: Contract, event: Event) -> list[Ownership]:
    """The ownership of the objects that the event is about; where anybody may cause it, that of their creation."""
    emitters = _emitters(contract, event)
    private = [each.ownership for each in emitters if each.ownership.visibility != "public"]
    names = {each.id for each in emitters}
    makers = [
        source.ownership
        for source in contract.operations
        for answer in source.answers
        for link in answer.links.values()
        if link.get("operationId") in names
    ]
    return private or makers or [each.ownership for each in emitters]
