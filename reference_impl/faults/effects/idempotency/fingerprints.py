"""Ways to take a repeat for another request."""

from __future__ import annotations

from reference_impl.faults import fault
from reference_impl.gateway.idempotency import IdempotencyKeys, digest


@fault("IDEM-FINGERPRINT-STABLE")
class MediaTypesAreTexts(IdempotencyKeys):
    """The fingerprint holds the whole Content-Type, with its parameters."""

    def fingerprint(self, call):
        return digest(call.request.method, call.request.path, call.request.content_type, self.content(call))


@fault("IDEM-MISMATCH-422")
class BodiesAreComparedByTheirBeginning(IdempotencyKeys):
    """A fingerprint is made of the first kilobyte of a body."""

    def content(self, call):
        return super().content(call)[:1024]
