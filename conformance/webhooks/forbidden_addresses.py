"""Receivers at addresses that must never be called: the suite's canary on loopback, spelled in many ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.errors import UntestableError

if TYPE_CHECKING:
    from conformance.http.messages import Reply
    from conformance.servers.webhook_receiver import Delivery, Endpoint, Receiver
    from conformance.webhooks.deliveries import Deliveries
    from conformance.webhooks.registrations import Registrations
    from conformance.webhooks.subscriptions import Registration, Subscriber

ACCEPTED_AT_REGISTRATION = (
    "the target accepts forbidden addresses and may refuse to call them later. The suite sends nothing to addresses "
    "that are not its own, so nothing in its configuration can show it."
)
FENCES = 2  # that a bait outlives: by the time the second is told elsewhere, the first was told everywhere


@dataclass(frozen=True, kw_only=True)
class RegistrationOutcome:
    """What became of a bait: the reply to its registration, and the calls it got."""

    reply: Reply
    calls: list[Delivery]


@dataclass(frozen=True, kw_only=True)
class ForbiddenAddresses:
    """Tries to register forbidden addresses. Nothing is ever sent to an address that is not the suite's own."""

    subscriber: Subscriber
    deliveries: Deliveries
    registrations: Registrations
    canary: Receiver

    def register(self, hook: Registration, host: str) -> RegistrationOutcome:
        """The canary under this spelling of its host; `hook` is a proper receiver that shows when time has passed."""
        endpoint = self.canary.open("/bait")
        reply = self._send_registration(hook, self._spelled(endpoint, host))
        if reply.success:
            self._pass_events(hook)
            self._delete(hook, reply)
        return RegistrationOutcome(reply=reply, calls=endpoint.received)

    def move(self, hook: Registration, other: Registration, host: str) -> RegistrationOutcome:
        """The canary as the new address of a receiver; `other` is a proper one that shows when time has passed."""
        endpoint = self.canary.open("/bait")
        reply = self.registrations.move(hook, self._spelled(endpoint, host))
        if reply.success:
            self._pass_events(other)
            self.registrations.delete(hook)
        return RegistrationOutcome(reply=reply, calls=endpoint.received)

    def register_ambiguous(self, hook: Registration, url: str) -> RegistrationOutcome:
        """The canary in a URL that can be read in two ways; `hook` shows when time has passed."""
        endpoint = self.canary.open("/bait")
        parts = {"canary": self.canary.address, "receiver": self.subscriber.receiver.address}
        reply = self._send_registration(hook, url.format(path=urlsplit(endpoint.url).path, **parts))
        if reply.success:
            self._pass_events(hook)
            self._delete(hook, reply)
        return RegistrationOutcome(reply=reply, calls=endpoint.received)

    def register_foreign(self, hook: Registration, host: str, loopback: str = "") -> Reply:
        """The reply to the registration of another's address; what is registered is deleted before any event.

        `loopback` is the suite's own address, spelled in the same way: were that accepted, nothing could be told.
        """
        require_silence(self.registrations, self.deliveries, hook)
        if self._accepts_at_registration(hook, loopback or ("[::1]" if host.startswith("[") else "127.0.0.1")):
            raise UntestableError(ACCEPTED_AT_REGISTRATION)
        reply = self._send_registration(hook, f"http://{host}/bait")
        if reply.success:
            self._delete(hook, reply)
        return reply

    def _spelled(self, endpoint: Endpoint, host: str) -> str:
        return f"http://{host}:{self.canary.port}{urlsplit(endpoint.url).path}"

    def _pass_events(self, hook: Registration) -> None:
        for _ in range(FENCES):
            self.deliveries.before_fence(hook)

    def _accepts_at_registration(self, hook: Registration, loopback: str) -> bool:
        """Loopback itself can be registered."""
        reply = self._send_registration(hook, self._spelled(self.canary.open("/bait"), loopback))
        if reply.success:
            self._delete(hook, reply)
        return reply.success

    def _send_registration(self, hook: Registration, url: str) -> Reply:
        return hook.account.send(self.subscriber.request(url=url))

    def _delete(self, hook: Registration, reply: Reply) -> None:
        self.registrations.delete(self.subscriber.registration(hook.account, hook.endpoint, reply.request, reply))


def require_silence(registrations: Registrations, deliveries: Deliveries, hook: Registration) -> None:
    """Raises UntestableError if a registration alone has its receiver called, as is declared or happened to `hook`."""
    operation = registrations.contract.operation(registrations.subscription.operation)
    if operation.emits or registrations.subscription.handshake or deliveries.before_fence(hook):
        raise UntestableError(
            "the target calls what is registered at once, and the suite has it call nothing that is not its own."
        )
