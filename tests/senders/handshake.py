"""The validation handshake with hooks (CloudEvents HTTP Web Hooks §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from http_call import NoAnswerError, call

if TYPE_CHECKING:
    from http_call import Answer
    from office import Hook

ORIGIN = "WebHook-Request-Origin"


class Handshake:
    """Asks each URL for consent with this `origin` before the first delivery; without an origin nothing is asked."""

    timeout = 2.0

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def may_deliver(self, hook: Hook) -> bool:
        """Whether the hook consents to deliveries at its present URL."""
        url = hook.url
        if self.origin and hook.consented != url and self.has_consent_of(url):
            hook.consented = url
        return not self.origin or hook.consented == url

    def headers(self) -> dict[str, str]:
        """The header fields of a delivery that name the origin."""
        return {ORIGIN: self.origin} if self.origin else {}

    def request_headers(self) -> dict[str, str]:
        return {ORIGIN: self.origin}

    def has_consent_of(self, url: str) -> bool:
        try:
            return self.consents(call("OPTIONS", url, self.request_headers(), b"", self.timeout))
        except NoAnswerError:
            return False

    def consents(self, answer: Answer) -> bool:
        return 200 <= answer.status < 300 and self.allowed(answer) in {"*", self.origin}

    def allowed(self, answer: Answer) -> str:
        return answer.fields.get("WebHook-Allowed-Origin", "")
