"""Which operations a check of scopes or of ownership is about; docstrings complete "no operation …"."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from conformance.selection.operations import collection, creation, object_read, scoped, upsert

if TYPE_CHECKING:
    from conformance.contract.operation import Operation


def scoped_change(operation: Operation) -> bool:
    """requires a scope and changes something"""
    return scoped(operation) and not operation.safe


def scoped_read(operation: Operation) -> bool:
    """requires a scope and reads an object that belongs to somebody"""
    return scoped(operation) and object_read(operation)


def scoped_unaddressed(operation: Operation) -> bool:
    """requires a scope and addresses no object"""
    return scoped(operation) and not operation.addressed


def scoped_emitter(operation: Operation) -> bool:
    """requires a scope and emits an event"""
    return scoped(operation) and bool(operation.emits)


def declaring_forbidden(operation: Operation) -> bool:
    """requires a scope and declares 403"""
    return scoped(operation) and operation.declares(HTTPStatus.FORBIDDEN)


def declaring_forbidden_challenge(operation: Operation) -> bool:
    """requires a scope and declares 403 with WWW-Authenticate"""
    answer = operation.answer(HTTPStatus.FORBIDDEN)
    return declaring_forbidden(operation) and answer is not None and "www-authenticate" in answer.headers


def owned_object(operation: Operation) -> bool:
    """addresses an object and declares how strangers are answered (x-ownership, stranger)"""
    return operation.private and operation.ownership.stranger > 0 and not upsert(operation)


def owned_json(operation: Operation) -> bool:
    """takes a JSON body and declares how strangers are answered (x-ownership, stranger)"""
    return operation.takes_json and operation.ownership.stranger > 0


def owned(operation: Operation) -> bool:
    """addresses an object that strangers may not use (x-ownership)"""
    return operation.private and operation.ownership.declared


def owner_only(operation: Operation) -> bool:
    """addresses an object that its owner alone may use (x-ownership, private)"""
    return owned(operation) and operation.ownership.visibility == "private"


def tenant_shared(operation: Operation) -> bool:
    """addresses an object that everybody of its tenant may use (x-ownership, tenant)"""
    return owned(operation) and operation.ownership.visibility == "tenant"


def shared_read(operation: Operation) -> bool:
    """reads an object that everybody of its tenant may read (x-ownership, tenant)"""
    return tenant_shared(operation) and object_read(operation)


def requiring_role(operation: Operation) -> bool:
    """asks for a role (x-roles)"""
    return operation.secured and bool(operation.roles)


def owner_only_collection(operation: Operation) -> bool:
    """lists what belongs to the caller alone (x-ownership, private)"""
    return owned_collection(operation) and operation.ownership.visibility == "private"


def tenant_shared_collection(operation: Operation) -> bool:
    """lists what belongs to the tenant of the caller (x-ownership, tenant)"""
    return owned_collection(operation) and operation.ownership.visibility == "tenant"


def owned_read(operation: Operation) -> bool:
    """reads an object that strangers may not read (x-ownership)"""
    return owned(operation) and operation.safe and operation.about_object


def owned_update(operation: Operation) -> bool:
    """changes an object that strangers may not change (x-ownership)"""
    return owned(operation) and operation.method in {"PATCH", "PUT"}


def owned_delete(operation: Operation) -> bool:
    """deletes an object that strangers may not delete (x-ownership)"""
    return owned(operation) and operation.method == "DELETE"


def owned_action(operation: Operation) -> bool:
    """acts upon an object that strangers may not use (x-ownership)"""
    return owned(operation) and operation.method == "POST"


def owned_emitter(operation: Operation) -> bool:
    """emits an event about an object that strangers may not use (x-ownership)"""
    return owned(operation) and bool(operation.emits)


def owned_subresource(operation: Operation) -> bool:
    """reads what lies under an object that strangers may not read (x-ownership)"""
    return owned(operation) and operation.safe and not operation.about_object


def referring(operation: Operation) -> bool:
    """names in its query or its body an object that strangers may not use (x-ownership, links)"""
    return operation.secured and _not_public(operation) and any(not each.inferred for each in operation.references)


def referring_by_list(operation: Operation) -> bool:
    """takes a list of ids of objects that strangers may not use (x-ownership, links)"""
    return referring(operation) and any(each.listed and not each.inferred for each in operation.references)


def owned_child(operation: Operation) -> bool:
    """addresses an object under another one that strangers may not use (x-ownership)"""
    return owned(operation) and sum(not known.enumerated for known in operation.of_place("path")) > 1


def owned_collection(operation: Operation) -> bool:
    """lists what strangers may not see (x-ownership)"""
    return collection(operation) and not operation.addressed and not operation.references and _not_public(operation)


def owned_creation(operation: Operation) -> bool:
    """makes an object that strangers may not use (x-ownership)"""
    return creation(operation) and operation.secured and not operation.addressed and _not_public(operation)


def declaring_stranger_status(operation: Operation) -> bool:
    """declares how strangers are answered (x-ownership, stranger), who make nothing of their own by it (x-upsert)"""
    return owned(operation) and operation.ownership.stranger > 0 and not upsert(operation)


def declaring_stranger_status_first(operation: Operation) -> bool:
    """declares how strangers are answered (x-ownership, stranger), and makes nothing where nobody has anything yet"""
    return declaring_stranger_status(operation) and not (operation.method == "PUT" and operation.declares(201))


def hiding_from_strangers(operation: Operation) -> bool:
    """answers strangers as if there were nothing (x-ownership, stranger: 404)"""
    return declaring_stranger_status(operation) and operation.ownership.stranger == HTTPStatus.NOT_FOUND


def owned_conditional_read(operation: Operation) -> bool:
    """reads an object that strangers may not read, with 304 for an unchanged one"""
    return owned_read(operation) and operation.declares(HTTPStatus.NOT_MODIFIED)


def owned_conditional_change(operation: Operation) -> bool:
    """changes an object that strangers may not change, with 412 for an outdated tag"""
    return owned(operation) and not operation.safe and operation.declares(HTTPStatus.PRECONDITION_FAILED)


def mass_assignable(operation: Operation) -> bool:
    """takes a JSON body about an object that strangers may not use (x-ownership)"""
    return operation.takes_json and (owned_creation(operation) or owned_update(operation))


def _not_public(operation: Operation) -> bool:
    return operation.ownership.declared and operation.ownership.visibility != "public"
