"""Receivers that are registered by name, where the names stand for loopback addresses of the suite and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.errors import BlockedError, UntestableError
from conformance.servers.dns_server import Resolution
from conformance.servers.webhook_receiver import Answer
from conformance.webhooks.forbidden_addresses import EVENTS, LATE, Encounter, require_silence

if TYPE_CHECKING:
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account
    from conformance.requests.memo import Memo
    from conformance.servers.dns_server import DnsServer, Name
    from conformance.servers.webhook_receiver import Delivery, Endpoint, Receiver
    from conformance.webhooks.deliveries import Deliveries
    from conformance.webhooks.registrations import Registrations
    from conformance.webhooks.subscriptions import Registration, Subscriber

HOME = "127.0.0.1"  # of the suite's receiver
PROPER = Resolution((HOME,))
CANARIES = ("127.0.0.2", "::1")  # other loopback addresses
UNASKED = (
    "needs the target to ask the suite's name server whenever it calls a receiver by name, and to keep no answer for "
    'longer than its TTL of 0: "--resolver={resolver}" among the arguments under [target].'
)
AGAIN = 2  # rounds of answers that a name is asked for


@dataclass(frozen=True, kw_only=True)
class NamedReceiver:
    """A receiver of the suite that was registered by name."""

    hook: Registration
    name: Name


@dataclass(frozen=True, kw_only=True)
class ReceiverNames:
    """Has receivers registered by name; `canaries` listen at the receiver's port, at addresses that are forbidden."""

    resolver: DnsServer
    subscriber: Subscriber
    deliveries: Deliveries
    registrations: Registrations
    canaries: tuple[Receiver, ...]
    memo: Memo[bool]

    def registered(self, account: Account) -> NamedReceiver:
        """A name of the suite's receiver, registered and told of an event. Raises BlockedError if it is not."""
        if not self.memo("asked", lambda: self._asked(account)):
            raise UntestableError(UNASKED)
        endpoint = self._endpoint()
        name, reply = self._offered(account, endpoint, PROPER)
        if not reply.success:
            raise BlockedError(
                f"the name {name.host} stands for the suite's receiver and was refused ({reply.status}). Let the "
                f"target call {self.subscriber.receiver.address} under every name that stands for it.",
                blame="configuration",
            )
        hook = self._registration(account, endpoint, reply)
        if not self.deliveries.arrived(hook, self.subscriber.happen(hook)):
            raise BlockedError(f"{name.host} stands for the suite's receiver, and no event was told there.")
        return NamedReceiver(hook=hook, name=name)

    def tried(self, hook: Registration, *turns: Resolution) -> Encounter:
        """A name that stands for this, each question in turn; `hook` is a proper receiver that shows time passing."""
        endpoint = self._endpoint()
        baits = self._baits(endpoint)
        name, reply = self._offered(hook.account, endpoint, *turns)
        if reply.success:
            self._let_pass(hook, AGAIN * len(turns))
            name.wait(AGAIN * len(turns), within=self.deliveries.bound if len(turns) > 1 else 0)
            self._let_pass(hook, EVENTS)
            self.registrations.delete(self._registration(hook.account, endpoint, reply))
        return Encounter(reply=reply, calls=_calls(baits))

    def elsewhere(self, hook: Registration, resolution: Resolution) -> Reply:
        """The reply to the registration of a name of others' addresses, which it is no longer before any event."""
        require_silence(self.registrations, self.deliveries, hook)
        if self._refusal(hook, _at_home(resolution)).success:
            raise UntestableError(LATE)
        return self._refusal(hook, resolution)

    def moved(self, named: NamedReceiver, hook: Registration, resolution: Resolution) -> list[Delivery]:
        """What canaries get once the name stands for this; `hook` is a proper receiver that shows when time passed."""
        baits = self._baits(named.hook.endpoint)
        named.name.stand_for(resolution)
        self._let_pass(hook, 1)
        self._insist_on_question(named.name, self.deliveries.bound)
        self._let_pass(hook, EVENTS)
        self.registrations.delete(named.hook)
        return _calls(baits)

    def redirected(self, hook: Registration, resolution: Resolution) -> list[Delivery]:
        """What canaries get when the receiver redirects to a name that stands for this."""
        endpoint, name = self._endpoint(), self.resolver.name(resolution)
        baits = self._baits(endpoint)
        hook.endpoint.answers = [Answer(status=307, headers=(("Location", _url(name, endpoint)),))]
        self.deliveries.first(hook)
        self._let_pass(hook, EVENTS)
        return _calls(baits)

    def restored(self, named: NamedReceiver, forbidden: Resolution, proper: Resolution) -> list[Delivery]:
        """The deliveries of an event that came while the name stood for the forbidden address, and not for long."""
        within = self.deliveries.bound + self.deliveries.until(2)
        self._baits(named.hook.endpoint)
        named.name.stand_for(forbidden)
        occurrence = self.subscriber.happen(named.hook)
        self._insist_on_question(named.name, self.deliveries.bound)
        named.name.stand_for(proper)
        return named.hook.endpoint.wait(occurrence.in_delivery, within=within)

    def _refusal(self, hook: Registration, resolution: Resolution) -> Reply:
        """The reply to the registration of a name that stands for this until there is a reply."""
        endpoint = self._endpoint()
        name, reply = self._offered(hook.account, endpoint, resolution)
        name.stand_for(PROPER)
        if reply.success:
            self.registrations.delete(self._registration(hook.account, endpoint, reply))
        return reply

    def _offered(self, account: Account, endpoint: Endpoint, *turns: Resolution) -> tuple[Name, Reply]:
        """A fresh name that stands for this, and the reply to the registration of the endpoint under it."""
        name = self.resolver.name(*turns)
        return name, account.send(self.subscriber.request(url=_url(name, endpoint)))

    def _endpoint(self) -> Endpoint:
        return self.subscriber.receiver.open("/named")

    def _asked(self, account: Account) -> bool:
        """The target asks for a name that is registered, or at the latest when there is something to tell."""
        endpoint = self._endpoint()
        name, reply = self._offered(account, endpoint, PROPER)
        if reply.success and not name.wait(1, within=0):
            hook = self._registration(account, endpoint, reply)
            self.subscriber.happen(hook)
            name.wait(1, within=self.deliveries.bound)
            self.registrations.delete(hook)
        return bool(name.wait(1, within=0))

    def _insist_on_question(self, name: Name, within: float) -> None:
        """Raises UntestableError unless the target asked for the name since it stands for what it does."""
        if not name.wait(1, within=within):
            raise UntestableError(UNASKED)

    def _baits(self, endpoint: Endpoint) -> list[Endpoint]:
        return [canary.double(endpoint) for canary in self.canaries]

    def _let_pass(self, hook: Registration, events: int) -> None:
        for _ in range(events):
            self.deliveries.before_fence(hook)

    def _registration(self, account: Account, endpoint: Endpoint, reply: Reply) -> Registration:
        return self.subscriber.registration(account, endpoint, reply.request, reply)


def _url(name: Name, endpoint: Endpoint) -> str:
    """The endpoint's, with the name for its host."""
    parts = urlsplit(endpoint.url)
    return f"http://{name.host}:{parts.port}{parts.path}"


def _calls(baits: list[Endpoint]) -> list[Delivery]:
    return [delivery for bait in baits for delivery in bait.received]


def _at_home(resolution: Resolution) -> Resolution:
    """The same with canaries in the place of others."""
    canaries = {ip_address(canary).version: canary for canary in CANARIES}
    addresses = (each if each == HOME else canaries[ip_address(each).version] for each in resolution.addresses)
    return replace(resolution, addresses=tuple(addresses))
