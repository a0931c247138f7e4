"""Registrations of addresses that must never be called (SSRF, OWASP API7:2023), under many spellings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.errors import UntestableError

if TYPE_CHECKING:
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account
    from conformance.servers.webhook_receiver import Delivery, Endpoint, Receiver
    from conformance.webhooks.deliveries import Deliveries
    from conformance.webhooks.registrations import Registrations
    from conformance.webhooks.subscriptions import Registration, Subscriber

ACCEPTED_AT_REGISTRATION = (
    "the target accepts forbidden addresses and may refuse to call them later. The suite sends nothing to addresses "
    "that are not its own, so nothing in its configuration can show it."
)
FENCES = 2  # events: when the second has arrived elsewhere, the first would have reached the canary


@dataclass(frozen=True, kw_only=True)
class RegistrationOutcome:
    """What the registration of a forbidden address led to: the reply to it, and the calls that the canary got."""

    reply: Reply
    calls: list[Delivery]


@dataclass(frozen=True, kw_only=True)
class ForbiddenAddresses:
    """Registers the canary, a listener that must never be called, under forbidden addresses.

    Nothing is ever sent to an address that is not the suite's own. Methods take a permitted `hook` of the same account,
    whose deliveries show when events have been sent to everybody.
    """

    subscriber: Subscriber
    deliveries: Deliveries
    registrations: Registrations
    canary: Receiver

    def register(self, hook: Registration, host: str) -> RegistrationOutcome:
        """Registers the canary under this spelling of its host."""
        endpoint = self.canary.open("/canary")
        reply = self._send_registration(hook, self._spelled(endpoint, host))
        if reply.success:
            self.deliveries.pass_fences(hook, FENCES)
            self._delete(hook, reply)
        return RegistrationOutcome(reply=reply, calls=endpoint.received)

    def move(self, hook: Registration, other: Registration, host: str) -> RegistrationOutcome:
        """Changes the URL of `hook` to this spelling of the canary's host; `other` is the permitted receiver."""
        endpoint = self.canary.open("/canary")
        reply = self.registrations.move(hook, self._spelled(endpoint, host))
        if reply.success:
            self.deliveries.pass_fences(other, FENCES)
            self.registrations.delete(hook)
        return RegistrationOutcome(reply=reply, calls=endpoint.received)

    def forbidden_url(self) -> str:
        """The URL of the canary, by its address."""
        return self._spelled(self.canary.open("/canary"), "127.0.0.1")

    def refusal_of(self, account: Account, url: str) -> Reply | None:
        """The refusal of a registration at a URL; None if it is accepted, and then deleted at once."""
        request = self.subscriber.request(url=url)
        reply = account.send(request, "control")
        if not reply.success:
            return reply
        self.registrations.delete(self.subscriber.registration(account, self.canary.open("/canary"), reply))
        return None

    def move_foreign(self, hook: Registration, host: str) -> Reply:
        """The reply to a change of the URL to one that creation refuses; where it is accepted, the receiver is deleted.

        Raises UntestableError if creation accepts it, since it may then be refused when it is called.
        """
        if self.register_foreign(hook, host).success:
            raise UntestableError(ACCEPTED_AT_REGISTRATION)
        reply = self.registrations.move(hook, f"http://{host}/canary")
        if reply.success:
            self.registrations.delete(hook)
        return reply

    def register_ambiguous(self, hook: Registration, url: str) -> RegistrationOutcome:
        """Registers a URL that one parser takes for the canary's and another for the receiver's."""
        endpoint = self.canary.open("/canary")
        parts = {"canary": self.canary.address, "receiver": self.subscriber.receiver.address}
        reply = self._send_registration(hook, url.format(path=urlsplit(endpoint.url).path, **parts))
        if reply.success:
            self.deliveries.pass_fences(hook, FENCES)
            self._delete(hook, reply)
        return RegistrationOutcome(reply=reply, calls=endpoint.received)

    def register_foreign(self, hook: Registration, host: str, loopback: str = "") -> Reply:
        """The reply to the registration of an address of others; what is registered is deleted before any event.

        `loopback`: the suite's own address in the same spelling. Raises UntestableError if the target accepts that,
        since it may then refuse addresses when it calls them, which cannot be seen.
        """
        require_silence(self.registrations, self.deliveries, hook)
        if self._accepts_at_registration(hook, loopback or ("[::1]" if host.startswith("[") else "127.0.0.1")):
            raise UntestableError(ACCEPTED_AT_REGISTRATION)
        reply = self._send_registration(hook, f"http://{host}/canary")
        if reply.success:
            self._delete(hook, reply)
        return reply

    def _spelled(self, endpoint: Endpoint, host: str) -> str:
        return f"http://{host}:{self.canary.port}{urlsplit(endpoint.url).path}"

    def _accepts_at_registration(self, hook: Registration, loopback: str) -> bool:
        """Whether the target lets loopback be registered."""
        reply = self._send_registration(hook, self._spelled(self.canary.open("/canary"), loopback))
        if reply.success:
            self._delete(hook, reply)
        return reply.success

    def _send_registration(self, hook: Registration, url: str) -> Reply:
        return hook.account.send(self.subscriber.request(url=url))

    def _delete(self, hook: Registration, reply: Reply) -> None:
        self.registrations.delete(self.subscriber.registration(hook.account, hook.endpoint, reply))


def require_silence(registrations: Registrations, deliveries: Deliveries, hook: Registration) -> None:
    """Raises UntestableError if the target calls receivers when they are registered, as declared or seen at `hook`."""
    operation = registrations.contract.operation(registrations.subscription.operation)
    if operation.emits or registrations.subscription.handshake or deliveries.before_fence(hook):
        raise UntestableError(
            "the target calls what is registered at once, and the suite has it call nothing that is not its own."
        )
