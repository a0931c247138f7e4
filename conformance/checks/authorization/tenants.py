"""Tenants: another principal of the tenant may use what is shared, and nothing else."""

from conformance.authorization.unauthorized_access import NOTHING
from conformance.effects.pagination import occurrences
from conformance.judgement.expectations import accepted
from conformance.marks import for_each_operation, for_one_operation, requirement
from conformance.selection.authorization import (
    owned,
    owner_only,
    owner_only_collection,
    tenant_shared,
    tenant_shared_collection,
)
from conformance.selection.operations import both, cookie_authenticated, paged


@requirement("OBJ-TENANT-SHARED")
@for_each_operation(tenant_shared)
def test_a_colleague_uses_what_belongs_to_the_tenant(colleague, operation, ready):
    """Somebody else of the owner's tenant sends the owner's valid request; it is accepted."""
    reply = colleague.send(ready.request)

    assert reply == accepted(operation)


@requirement("OBJ-TENANT-LISTED")
@for_each_operation(tenant_shared_collection)
def test_a_colleague_sees_what_belongs_to_the_tenant(alices_colleague, planted_object):
    """Alice's object is in the collection as somebody else of her tenant reads it."""
    gained = planted_object.access(alices_colleague)

    assert gained != NOTHING


@requirement("OBJ-TENANT-LISTED")
@for_each_operation(both(tenant_shared_collection, cookie_authenticated))
def test_a_colleague_in_a_browser_sees_what_belongs_to_the_tenant(session_user, object_of_sessions_tenant):
    """Somebody makes an object with a token; it is in the collection as a colleague with a session reads it."""
    gained = object_of_sessions_tenant.access(session_user)

    assert gained != NOTHING


@requirement("OBJ-TENANT-LISTED")
@for_each_operation(both(tenant_shared_collection, paged))
def test_a_colleague_sees_it_on_every_page(alices_colleague, pagination):
    """Three things are made, and somebody else of the tenant reads the list in pages of two; each is there once."""
    markers = pagination.fill(3)
    pages = pagination.as_read_by(alices_colleague).all_pages(2)

    assert occurrences(pages, markers) == [1, 1, 1]


@requirement("OBJ-TENANT-PRIVATE")
@for_each_operation(owner_only)
def test_a_colleague_does_not_use_what_is_private(privileged_colleague, unauthorized_access):
    """Somebody else of the owner's tenant, with every role, sends the owner's valid request; it gains nothing."""
    gained = unauthorized_access(privileged_colleague)

    assert gained == NOTHING


@requirement("OBJ-TENANT-PRIVATE")
@for_each_operation(owner_only_collection)
def test_a_list_shows_a_colleague_nothing_private(alices_colleague, planted_object):
    """Somebody else of Alice's tenant reads the collection; her object is on no page."""
    gained = planted_object.access(alices_colleague)

    assert gained == NOTHING


@requirement("OBJ-TENANT-PRIVATE")
@for_each_operation(both(owner_only_collection, paged))
def test_no_page_shows_what_a_colleague_has(pagination, colleague):
    """Somebody else of the owner's tenant makes something, and then the owner does; no page of hers shows the first."""
    others = pagination.as_read_by(colleague).fill(1)
    pagination.fill(2)

    assert occurrences(pagination.all_pages(1), others) == [0]


@requirement("OBJ-TENANT-NONE")
@for_one_operation(tenant_shared)
def test_whose_token_names_no_tenant_shares_with_nobody(loners, access_of_loner):
    """Of two people whose tokens name no tenant one makes something, and the other asks for it; nothing is shown."""
    _, other = loners

    assert access_of_loner(other) == NOTHING


@requirement("OBJ-TENANT-FROM-TOKEN")
@for_each_operation(owned)
def test_nobody_names_a_tenant(bob, requests_naming_tenant, unauthorized_access):
    """Bob names the owner's tenant in headers and parameters that might be taken for his; he gets nothing."""
    gained = unauthorized_access(bob, *requests_naming_tenant)

    assert gained == NOTHING
