"""Registering receivers and triggering events, as the contract describes both (x-subscription, x-emits)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from conformance.contract.document import follow, located
from conformance.errors import BlockedError, InapplicableError, UntestableError
from conformance.schemas.direction import for_answers
from conformance.signatures.verification import Signatures
from conformance.webhooks.occurrences import EventForm, Occurrence, identifying_texts
from conformance.webhooks.waits import Waits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.messages import Event
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.contract.vocabulary import Subscription
    from conformance.http.messages import Reply, Request
    from conformance.http.redaction import Redaction
    from conformance.identity.accounts import Account
    from conformance.requests.arrangement import Arranger
    from conformance.servers.webhook_receiver import Delivery, Endpoint, Receiver

FORBIDDEN = {401, 403}  # refusals of who asks, rather than of the address


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A registered receiver: its endpoint, its keys ("" where there is none) and its path parameters."""

    account: Account
    endpoint: Endpoint
    secret: str
    keyid: str = ""
    public_key: str = ""
    parameters: Mapping[str, str]
    reply: Reply


@dataclass(kw_only=True)
class Subscriber:
    """Registers receivers at the target and triggers events, each as an account."""

    contract: Contract
    arranger: Arranger
    receiver: Receiver
    redaction: Redaction
    job_bound: float  # seconds
    waits: Waits = field(default_factory=Waits)
    _validators: dict[str, Any] = field(default_factory=dict)

    @property
    def subscription(self) -> Subscription:
        """How receivers are registered (x-subscription). Raises InapplicableError if the contract does not say."""
        if self.contract.subscription is None:
            raise InapplicableError("the contract has no operation that registers a receiver (x-subscription)")
        return self.contract.subscription

    @property
    def signatures(self) -> Signatures:
        """The verifier of the declared signature scheme. Raises InapplicableError if there is none (x-signature)."""
        if self.contract.events.signature is None:
            raise InapplicableError("the contract does not say how deliveries are signed (x-signature)")
        return Signatures(self.contract.events.signature)

    def request(self, *, url: str, events: list[str] | None = None, **members: Any) -> Request:
        """A request that registers this URL for these events, by default for all that can be subscribed to."""
        subscription = self.subscription
        request = self.arranger.request_with(self.contract.operation(subscription.operation), {})
        chosen: dict[str, Any] = {subscription.url.strip("/"): url}
        if subscription.events:
            chosen[subscription.events.strip("/")] = self.subscribable if events is None else events
        if subscription.chosen_secret:
            chosen[subscription.chosen_secret.strip("/")] = self._new_secret()
        return request.with_members(**{**chosen, **members})

    def _new_secret(self) -> str:
        scheme = self.contract.events.signature
        return self.redaction.learn(Signatures(scheme).new_secret() if scheme else secrets.token_hex(20))

    def register(
        self,
        account: Account,
        *,
        events: list[str] | None = None,
        suffix: str = "/hook",
        endpoint: Endpoint | None = None,
        label: str = "arrangement",
    ) -> Registration:
        """Registers an endpoint of the suite's receiver, by default a new one. Raises BlockedError if refused."""
        endpoint = endpoint or self.receiver.open(suffix)
        operation = self.contract.operation(self.subscription.operation)
        request = self.request(url=endpoint.url, events=events)
        reply = account.send(request, label)
        if not operation.succeeded(reply.status):
            may = f"Let {account.name} register receivers, and the" if reply.status in FORBIDDEN else "Let the"
            raise BlockedError(
                f"the suite's receiver could not be registered: {operation.id} answered {reply.status} for "
                f"{self.receiver.url}. {may} target call exactly this host and port, or set [receiver] url.",
                blame="configuration",
            )
        return self.registration(account, endpoint, reply)

    def registration(self, account: Account, endpoint: Endpoint, reply: Reply) -> Registration:
        """The registration that an accepted request has made."""
        operation = self.contract.operation(self.subscription.operation)
        return Registration(
            account=account,
            endpoint=endpoint,
            secret=self.secret(reply),
            keyid=self.text_at(reply, self.subscription.keyid),
            public_key=self.text_at(reply, self.subscription.public_key),
            parameters=self._parameters(operation, reply, account),
            reply=reply,
        )

    def secret(self, reply: Reply) -> str:
        """The signing secret in the reply to a registration or a rotation, else as it was chosen; "" where none is."""
        if self.subscription.chosen_secret and not self.subscription.secret:
            return str(reply.request.json.get(self.subscription.chosen_secret.strip("/"), ""))
        return self.redaction.learn(self.text_at(reply, self.subscription.secret))

    def text_at(self, reply: Reply, pointer: str) -> str:
        """The string at the pointer; "" without a pointer. Raises BlockedError if there is no string."""
        value = located(reply.json, pointer) if pointer else ""
        if not isinstance(value, str):
            raise BlockedError(f"the reply has no text at {pointer}, where the contract has a key (x-subscription).")
        return value

    @property
    def subscribable(self) -> list[str]:
        """The event names that a registration may ask for, as the schema of its body says."""
        named = self._resolved(self._events_schema.get("items", {})).get("enum")
        return list(named or [event.name for event in self.contract.events])

    def permits_events(self, events: Any) -> bool:
        """Whether the schema of a registration permits this as its list of event names."""
        document = self.contract.document
        definitions = {key: document[key] for key in ("x-gathered", "components") if key in document}
        return jsonschema_rs.Draft202012Validator({**self._events_schema, **definitions}).is_valid(events)

    @property
    def _events_schema(self) -> Mapping[str, Any]:
        """The schema of the member that names events; empty if a registration has none."""
        schema = self._resolved(self.contract.operation(self.subscription.operation).body_schema)
        return self._resolved(schema.get("properties", {}).get(self.subscription.events.strip("/"), {}))

    def trigger(self, hook: Registration, event: Event | None = None, operation: Operation | None = None) -> Occurrence:
        """Triggers the event, by default the simplest, as the owner of the receiver, to which it must be delivered.

        The operation is the one that emits it, or of several the one that is easiest to ask for.
        """
        event = event or self.simplest_event
        operation = operation or self.emitter(event)
        if operation.id == self.subscription.ping:
            return self.trigger_request(hook.account, self.arranger.request_with(operation, hook.parameters), event)
        return self.trigger_operation(hook.account, operation, event)

    def trigger_changes(self, hook: Registration, count: int) -> list[Occurrence]:
        """Triggers `count` events of change of one object, one after the other."""
        return list(self.changes(hook, count))

    def changes(self, hook: Registration, count: int) -> Iterator[Occurrence]:
        """Events of change of one object, each triggered when it is asked for."""
        changing = [known for known in self.contract.operations if known.method in {"PATCH", "PUT"}]
        pairs = [(known, event) for known in changing for event in self.contract.events if event.name in known.emits]
        if not pairs:
            raise InapplicableError("no operation emits an event when it changes a thing (x-emits)")
        operation, event = pairs[0]
        thing = self.arranger.object_for(operation, hook.account)
        for _ in range(count):
            yield self.trigger_request(hook.account, self.arranger.request(operation, hook.account, thing), event)

    def trigger_with_text(self, hook: Registration, text: str) -> Occurrence:
        """Triggers the simplest event about an object that holds this text."""
        event = self.simplest_event
        request = self.arranger.request(self.emitter(event), hook.account)
        return self.trigger_request(hook.account, self.arranger.bodies.with_text(request, text), event)

    def trigger_operation(self, account: Account, operation: Operation, event: Event) -> Occurrence:
        """Triggers the event by a new request for the operation that emits it."""
        request = self.arranger.request(operation, account)
        return self.trigger_request(account, request, event)

    def trigger_request(self, account: Account, request: Request, event: Event) -> Occurrence:
        """Triggers the event by this request. Raises BlockedError if the request is refused."""
        operation = self.contract.operation(request.operation)
        reply = account.send(request, "control")
        if not operation.succeeded(reply.status):
            raise BlockedError(f"{operation.id} answered {reply.status} to {account.name}; {event.name} cannot follow.")
        return self.occurrence(request, reply, event)

    def occurrence(self, request: Request, reply: Reply, event: Event) -> Occurrence:
        operation = self.contract.operation(request.operation)
        job = operation.job
        return Occurrence(
            event=event,
            reply=reply,
            identifying_texts=self._job_tokens(request, reply) if job else identifying_texts(operation, request, reply),
            form=self.form(event),
            delay=self.job_bound if job else 0.0,
        )

    def _job_tokens(self, request: Request, reply: Reply) -> tuple[str, ...]:
        """What identifies the job; after a refused request the marker alone."""
        return tuple(filter(None, [self.arranger.marker_of(reply) if reply.success else request.marker]))

    def event_id(self, delivery: Delivery) -> str:
        """What identifies the event: its CloudEvents id, else the id of the delivery, else the whole body."""
        scheme = self.contract.events.signature
        identifier = Signatures(scheme).id(delivery) if scheme else ""
        return cloud_event_id(delivery) or identifier or delivery.body.decode("utf-8", "replace")

    def emitter(self, event: Event) -> Operation:
        """The operation that emits the event, preferably one that creates an object. Raises UntestableError if none."""
        found = [operation for operation in self.contract.operations if event.name in operation.emits]
        if not found:
            raise UntestableError(f"no operation is known to emit {event.name}. Name it under x-emits.")
        return min(found, key=lambda operation: (operation.addressed, operation.path))

    @property
    def simplest_event(self) -> Event:
        """The event that is simplest to trigger and can be subscribed to. Raises InapplicableError without one."""
        known = [event for event in self.contract.events if event.name in self.subscribable]
        names = frozenset().union(*(operation.emits for operation in self.contract.operations))
        emitted = [event for event in known if event.name in names]
        if not emitted:
            raise InapplicableError("no operation emits an event that can be subscribed to (x-emits)")
        return min(emitted, key=lambda event: self.emitter(event).addressed)

    def form(self, event: Event) -> EventForm:
        """How deliveries of the event are told from those of others."""
        names = frozenset(known.name for known in self.contract.events)
        return EventForm(name=event.name, names=names, validator=self.validator(event))

    def validator(self, event: Event) -> Any:
        """The validator for payloads of the event."""
        if event.name not in self._validators:
            schema = for_answers(self.contract.events.document, {**event.payload, **self._definitions})
            self._validators[event.name] = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        return self._validators[event.name]

    def payload_errors(self, event: Event, delivery: Delivery) -> list[str]:
        """The errors of the payload by the schema of the message."""
        return [error.message for error in self.validator(event).iter_errors(delivery.payload)]

    def header_errors(self, event: Event, delivery: Delivery) -> list[str]:
        """The errors of the headers by the schema of the message."""
        validator = jsonschema_rs.Draft202012Validator(self.header_schema(event), validate_formats=True)
        return [error.message for error in validator.iter_errors(dict(delivery.headers))]

    def header_schema(self, event: Event) -> dict[str, Any]:
        """The schema of the message's headers with their names in lower case."""
        schema = follow(self.contract.events.document, event.headers)
        declared = {name.lower(): member for name, member in schema.get("properties", {}).items()}
        required = [name.lower() for name in schema.get("required", [])]
        return {**schema, "properties": declared, "required": required, **self._definitions}

    @property
    def _definitions(self) -> dict[str, Any]:
        """The definitions to which the schemas of messages refer."""
        document = self.contract.events.document
        return {key: document[key] for key in ("x-gathered", "components") if key in document}

    def _parameters(self, operation: Operation, reply: Reply, account: Account) -> dict[str, str]:
        """The path parameters that address the registered receiver."""
        consumers = [known for known in self.contract.operations if known.addressed]
        for consumer in consumers:
            producer = self.arranger.producer(consumer)
            if producer is not None and producer.operation.id == operation.id:
                return self.arranger.parameters(producer, consumer, reply, account)
        return {}

    def _resolved(self, schema: Any) -> Mapping[str, Any]:
        found = self.contract.schema(schema)
        return found if isinstance(found, dict) else {}


def cloud_event_id(delivery: Delivery) -> str:
    """The id of an event in CloudEvents 1.0 format, which is unique within its source; "" in other formats."""
    payload = delivery.payload if isinstance(delivery.payload, dict) else {}
    members = [payload.get(name) for name in ("specversion", "source", "id")]
    return str(payload["id"]) if all(isinstance(member, str) and member for member in members) else ""
