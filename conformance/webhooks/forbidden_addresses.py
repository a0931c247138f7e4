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

LATE = (
    "the target accepts forbidden addresses and may refuse to call them later. The suite sends nothing to addresses "
    "that are not its own, so nothing in its configuration can show it."
)
EVENTS = 2  # that a bait outlives: by the time the second is told elsewhere, the first was told everywhere


@dataclass(frozen=True, kw_only=True)
class Encounter:
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

    def at(self, hook: Registration, host: str) -> Encounter:
        """The canary under this spelling of its host; `hook` is a proper receiver that shows when time has passed."""
        endpoint = self.canary.open("/bait")
        reply = self._tried(hook, self._spelled(endpoint, host))
        if reply.success:
            self._let_pass(hook)
            self._delete(hook, reply)
        return Encounter(reply=reply, calls=endpoint.received)

    def moved(self, hook: Registration, other: Registration, host: str) -> Encounter:
        """The canary as the new address of a receiver; `other` is a proper one that shows when time has passed."""
        endpoint = self.canary.open("/bait")
        reply = self.registrations.move(hook, self._spelled(endpoint, host))
        if reply.success:
            self._let_pass(other)
            self.registrations.delete(hook)
        return Encounter(reply=reply, calls=endpoint.received)

    def confusing(self, hook: Registration, url: str) -> Encounter:
        """The canary in a URL that can be read in two ways; `hook` shows when time has passed."""
        endpoint = self.canary.open("/bait")
        parts = {"canary": self.canary.address, "receiver": self.subscriber.receiver.address}
        reply = self._tried(hook, url.format(path=urlsplit(endpoint.url).path, **parts))
        if reply.success:
            self._let_pass(hook)
            self._delete(hook, reply)
        return Encounter(reply=reply, calls=endpoint.received)

    def elsewhere(self, hook: Registration, host: str, loopback: str = "") -> Reply:
        """The reply to the registration of another's address; what is registered is deleted before any event.

        `loopback` is the suite's own address, spelled in the same way: were that accepted, nothing could be told.
        """
        require_silence(self.registrations, self.deliveries, hook)
        if self._decides_late(hook, loopback or ("[::1]" if host.startswith("[") else "127.0.0.1")):
            raise UntestableError(LATE)
        reply = self._tried(hook, f"http://{host}/bait")
        if reply.success:
            self._delete(hook, reply)
        return reply

    def _spelled(self, endpoint: Endpoint, host: str) -> str:
        return f"http://{host}:{self.canary.port}{urlsplit(endpoint.url).path}"

    def _let_pass(self, hook: Registration) -> None:
        for _ in range(EVENTS):
            self.deliveries.before_fence(hook)

    def _decides_late(self, hook: Registration, loopback: str) -> bool:
        """Loopback itself can be registered."""
        reply = self._tried(hook, self._spelled(self.canary.open("/bait"), loopback))
        if reply.success:
            self._delete(hook, reply)
        return reply.success

    def _tried(self, hook: Registration, url: str) -> Reply:
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
