"""Ways in which a gateway lets too much in or out."""

from __future__ import annotations

from dataclasses import replace

from flask import request as current

from reference_impl.domain.entities import Principal
from reference_impl.faults import fault
from reference_impl.gateway.credentials import Authentication
from reference_impl.gateway.headers import RequestIds, SecurityHeaders
from reference_impl.gateway.scopes import ScopeGuard


@fault("GW-REQUEST-ID")
class RequestIdsAreTheSame(RequestIds):
    """The id names the process instead of the request."""

    def new(self, request):
        return self.prefix + "_" + "0" * 20


@fault("GW-REQUEST-ID", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class RefusalsHaveNoRequestId(SecurityHeaders):
    """What the gateway itself refuses bears no id."""

    def apply(self, response, operation):
        super().apply(response, operation)
        if response.status_code >= 400:
            del response.headers["X-Request-Id"]


@fault("GW-REQUEST-ID-NOT-INJECTED")
class RequestIdsAreTakenOver(RequestIds):
    """The id that a client sends is taken over, whatever it is."""

    def new(self, request):
        return request.headers.get("X-Request-Id") or super().new(request)


@fault("GW-INTERNAL-HEADERS-IGNORED", also=("AUTH-REQUIRED-EVERY-OPERATION",))
class TheUserFieldIsACredential(Authentication):
    """Whoever is named as the user by the request itself needs no token."""

    def authenticate(self, request):
        user = request.headers.get("X-Authenticated-User")
        everything = frozenset({"links:read", "links:write", "jobs:read", "webhooks:read", "webhooks:write"})
        return Principal(issuer="gateway", subject=user, scopes=everything) if user else super().authenticate(request)


@fault("GW-INTERNAL-HEADERS-IGNORED")
class TheUserFieldWins(Authentication):
    """A field that names the user overrules the token."""

    def authenticate(self, request):
        principal = super().authenticate(request)
        return replace(principal, subject=request.headers.get("X-User-Id", principal.subject))


@fault("GW-INTERNAL-HEADERS-IGNORED")
class TheScopesFieldGrants(ScopeGuard):
    """Scopes are also taken from the field in which the gateway passes them on."""

    def granted(self, principal):
        return super().granted(principal) | set(current.headers.get("X-Scopes", "").split())
