"""Asks hooks for their consent, as in CloudEvents HTTP Web Hooks §4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posting import NoAnswerError, call

if TYPE_CHECKING:
    from office import Hook
    from posting import Answer

ORIGIN = "WebHook-Request-Origin"


class Handshake:
    """Asks by the name `origin`, before a URL is told of anything; without a name nobody is asked."""

    timeout = 2.0

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def may_tell(self, hook: Hook) -> bool:
        """The hook wants to be told at the URL that it has now."""
        url = hook.url
        if self.origin and hook.consented != url and self.agreed(url):
            hook.consented = url
        return not self.origin or hook.consented == url

    def headers(self) -> dict[str, str]:
        """What a delivery says of who sends it."""
        return {ORIGIN: self.origin} if self.origin else {}

    def asking(self) -> dict[str, str]:
        return {ORIGIN: self.origin}

    def agreed(self, url: str) -> bool:
        try:
            return self.consents(call("OPTIONS", url, self.asking(), b"", self.timeout))
        except NoAnswerError:
            return False

    def consents(self, answer: Answer) -> bool:
        return 200 <= answer.status < 300 and self.allowed(answer) in {"*", self.origin}

    def allowed(self, answer: Answer) -> str:
        return answer.fields.get("WebHook-Allowed-Origin", "")
