"""Steps of a journey that receive an event at the suite's receiver (`action: receive`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.contract.arazzo.runtime_expressions import evaluated, looked_up
from conformance.http.polling import ALLOWANCE
from conformance.journeys.failures import StepFailedError, unmet
from conformance.signatures.registered_keys import Keys
from conformance.signatures.verification import Signatures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.arazzo.workflow import Step
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply
    from conformance.servers.webhook_receiver import Delivery, Endpoint
    from conformance.webhooks.subscriptions import Subscriber


@dataclass(frozen=True, kw_only=True)
class ReceivedEvents:
    """The events at the endpoint of a journey, and the secrets by which their deliveries are verified."""

    subscriber: Subscriber
    endpoint: Endpoint
    secrets: list[str] = field(default_factory=list)

    def learn_secret(self, operation: Operation, reply: Reply) -> None:
        """Keeps the signing secret, if this is the reply to a registration or a rotation that shows it."""
        subscription = self.subscriber.contract.subscription
        if subscription is None or not subscription.secret or not operation.succeeded(reply.status):
            return
        if operation.id in {subscription.operation, subscription.rotate}:
            self.secrets.append(self.subscriber.secret(reply))

    def wait_for(self, step: Step, scope: Mapping[str, Any], within: float) -> dict[str, Any]:
        """The first correlated message that meets the criteria of the step, as expressions see it.

        Raises StepFailedError if none comes within so many seconds, or if its signature is wrong.
        """

        def fits(delivery: Delivery) -> bool:
            return _belongs(delivery, step, scope) and not unmet(step.criteria, {**scope, "message": message(delivery)})

        found = self.endpoint.wait(fits, within=within + ALLOWANCE)
        if not found:
            raise StepFailedError(step, expected=_expected(step, scope, within), observed=self._observed(step, scope))
        if not self._signed(found[0]):
            raise StepFailedError(
                step, expected="a signature that the secret of the receiver verifies", observed=repr(found[0])
            )
        return message(found[0])

    def _signed(self, delivery: Delivery) -> bool:
        """Whether a known secret verifies the delivery; true where the contract declares no signature."""
        scheme = self.subscriber.contract.events.signature
        if scheme is None or not self.secrets:
            return True
        signatures = Signatures(scheme)
        known = (Keys(secret=secret) for secret in self.secrets)
        return any(signatures.accepts(keys, delivery, now=delivery.arrived) for keys in known)

    def _observed(self, step: Step, scope: Mapping[str, Any]) -> str:
        """A description of what arrived instead."""
        arrived = tuple(self.endpoint.received)
        belonging = [delivery for delivery in arrived if _belongs(delivery, step, scope)]
        if not belonging:
            return f"{len(arrived)} deliveries, none of it"
        context = {**scope, "message": message(belonging[-1])}
        criterion = unmet(step.criteria, context)
        return (
            f"{len(belonging)} deliveries of it, of the last {criterion.seen(context) if criterion else belonging[-1]}"
        )


def _expected(step: Step, scope: Mapping[str, Any], within: float) -> str:
    demands = [criterion.words for criterion in step.criteria]
    if step.correlation is not None:
        demands.insert(0, f"correlated by {evaluated(step.correlation, scope)}")
    return f"a message within {within:g} s, {', '.join(demands)}".rstrip(", ")


def _belongs(delivery: Delivery, step: Step, scope: Mapping[str, Any]) -> bool:
    """Whether the message holds the correlation id of the step, if that has one."""
    if step.correlation is None:
        return True
    wanted, context = evaluated(step.correlation, scope), {"message": message(delivery)}
    return any(looked_up(location, context) == wanted for location in step.locations)


def message(delivery: Delivery) -> dict[str, Any]:
    """A delivery as runtime expressions see it (`$message`); header names in lower case."""
    return {"header": delivery.headers, "payload": delivery.payload, "body": delivery.payload}
