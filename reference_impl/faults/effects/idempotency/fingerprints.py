"""Ways to take a repeat for another request."""

from __future__ import annotations

from reference_impl.faults import fault
from reference_impl.gateway.idempotency import IdempotencyKeys, digest


@fault("IDEM-FINGERPRINT-STABLE")
class MediaTypesAreTexts(IdempotencyKeys):
    """The fingerprint holds the whole Content-Type, with its parameters."""

    def fingerprint(self, call):
        return digest(call.request.method, call.request.path, call.request.content_type, self.content(call))
