"""The operations on a registered receiver: reading, changing, disabling, deleting, rotating its secret, pinging."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.contract.document import located
from conformance.errors import BlockedError, InapplicableError, UntestableError
from conformance.http.polling import until
from conformance.observations.next_page import in_small_pages
from conformance.observations.page_walk import pages
from conformance.requests.identifiers import objects_shown
from conformance.schemas.composition import declared_names, properties

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.contract.vocabulary import Subscription
    from conformance.http.messages import Reply, Request
    from conformance.requests.arrangement import Arranger
    from conformance.webhooks.occurrences import Occurrence
    from conformance.webhooks.subscriptions import Registration, Subscriber

METHOD_ORDER = ("GET", "POST", "PATCH", "PUT")


@dataclass(frozen=True, kw_only=True)
class Registrations:
    """Carries out the operations that the contract has for a receiver (x-subscription), as its owner.

    Raises InapplicableError where the contract lacks the operation or member.
    """

    contract: Contract
    arranger: Arranger
    subscriber: Subscriber

    @property
    def subscription(self) -> Subscription:
        return self.subscriber.subscription

    def read_member(self, hook: Registration, pointer: str) -> Any:
        """The value at the pointer, as its owner reads the receiver now, be it in an envelope."""
        shown = self.read(hook).json
        found = (located(each, pointer) for each in (shown, *objects_shown(shown)))
        return next((value for value in found if value is not None), None)

    def read(self, hook: Registration) -> Reply:
        """The receiver as its owner reads it now."""
        return hook.account.send(self._request(self._reading(), hook), "control")

    def change_member(self, hook: Registration, pointer: str, value: Any) -> Reply:
        """The reply to a change of one member."""
        operation = self._operation(self.subscription.update, "changes a registered receiver (update)")
        request = self._request(operation, hook)
        kept = self._current_members(operation, hook) if operation.method == "PUT" else {}
        return hook.account.send(request.with_json({**kept, pointer.strip("/"): value}))

    def require_change(self, hook: Registration, pointer: str, value: Any) -> None:
        """Changes one member. Raises BlockedError if that is refused."""
        self._require_success(self.change_member(hook, pointer, value))

    def move(self, hook: Registration, url: str) -> Reply:
        return self.change_member(hook, self.subscription.url, url)

    def move_to_new_endpoint(self, hook: Registration) -> Registration:
        """The registration after its URL was changed to a new endpoint. Raises BlockedError if that is refused."""
        endpoint = self.subscriber.receiver.open("/moved")
        self._require_success(self.move(hook, endpoint.url))
        return replace(hook, endpoint=endpoint)

    def disable(self, hook: Registration) -> None:
        self._switch(hook, on=False)

    def enable(self, hook: Registration) -> None:
        self._switch(hook, on=True)

    def pause(self, hook: Registration) -> None:
        """Disables the receiver, and enables it."""
        self.disable(hook)
        self.enable(hook)

    def _switch(self, hook: Registration, *, on: bool) -> None:
        if not self.subscription.enabled:
            raise InapplicableError("the contract has no member that disables a receiver (x-subscription, enabled)")
        self._require_success(self.change_member(hook, self.subscription.enabled, on))

    def disabled(self, hook: Registration, *, within: float) -> bool:
        """Whether its owner sees the receiver disabled within so many seconds."""
        pointer = self.subscription.enabled
        if not pointer:
            raise InapplicableError("the contract has no member that shows whether a receiver is enabled")
        return until(lambda: self.read_member(hook, pointer), lambda value: value is False, within=within) is False

    def delete(self, hook: Registration) -> None:
        operation = next((known for known in self._operations_on_receiver() if known.method == "DELETE"), None)
        if operation is None:
            raise InapplicableError("the contract has no operation that deletes a registered receiver")
        self._require_success(hook.account.send(self._request(operation, hook)))

    def end(self, hook: Registration, ending: str) -> None:
        """Ends deliveries to the receiver: `ending` is "disabling" or "deleting"."""
        {"disabling": self.disable, "deleting": self.delete}[ending](hook)

    def rotate_secret(self, hook: Registration) -> Registration:
        """The registration with a new secret. Raises BlockedError if the rotation is refused."""
        if not self.subscription.secret:
            raise InapplicableError("the contract does not say where a secret is shown (x-subscription, secret)")
        operation = self._operation(self.subscription.rotate, "rotates a secret (rotate)")
        reply = self._require_success(hook.account.send(self._request(operation, hook)))
        keyid = self.subscriber.text_at(reply, self.subscription.keyid)
        return replace(hook, secret=self.subscriber.secret(reply), keyid=keyid, reply=reply)

    def public_keys(self, hook: Registration) -> set[Any]:
        """The public keys that the last answer about the registration, and what is read of it now, show."""
        pointer = self.subscription.public_key
        if not pointer:
            raise InapplicableError(
                "the contract does not say where a public key is shown (x-subscription, public-key)"
            )
        return {value for reply in (hook.reply, self.read(hook)) if (value := located(reply.json, pointer)) is not None}

    def ping(self, hook: Registration) -> Occurrence:
        """The occurrence of a ping of the receiver. Raises BlockedError if the ping is refused."""
        operation = self._operation(self.subscription.ping, "pings a receiver (ping)")
        event = next((known for known in self.contract.events if known.name in operation.emits), None)
        if event is None:
            raise UntestableError(f"nothing says what {operation.id} emits. Name the message under x-emits.")
        return self.subscriber.trigger(hook, event)

    def shows_secret(self, operation: Operation) -> bool:
        """The contract declares that an answer of the operation holds a member of the secret's name."""
        name = self.subscription.secret.rpartition("/")[2]
        contents = (content for answer in operation.answers for content in answer.content.values())
        schemas = (content.get("schema", {}) for content in contents)
        return bool(name) and any(name in declared_names(self.contract.document, schema) for schema in schemas)

    def replies_about(self, hook: Registration) -> list[Reply]:
        """The replies of every operation that lists, reads or acts upon the receiver, but rotation and deletion.

        The list is read in pages as small as can be.
        """
        listing = self.contract.at("GET", self.contract.operation(self.subscription.operation).path)
        others = [known for known in self._operations_on_receiver() if known.method in METHOD_ORDER]
        others = [known for known in others if known.id != self.subscription.rotate and not self.shows_secret(known)]
        others.sort(key=lambda known: METHOD_ORDER.index(known.method))
        listing = None if listing and self.shows_secret(listing) else listing
        listed = pages(hook.account, in_small_pages(listing, self._request(listing, hook))) if listing else ()
        if not (listing or others):
            raise InapplicableError("the contract declares the signing secret in all that shows a receiver")
        return [*listed, *(hook.account.send(self._request(operation, hook)) for operation in others)]

    def _operations_on_receiver(self) -> list[Operation]:
        """The operations that address a registered receiver."""
        producers = {known.id: self.arranger.producer(known) for known in self.contract.operations if known.addressed}
        registering = self.subscription.operation
        found = [name for name, producer in producers.items() if producer and producer.operation.id == registering]
        return [self.contract.operation(name) for name in found]

    def _reading(self) -> Operation:
        reading = (known for known in self._operations_on_receiver() if known.method == "GET")
        found = min(reading, key=lambda known: len(known.path), default=None)
        if found is None:
            raise InapplicableError("the contract has no operation that reads a registered receiver")
        return found

    def _operation(self, identifier: str, words: str) -> Operation:
        if not identifier:
            raise InapplicableError(f"the contract names no operation that {words} under x-subscription")
        return self.contract.operation(identifier)

    def _request(self, operation: Operation, hook: Registration) -> Request:
        parameters = {name: hook.parameters[name] for name in operation.path_parameters}
        return self.arranger.request_with(operation, parameters)

    def _current_members(self, operation: Operation, hook: Registration) -> dict[str, Any]:
        """The present members, for a change that replaces all of them (PUT)."""
        shown = hook.account.send(self._request(self._reading(), hook), "control").json
        known = properties(self.contract.document, operation.body_schema)
        return {name: value for name, value in (shown or {}).items() if name in known}

    def _require_success(self, reply: Reply) -> Reply:
        if not self.contract.operation(reply.request.operation).succeeded(reply.status):
            raise BlockedError(f"{reply.request.operation} answered {reply.status} to a valid request of the owner.")
        return reply
