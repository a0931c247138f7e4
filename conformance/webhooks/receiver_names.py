"""Receivers that are registered by name, where the names stand for loopback addresses of the suite and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.errors import BlockedError, UntestableError
from conformance.servers.dns_server import Resolution
from conformance.servers.webhook_receiver import Answer
from conformance.webhooks.forbidden_addresses import (
    ACCEPTED_AT_REGISTRATION,
    FENCES,
    RegistrationOutcome,
    require_silence,
)

if TYPE_CHECKING:
    from conformance.http.memo import Memo
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account
    from conformance.servers.dns_server import DnsServer, HostName
    from conformance.servers.webhook_receiver import Delivery, Endpoint, Receiver
    from conformance.webhooks.deliveries import Deliveries
    from conformance.webhooks.registrations import Registrations
    from conformance.webhooks.subscriptions import Registration, Subscriber

RECEIVER_ADDRESS = "127.0.0.1"  # of the suite's receiver
PERMITTED = Resolution((RECEIVER_ADDRESS,))
CANARIES = ("127.0.0.2", "::1")  # other loopback addresses
NOT_QUERIED = (
    "needs the target to ask the suite's name server whenever it calls a receiver by name, and to keep no answer for "
    'longer than its TTL of 0: "--resolver={resolver}" among the arguments under [target].'
)
ROUNDS = 2  # rounds of answers that a name is asked for


@dataclass(frozen=True, kw_only=True)
class NamedReceiver:
    """A receiver of the suite that was registered by name."""

    hook: Registration
    name: HostName


@dataclass(frozen=True, kw_only=True)
class ReceiverNames:
    """Has receivers registered by name; `canaries` listen at the receiver's port, at addresses that are forbidden."""

    dns_server: DnsServer
    subscriber: Subscriber
    deliveries: Deliveries
    registrations: Registrations
    canaries: tuple[Receiver, ...]
    memo: Memo[bool]

    def register(self, account: Account) -> NamedReceiver:
        """A name of the suite's receiver, registered and told of an event. Raises BlockedError if it is not."""
        if not self.memo("asked", lambda: self._queries_dns_server(account)):
            raise UntestableError(NOT_QUERIED)
        endpoint = self._endpoint()
        name, reply = self._register_new_name(account, endpoint, PERMITTED)
        if not reply.success:
            raise BlockedError(
                f"the name {name.host} stands for the suite's receiver and was refused ({reply.status}). Let the "
                f"target call {self.subscriber.receiver.address} under every name that stands for it.",
                blame="configuration",
            )
        hook = self._registration(account, endpoint, reply)
        if not self.deliveries.received(hook, self.subscriber.trigger(hook)):
            raise BlockedError(f"{name.host} stands for the suite's receiver, and no event was told there.")
        return NamedReceiver(hook=hook, name=name)

    def register_forbidden(self, hook: Registration, *turns: Resolution) -> RegistrationOutcome:
        """A name that stands for this, each question in turn; `hook` is a proper receiver that shows time passing."""
        endpoint = self._endpoint()
        baits = self._canary_endpoints(endpoint)
        name, reply = self._register_new_name(hook.account, endpoint, *turns)
        if reply.success:
            self._pass_events(hook, ROUNDS * len(turns))
            name.wait_for_queries(ROUNDS * len(turns), within=self.deliveries.bound if len(turns) > 1 else 0)
            self._pass_events(hook, FENCES)
            self.registrations.delete(self._registration(hook.account, endpoint, reply))
        return RegistrationOutcome(reply=reply, calls=_calls(baits))

    def register_foreign(self, hook: Registration, resolution: Resolution) -> Reply:
        """The reply to the registration of a name of others' addresses, which it is no longer before any event."""
        require_silence(self.registrations, self.deliveries, hook)
        if self._register_briefly(hook, _with_canaries(resolution)).success:
            raise UntestableError(ACCEPTED_AT_REGISTRATION)
        return self._register_briefly(hook, resolution)

    def rebind(self, named: NamedReceiver, hook: Registration, resolution: Resolution) -> list[Delivery]:
        """What canaries get once the name stands for this; `hook` is a proper receiver that shows when time passed."""
        baits = self._canary_endpoints(named.hook.endpoint)
        named.name.resolve_to(resolution)
        self._pass_events(hook, 1)
        self._require_query(named.name, self.deliveries.bound)
        self._pass_events(hook, FENCES)
        self.registrations.delete(named.hook)
        return _calls(baits)

    def redirect(self, hook: Registration, resolution: Resolution) -> list[Delivery]:
        """What canaries get when the receiver redirects to a name that stands for this."""
        endpoint, name = self._endpoint(), self.dns_server.new_name(resolution)
        baits = self._canary_endpoints(endpoint)
        hook.endpoint.answers = [Answer(status=307, headers=(("Location", _url(name, endpoint)),))]
        self.deliveries.of_new_event(hook)
        self._pass_events(hook, FENCES)
        return _calls(baits)

    def rebind_and_restore(self, named: NamedReceiver, forbidden: Resolution, proper: Resolution) -> list[Delivery]:
        """The deliveries of an event that came while the name stood for the forbidden address, and not for long."""
        within = self.deliveries.bound + self.deliveries.attempt_bound(2)
        self._canary_endpoints(named.hook.endpoint)
        named.name.resolve_to(forbidden)
        occurrence = self.subscriber.trigger(named.hook)
        self._require_query(named.name, self.deliveries.bound)
        named.name.resolve_to(proper)
        return named.hook.endpoint.wait(occurrence.in_delivery, within=within)

    def _register_briefly(self, hook: Registration, resolution: Resolution) -> Reply:
        """The reply to the registration of a name that stands for this until there is a reply."""
        endpoint = self._endpoint()
        name, reply = self._register_new_name(hook.account, endpoint, resolution)
        name.resolve_to(PERMITTED)
        if reply.success:
            self.registrations.delete(self._registration(hook.account, endpoint, reply))
        return reply

    def _register_new_name(self, account: Account, endpoint: Endpoint, *turns: Resolution) -> tuple[HostName, Reply]:
        """A fresh name that stands for this, and the reply to the registration of the endpoint under it."""
        name = self.dns_server.new_name(*turns)
        return name, account.send(self.subscriber.request(url=_url(name, endpoint)))

    def _endpoint(self) -> Endpoint:
        return self.subscriber.receiver.open("/named")

    def _queries_dns_server(self, account: Account) -> bool:
        """The target asks for a name that is registered, or at the latest when there is something to tell."""
        endpoint = self._endpoint()
        name, reply = self._register_new_name(account, endpoint, PERMITTED)
        if reply.success and not name.wait_for_queries(1, within=0):
            hook = self._registration(account, endpoint, reply)
            self.subscriber.trigger(hook)
            name.wait_for_queries(1, within=self.deliveries.bound)
            self.registrations.delete(hook)
        return bool(name.wait_for_queries(1, within=0))

    def _require_query(self, name: HostName, within: float) -> None:
        """Raises UntestableError unless the target asked for the name since it stands for what it does."""
        if not name.wait_for_queries(1, within=within):
            raise UntestableError(NOT_QUERIED)

    def _canary_endpoints(self, endpoint: Endpoint) -> list[Endpoint]:
        return [canary.mirror(endpoint) for canary in self.canaries]

    def _pass_events(self, hook: Registration, events: int) -> None:
        for _ in range(events):
            self.deliveries.before_fence(hook)

    def _registration(self, account: Account, endpoint: Endpoint, reply: Reply) -> Registration:
        return self.subscriber.registration(account, endpoint, reply.request, reply)


def _url(name: HostName, endpoint: Endpoint) -> str:
    """The endpoint's, with the name for its host."""
    parts = urlsplit(endpoint.url)
    return f"http://{name.host}:{parts.port}{parts.path}"


def _calls(baits: list[Endpoint]) -> list[Delivery]:
    return [delivery for bait in baits for delivery in bait.received]


def _with_canaries(resolution: Resolution) -> Resolution:
    """The same with canaries in the place of others."""
    canaries = {ip_address(canary).version: canary for canary in CANARIES}
    addresses = (
        each if each == RECEIVER_ADDRESS else canaries[ip_address(each).version] for each in resolution.addresses
    )
    return replace(resolution, addresses=tuple(addresses))
