"""How a receiver answers when it is asked for its consent (CloudEvents HTTP Web Hooks 1.0.3-wip §4.2)."""

from __future__ import annotations

from conformance.servers.webhook_receiver import Answer

ORIGIN = "webhook-request-origin"


def consent_to(origin: str) -> Answer | None:
    """Consent to deliveries from this origin; None where there is none to ask for it."""
    return allowing(origin) if origin else None


def allowing(origin: str) -> Answer:
    """An answer that allows deliveries from an origin, as many as there are; `*` is everybody."""
    fields = (("Allow", "OPTIONS, POST"), ("WebHook-Allowed-Origin", origin), ("WebHook-Allowed-Rate", "*"))
    return Answer(status=200, headers=fields)
