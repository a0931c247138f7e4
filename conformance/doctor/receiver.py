"""Whether the target reaches the suite's webhook receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.doctor.findings import defective, fine, misconfigured, untried
from conformance.doctor.probes import client_at, loopback
from conformance.errors import BlockedError
from conformance.http.messages import Request
from conformance.webhooks.registrations import Registrations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.operation import Operation
    from conformance.doctor.findings import Finding
    from conformance.doctor.probes import Patient
    from conformance.harness import Harness
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account
    from conformance.webhooks.subscriptions import Registration

SUBJECT, PLACE = "receiver", "[receiver]"
SHORT = 120  # characters of an answer


def receiver(patient: Patient, *, accounts: list[Account]) -> Iterator[Finding]:
    """A receiver is registered, something is made to happen, and the delivery arrives."""
    session = patient.session
    obstacle = _obstacle(session)
    if obstacle:
        yield untried(SUBJECT, obstacle)
        return
    account = _able(accounts, _registering(session))
    if account is None:
        yield untried(SUBJECT, f"no identity has the credentials and the scopes for {_registering(session).id}")
        return
    endpoint = session.receiver.open("/doctor")
    request = session.subscriber.request(url=endpoint.url)
    reply = account.send(request, "arrangement")
    if not reply.success:
        yield _refused(session, reply)
        return
    _cause(session, session.subscriber.registration(account, endpoint, request, reply))
    if endpoint.wait(bool, within=session.bounds.event):
        yield fine(SUBJECT, f"{session.receiver.url} was registered and called")
    else:
        yield _missed(session)


def _obstacle(session: Harness) -> str:
    """Why it cannot be tried; empty if it can."""
    subscription = session.contract.subscription
    if subscription is None:
        return "the contract registers none (x-subscription)"
    if subscription.operation in session.configuration.target.never_call:
        return f"{subscription.operation} is listed under never-call in [target]"
    if session.configuration.receiver is None and not _announced(session):
        return "there is no [receiver] in the configuration"
    return ""


def _registering(session: Harness) -> Operation:
    return session.contract.operation(session.subscriber.subscription.operation)


def _able(accounts: list[Account], operation: Operation) -> Account | None:
    return next((each for each in accounts if operation.scopes <= each.scopes and each.able(operation)), None)


def _cause(session: Harness, hook: Registration) -> None:
    """A ping where the contract has one, else the plainest event."""
    if session.subscriber.subscription.ping:
        registrations = Registrations(
            contract=session.contract, arranger=session.arranger, subscriber=session.subscriber
        )
        registrations.ping(hook)
    else:
        session.subscriber.happen(hook)


def _refused(session: Harness, reply: Reply) -> Finding:
    said = reply.member("detail") or reply.member("title") or reply.text[:SHORT]
    told = f"{reply.request.operation} answered {reply.status} for {session.receiver.url} ({said})."
    if reply.status >= 500:
        return defective(SUBJECT, f"{told} Mend the target.")
    remedy = "Let the target call exactly this host and port, or set `url` under [receiver]."
    return misconfigured(SUBJECT, f"{told} {remedy}", place=PLACE)


def _missed(session: Harness) -> Finding:
    url, port = session.receiver.url, session.receiver.port
    told = f"{url} was registered, but nothing came within {session.bounds.event:g} s."
    remedy = f"Name as `url` under [receiver] an address that leads to port {port} of this machine."
    if loopback(url) and not loopback(session.client.url):
        return misconfigured(SUBJECT, f"{told} The target is on another machine. {remedy}", place=PLACE)
    if _announced(session) and not _leads_here(session):
        return misconfigured(SUBJECT, f"{told} Nor does it lead to the receiver from here. {remedy}", place=PLACE)
    return defective(SUBJECT, f"{told} Can the target reach it? If not, open the way; if so, it does not deliver.")


def _announced(session: Harness) -> bool:
    """The receiver is known by another address than the one where it listens."""
    return not (loopback(session.receiver.url) and session.receiver.url.endswith(f":{session.receiver.port}"))


def _leads_here(session: Harness) -> bool:
    endpoint = session.receiver.open("/doctor")
    origin, _, path = endpoint.url.partition("//")[2].partition("/")
    client = client_at(session, f"{session.receiver.url.partition('//')[0]}//{origin}")
    try:
        client.exchange(Request(method="POST", path=f"/{path}", body=b"{}"))
    except BlockedError:
        return False
    return bool(endpoint.received)
