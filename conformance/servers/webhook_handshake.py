"""The receiver's side of the validation handshake (CloudEvents HTTP Web Hooks 1.0.3-wip §4.2)."""

from __future__ import annotations

from conformance.servers.webhook_receiver import Answer

ORIGIN_FIELD = "webhook-request-origin"


def consent_for(origin: str) -> Answer | None:
    """The answer that allows deliveries from this origin; None without an origin, when there is no handshake."""
    return allow_origin(origin) if origin else None


def allow_origin(origin: str) -> Answer:
    """An answer that allows deliveries from an origin (`*`: every origin) at any rate."""
    fields = (("Allow", "OPTIONS, POST"), ("WebHook-Allowed-Origin", origin), ("WebHook-Allowed-Rate", "*"))
    return Answer(status=200, headers=fields)
