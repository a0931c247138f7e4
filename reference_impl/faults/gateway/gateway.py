"""Ways in which a gateway lets too much in or out."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

from flask import request as current

from reference_impl.domain.entities import Principal
from reference_impl.domain.refusals import malformed
from reference_impl.faults import fault
from reference_impl.gateway.credentials import Authentication
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.headers import RequestIds, SecurityHeaders
from reference_impl.gateway.limits import RateLimiter
from reference_impl.gateway.scopes import ScopeGuard
from reference_impl.oauth.metadata import Metadata
from reference_impl.views.representations import Answers

SOUND = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACEPARENT = re.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


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


@fault("GW-REQUEST-ID")
class RepeatsBearTheFirstId(RequestIds):
    """The id of a request is made of its idempotency key, so that repeats are found together."""

    def new(self, request):
        key = request.headers.get("Idempotency-Key") if request else None
        return f"req_{sha256(key.encode()).hexdigest()[:20]}" if key else super().new(request)


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


@fault("GW-HOST-NOT-TRUSTED")
class NextPagesAreWhereTheProxySays(Answers):
    """One list writes its link to the next page from Forwarded, once it has been followed."""

    def next_page(self, call, following):
        named = re.search(r"host=([^;]+)", call.request.headers.get("Forwarded", ""))
        if not named or call.operation.id != "listDeliveries" or "cursor" not in call.query:
            return super().next_page(call, following)
        return super().next_page(call, following).replace(self.public_url, f"https://{named[1]}")


@fault("GW-HOST-NOT-TRUSTED")
class LocationsAreBuiltFromTheHost(Answers):
    """Location is made of the Host that the client sent."""

    def location(self, entity):
        return current.host_url.rstrip("/") + entity.path


@fault("GW-HOST-NOT-TRUSTED")
class TheIssuerIsBuiltFromTheProxysField(Metadata):
    """The metadata name the host of X-Forwarded-Host as the issuer, whoever sent it."""

    def issuer(self):
        forwarded = current.headers.get("X-Forwarded-Host")
        return f"https://{forwarded}" if forwarded else super().issuer()


@fault("GW-TRACE-CONTEXT")
class TracesAreValidated(Gateway):
    """A traceparent that is not of the known form is refused as malformed."""

    def authenticate(self, call):
        super().authenticate(call)
        if not TRACEPARENT.fullmatch(call.request.headers.get("traceparent", SOUND)):
            raise malformed("traceparent is malformed.")


@fault("GW-TRACE-CONTEXT")
class TracesAreTakenApart(Gateway):
    """A traceparent is taken apart without a look at whether it is one."""

    def handle(self, call, view):
        _version, trace, _parent, _flags = call.request.headers.get("traceparent", SOUND).split("-")
        int(trace, 16)
        return super().handle(call, view)


@fault("GW-QUOTA-OF-PRINCIPAL")
class ATenantHasOneQuota(RateLimiter):
    """The quota is that of the tenant, so that a colleague who is busy shuts everybody out."""

    def bucket(self, principal):
        return principal.tenant_key


@fault("GW-QUOTA-OF-PRINCIPAL")
class ATierHasOneQuota(RateLimiter):
    """Requests are counted by tier, and whoever comes first leaves nothing to the others."""

    def bucket(self, principal):
        return principal.tier
