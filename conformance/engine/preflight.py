"""A first look at the target: can it be judged at all, and are the identities what they are said to be?"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from conformance.target.errors import BlockedError, ConfigurationError, UntestableError
from conformance.target.messages import Request

if TYPE_CHECKING:
    from conformance.contract.operation import Operation
    from conformance.engine.session import Session
    from conformance.instruments.identities import Account
    from conformance.target.messages import Reply


def preflight(session: Session) -> str:
    """Why the target cannot be judged, in a sentence; empty if it can.

    Raises ConfigurationError where an identity is to blame.
    """
    accounts = [session.actors.account(identity) for identity in session.configuration.identities]
    try:
        return _target(session) or _identities(session, accounts)
    except BlockedError as error:
        if error.blame == "configuration":
            raise ConfigurationError(str(error)) from error
        return str(error)


def _target(session: Session) -> str:
    """What is wrong with the target as such."""
    reply = session.client.exchange(Request(method="GET", path=_first_path(session), headers=(("Accept", "*/*"),)))
    elsewhere = _elsewhere(reply)
    if elsewhere:
        return f"{reply.url} redirects to {elsewhere}. If that is the target, give its URL instead."
    stray = session.client.exchange(Request(method="GET", path=f"/{secrets.token_hex(8)}/{secrets.token_hex(8)}"))
    if reply.status >= 500 and stray.status >= 500:
        return f"{session.client.url} answers {reply.status} to everything. Mend the target or its proxy first."
    if stray.success and _unguarded(session):
        if stray.media_type == "text/html":
            return f"{session.client.url} answers HTML to everything. Is this the URL of the API?"
        return (
            f"{session.client.url} answers 2xx to everything, even to paths that are not in the contract and without "
            "credentials, so its answers prove nothing. Is it a stand-in, or a proxy in front of the target?"
        )
    return ""


def _elsewhere(reply: Reply) -> str:
    """Where on another host the reply redirects to; empty if it does not."""
    location = reply.header("Location") if 300 <= reply.status < 400 else ""
    try:
        host = urlsplit(urljoin(reply.url, location)).netloc
    except ValueError:
        return location
    return location if host != urlsplit(reply.url).netloc else ""


def _unguarded(session: Session) -> bool:
    """A protected operation is answered 2xx without credentials."""
    guarded = next((known for known in _plain(session) if known.secured), None)
    return guarded is not None and session.client.exchange(session.arranger.addressing(guarded, {})).success


def _identities(session: Session, accounts: list[Account]) -> str:
    _insist_on_difference(accounts, session)
    for account in accounts:
        reply = _harmless(session, account)
        if reply is None:
            continue
        if reply.status in {401, 403}:
            raise ConfigurationError(_refused(account, reply))
        unsound = _unsound(reply, session.contract.operation(reply.request.operation))
        if unsound:
            return unsound
    return ""


def _unsound(reply: Reply, operation: Operation) -> str:
    """Why the reply to a harmless request cannot be the API's; empty if it can."""
    asked, declared = f"{reply.request.method} {reply.url}", operation.answer(reply.status)
    if reply.status >= 500:
        return f"{asked} answers {reply.status} to a harmless request. Mend the target first."
    if reply.media_type == "text/html" and (declared is None or "text/html" not in declared.content):
        return f"{asked} answers HTML, which the contract does not declare. Is this the URL of the API?"
    if declared is None and (reply.status in {404, 405, 410} or 300 <= reply.status < 400):
        return f"{asked} answers {reply.status}, which the contract does not declare. Is this the URL of the API?"
    return ""


def _harmless(session: Session, account: Account) -> Reply | None:
    """The reply to a plain reading that the account must be able to do; None if there is none."""
    for operation in _plain(session):
        if operation.secured and operation.scopes <= account.scopes and account.able(operation):
            return account.send(session.arranger.addressing(operation, {}), "control")
    return None


def _plain(session: Session) -> list[Operation]:
    """Readings without path parameters."""
    never = session.configuration.target.never_call
    known = session.contract.operations
    return [each for each in known if each.method == "GET" and not each.addressed and each.id not in never]


def _first_path(session: Session) -> str:
    plain = _plain(session)
    return session.configuration.target.ready or (plain[0].path if plain else "/")


def _refused(account: Account, reply: Reply) -> str:
    why = "its credentials are not accepted" if reply.status == 401 else "it may not do this"
    return (
        f"[identities.{account.name}]: {reply.request.method} {reply.url} answered {reply.status}, so {why}. "
        "Give it a valid token that holds every scope of the contract, or name under `scopes` those that it has."
    )


def _insist_on_difference(accounts: list[Account], session: Session) -> None:
    """Two principals with one credential would make every question of ownership pass."""
    seen: dict[str, str] = {}
    for account in accounts:
        for operation in _plain(session)[:8]:
            credential = _credential(account, operation)
            if credential and seen.setdefault(credential, account.name) != account.name:
                raise ConfigurationError(
                    f"[identities.{account.name}] and [identities.{seen[credential]}] have the same credential, so "
                    "they are one principal. Give each its own.",
                )


def _credential(account: Account, operation: Operation) -> str:
    request = Request(method=operation.method, path=operation.path, operation=operation.id)
    try:
        return account.authorised(request).header("Authorization") if operation.secured else ""
    except UntestableError:
        return ""
