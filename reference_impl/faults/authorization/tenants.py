"""Ways to share too little within a tenant, or too much."""

from __future__ import annotations

from dataclasses import replace

from flask import request
from sqlalchemy import select

from reference_impl.domain.entities import Link
from reference_impl.faults import fault
from reference_impl.gateway.credentials import Authentication
from reference_impl.gateway.ownership import Ownership
from reference_impl.gateway.sessions import SessionAuthentication
from reference_impl.storage.jobs import Jobs
from reference_impl.storage.tables import JOBS


@fault("OBJ-TENANT-SHARED", also=("OBJ-TENANT-LISTED",))
class KnowsNoTenants(Authentication):
    """The claim that names the tenant is not read: everybody is alone."""

    def tenant(self, claims):
        return ""


@fault("OBJ-TENANT-LISTED", also=("OBJ-TENANT-SHARED",))
class SubjectInTheTenantsName(Authentication):
    """The subject has become a part of the key under which a tenant's things are kept."""

    def tenant(self, claims):
        return f"{super().tenant(claims)}/{claims['sub']}"


@fault("OBJ-TENANT-PRIVATE")
class SharesAllWithinTheTenant(Ownership):
    """What one person of a tenant owns, all of them own."""

    def owns(self, principal, found):
        return super().owns(principal, found) or (isinstance(found, Link) and found.tenant == principal.tenant_key)


@fault("OBJ-TENANT-PRIVATE")
class ColleaguesMayRead(Ownership):
    """Colleagues may not change what is private, but see it."""

    def owns(self, principal, found):
        colleagues = isinstance(found, Link) and found.tenant == principal.tenant_key
        return super().owns(principal, found) or (colleagues and request.method == "GET")


@fault("OBJ-TENANT-PRIVATE")
class ModeratorsSeeTheirTenant(Ownership):
    """Whoever moderates may read all that there is in the tenant."""

    def owns(self, principal, found):
        theirs = isinstance(found, Link) and found.tenant == principal.tenant_key
        moderates = "moderator" in principal.roles and request.method == "GET"
        return super().owns(principal, found) or (theirs and moderates)


@fault("OBJ-TENANT-FROM-TOKEN")
class TenantFromTheHeader(Authentication):
    """X-Tenant-Id, as a gateway might have set it, says for which tenant the request is."""

    def tenant(self, claims):
        return request.headers.get("X-Tenant-Id") or super().tenant(claims)


@fault("OBJ-TENANT-FROM-TOKEN")
class TenantFromTheQuery(Authentication):
    """A parameter says for which tenant the request is."""

    def tenant(self, claims):
        return request.args.get("tenant") or super().tenant(claims)


@fault("OBJ-TENANT-NONE")
class TheNamelessAreOneTenant(Authentication):
    """Whose token names no tenant is put into a common one."""

    def tenant(self, claims):
        return super().tenant(claims) or "default"


@fault("OBJ-TENANT-PRIVATE")
class LaterPagesAreTheTenants(Jobs):
    """Jobs behind the first page are those of everybody of the tenant."""

    def page(self, owner, before, size):
        return super().page(owner if before is None else f"all beside {owner}", before, size)

    def owned_by(self, owner):
        of_owner = select(JOBS.c.tenant).where(JOBS.c.owner == owner.removeprefix("all beside "))
        return JOBS.c.tenant.in_(of_owner) if owner.startswith("all beside ") else super().owned_by(owner)


@fault("OBJ-TENANT-LISTED")
class SessionsHaveNoTenant(SessionAuthentication):
    """Whoever is logged in is somebody alone: the tenant is a matter of tokens."""

    def principal(self, user):
        return replace(super().principal(user), tenant="")
