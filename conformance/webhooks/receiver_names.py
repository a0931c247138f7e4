"""Receivers that are registered by host name, where the suite's DNS server decides what each name resolves to."""

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

RECEIVER_ADDRESS = "127.0.0.1"  # the only permitted one
PERMITTED = Resolution((RECEIVER_ADDRESS,))
CANARIES = ("127.0.0.2", "::1")  # loopback addresses that are forbidden
NOT_QUERIED = (
    "needs the target to ask the suite's name server whenever it calls a receiver by name, and to keep no answer for "
    'longer than its TTL of 0: "--resolver={resolver}" among the arguments under [target].'
)
ROUNDS = 2  # times that each resolution of a name is to be queried


@dataclass(frozen=True, kw_only=True)
class NamedReceiver:
    """A receiver of the suite that was registered by a host name."""

    hook: Registration
    name: HostName


@dataclass(frozen=True, kw_only=True)
class ReceiverNames:
    """Registers host names; `canaries` listen at the receiver's port, at addresses that are forbidden.

    Methods take a permitted `hook`, whose deliveries show when events have been sent to everybody.
    """

    dns_server: DnsServer
    subscriber: Subscriber
    deliveries: Deliveries
    registrations: Registrations
    canaries: tuple[Receiver, ...]
    memo: Memo[bool]

    def register(self, account: Account) -> NamedReceiver:
        """Registers a name of the suite's receiver. Raises BlockedError if no event is delivered to it."""
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

    def register_forbidden(self, hook: Registration, *resolutions: Resolution) -> RegistrationOutcome:
        """Registers a name that resolves to these in turn, some of them canaries, and triggers events."""
        endpoint = self._endpoint()
        canaries = self._canary_endpoints(endpoint)
        name, reply = self._register_new_name(hook.account, endpoint, *resolutions)
        if reply.success:
            self.deliveries.pass_fences(hook, ROUNDS * len(resolutions))
            name.wait_for_queries(
                ROUNDS * len(resolutions), within=self.deliveries.bound if len(resolutions) > 1 else 0
            )
            self.deliveries.pass_fences(hook, FENCES)
            self.registrations.delete(self._registration(hook.account, endpoint, reply))
        return RegistrationOutcome(reply=reply, calls=_calls(canaries))

    def register_foreign(self, hook: Registration, resolution: Resolution) -> Reply:
        """The reply to the registration of a name of others' addresses, which it loses before any event.

        Raises UntestableError if a name of canaries is accepted, since the target may then refuse when it calls.
        """
        require_silence(self.registrations, self.deliveries, hook)
        if self._register_briefly(hook, _with_canaries(resolution)).success:
            raise UntestableError(ACCEPTED_AT_REGISTRATION)
        return self._register_briefly(hook, resolution)

    def rebind(self, named: NamedReceiver, hook: Registration, resolution: Resolution) -> list[Delivery]:
        """The calls that canaries get when a registered name has moved to this resolution (DNS rebinding)."""
        canaries = self._canary_endpoints(named.hook.endpoint)
        named.name.resolve_to(resolution)
        self.deliveries.pass_fences(hook, 1)
        self._require_query(named.name, self.deliveries.bound)
        self.deliveries.pass_fences(hook, FENCES)
        self.registrations.delete(named.hook)
        return _calls(canaries)

    def redirect(self, hook: Registration, resolution: Resolution) -> list[Delivery]:
        """The calls that canaries get when the receiver redirects to a name with this resolution."""
        endpoint, name = self._endpoint(), self.dns_server.new_name(resolution)
        canaries = self._canary_endpoints(endpoint)
        hook.endpoint.answers = [Answer(status=307, headers=(("Location", _url(name, endpoint)),))]
        self.deliveries.of_new_event(hook)
        self.deliveries.pass_fences(hook, FENCES)
        return _calls(canaries)

    def rebind_and_restore(self, named: NamedReceiver, forbidden: Resolution, proper: Resolution) -> list[Delivery]:
        """The deliveries of an event that was triggered while the name resolved to a forbidden address for a while."""
        within = self.deliveries.bound + self.deliveries.attempt_bound(2)
        self._canary_endpoints(named.hook.endpoint)
        named.name.resolve_to(forbidden)
        occurrence = self.subscriber.trigger(named.hook)
        self._require_query(named.name, self.deliveries.bound)
        named.name.resolve_to(proper)
        return named.hook.endpoint.wait(occurrence.in_delivery, within=within)

    def _register_briefly(self, hook: Registration, resolution: Resolution) -> Reply:
        """The reply to the registration of a name that has this resolution until the reply comes."""
        endpoint = self._endpoint()
        name, reply = self._register_new_name(hook.account, endpoint, resolution)
        name.resolve_to(PERMITTED)
        if reply.success:
            self.registrations.delete(self._registration(hook.account, endpoint, reply))
        return reply

    def _register_new_name(
        self, account: Account, endpoint: Endpoint, *resolutions: Resolution
    ) -> tuple[HostName, Reply]:
        """A new name with these resolutions, and the reply to the registration of the endpoint under it."""
        name = self.dns_server.new_name(*resolutions)
        return name, account.send(self.subscriber.request(url=_url(name, endpoint)))

    def _endpoint(self) -> Endpoint:
        return self.subscriber.receiver.open("/named")

    def _queries_dns_server(self, account: Account) -> bool:
        """Whether the target queries the suite's DNS server for a registered name, at the latest upon an event."""
        endpoint = self._endpoint()
        name, reply = self._register_new_name(account, endpoint, PERMITTED)
        if reply.success and not name.wait_for_queries(1, within=0):
            hook = self._registration(account, endpoint, reply)
            self.subscriber.trigger(hook)
            name.wait_for_queries(1, within=self.deliveries.bound)
            self.registrations.delete(hook)
        return bool(name.wait_for_queries(1, within=0))

    def _require_query(self, name: HostName, within: float) -> None:
        """Raises UntestableError unless the target has queried the name since its resolution was last set."""
        if not name.wait_for_queries(1, within=within):
            raise UntestableError(NOT_QUERIED)

    def _canary_endpoints(self, endpoint: Endpoint) -> list[Endpoint]:
        return [canary.mirror(endpoint) for canary in self.canaries]

    def _registration(self, account: Account, endpoint: Endpoint, reply: Reply) -> Registration:
        return self.subscriber.registration(account, endpoint, reply)


def _url(name: HostName, endpoint: Endpoint) -> str:
    """The URL of the endpoint with the name as its host."""
    parts = urlsplit(endpoint.url)
    return f"http://{name.host}:{parts.port}{parts.path}"


def _calls(canaries: list[Endpoint]) -> list[Delivery]:
    return [delivery for canary in canaries for delivery in canary.received]


def _with_canaries(resolution: Resolution) -> Resolution:
    """The same resolution with canaries in the place of others' addresses."""
    canaries = {ip_address(canary).version: canary for canary in CANARIES}
    addresses = (
        each if each == RECEIVER_ADDRESS else canaries[ip_address(each).version] for each in resolution.addresses
    )
    return replace(resolution, addresses=tuple(addresses))
