"""Findings about the webhook receiver: whether the target registers it and calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.doctor.findings import defective, fine, misconfigured, skipped
from conformance.doctor.probes import client_at, loopback
from conformance.errors import BlockedError
from conformance.http.messages import Request
from conformance.webhooks.registrations import Registrations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.operation import Operation
    from conformance.doctor.findings import Finding
    from conformance.doctor.probes import ProbedTarget
    from conformance.harness import Harness
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account
    from conformance.webhooks.subscriptions import Registration

SUBJECT, PLACE = "receiver", "[receiver]"
SHORT = 120  # characters of an answer


def receiver(target: ProbedTarget, *, accounts: list[Account]) -> Iterator[Finding]:
    """Whether a receiver can be registered, and the delivery of an event arrives."""
    harness = target.harness
    obstacle = _obstacle(harness)
    if obstacle:
        yield skipped(SUBJECT, obstacle)
        return
    account = _able(accounts, _registering(harness))
    if account is None:
        yield skipped(SUBJECT, f"no identity has the credentials and the scopes for {_registering(harness).id}")
        return
    endpoint = harness.receiver.open("/doctor")
    request = harness.subscriber.request(url=endpoint.url)
    reply = account.send(request, "arrangement")
    if not reply.success:
        yield _refused(harness, reply)
        return
    _cause(harness, harness.subscriber.registration(account, endpoint, reply))
    if endpoint.wait(bool, within=harness.bounds.event):
        yield fine(SUBJECT, f"{harness.receiver.url} was registered and called")
    else:
        yield _missed(harness)


def _obstacle(harness: Harness) -> str:
    """Why it cannot be tried; "" if it can."""
    subscription = harness.contract.subscription
    if subscription is None:
        return "the contract registers none (x-subscription)"
    if subscription.operation in harness.configuration.target.never_call:
        return f"{subscription.operation} is listed under never-call in [target]"
    if harness.configuration.receiver is None and not _announced(harness):
        return "there is no [receiver] in the configuration"
    return ""


def _registering(harness: Harness) -> Operation:
    return harness.contract.operation(harness.subscriber.subscription.operation)


def _able(accounts: list[Account], operation: Operation) -> Account | None:
    return next(
        (each for each in accounts if operation.scopes <= each.scopes and each.has_credentials_for(operation)), None
    )


def _cause(harness: Harness, hook: Registration) -> None:
    """Pings the receiver if the contract can, else triggers the simplest event."""
    if harness.subscriber.subscription.ping:
        registrations = Registrations(
            contract=harness.contract, arranger=harness.arranger, subscriber=harness.subscriber
        )
        registrations.ping(hook)
    else:
        harness.subscriber.trigger(hook)


def _refused(harness: Harness, reply: Reply) -> Finding:
    said = reply.member("detail") or reply.member("title") or reply.text[:SHORT]
    message = f"{reply.request.operation} answered {reply.status} for {harness.receiver.url} ({said})."
    if reply.status >= 500:
        return defective(SUBJECT, f"{message} Mend the target.")
    remedy = "Let the target call exactly this host and port, or set `url` under [receiver]."
    return misconfigured(SUBJECT, f"{message} {remedy}", place=PLACE)


def _missed(harness: Harness) -> Finding:
    url, port = harness.receiver.url, harness.receiver.port
    message = f"{url} was registered, but nothing came within {harness.bounds.event:g} s."
    remedy = f"Name as `url` under [receiver] an address that leads to port {port} of this machine."
    if loopback(url) and not loopback(harness.client.url):
        return misconfigured(SUBJECT, f"{message} The target is on another machine. {remedy}", place=PLACE)
    if _announced(harness) and not _leads_here(harness):
        return misconfigured(SUBJECT, f"{message} Nor does it lead to the receiver from here. {remedy}", place=PLACE)
    return defective(SUBJECT, f"{message} Can the target reach it? If not, open the way; if so, it does not deliver.")


def _announced(harness: Harness) -> bool:
    """Whether the receiver is known by another URL than that at which it listens."""
    return not (loopback(harness.receiver.url) and harness.receiver.url.endswith(f":{harness.receiver.port}"))


def _leads_here(harness: Harness) -> bool:
    endpoint = harness.receiver.open("/doctor")
    origin, _, path = endpoint.url.partition("//")[2].partition("/")
    client = client_at(harness, f"{harness.receiver.url.partition('//')[0]}//{origin}")
    try:
        client.exchange(Request(method="POST", path=f"/{path}", body=b"{}"))
    except BlockedError:
        return False
    return bool(endpoint.received)
