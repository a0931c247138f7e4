"""How a receiver answers when it is asked for its consent (CloudEvents HTTP Web Hooks 1.0.3-wip §4.2)."""

from __future__ import annotations

from conformance.servers.webhook_receiver import Answer

ORIGIN_FIELD = "webhook-request-origin"


def consent_for(origin: str) -> Answer | None:
    """Consent to deliveries from this origin; None where there is none to ask for it."""
    return allow_origin(origin) if origin else None


def allow_origin(origin: str) -> Answer:
    """An answer that allows deliveries from an origin, as many as there are; `*` is everybody."""
    fields = (("Allow", "OPTIONS, POST"), ("WebHook-Allowed-Origin", origin), ("WebHook-Allowed-Rate", "*"))
    return Answer(status=200, headers=fields)
