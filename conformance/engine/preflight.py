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
    location = urljoin(reply.url, reply.header("Location"))
    if 300 <= reply.status < 400 and urlsplit(location).netloc != urlsplit(reply.url).netloc:
        return f"{reply.url} redirects to {location}. If that is the target, give its URL instead."
    if _pointless(session):
        return (
            f"{session.client.url} answers 2xx to everything, even to paths that are not in the contract and without "
            "credentials, so its answers prove nothing. Is it a stand-in, or a proxy in front of the target?"
        )
    return ""


def _pointless(session: Session) -> bool:
    """A path that nobody declares and a protected operation without credentials are both answered 2xx."""
    stray = session.client.exchange(Request(method="GET", path=f"/{secrets.token_hex(8)}/{secrets.token_hex(8)}"))
    guarded = next((known for known in _plain(session) if known.secured), None)
    if guarded is None or not stray.success:
        return False
    return session.client.exchange(session.arranger.addressing(guarded, {})).success


def _identities(session: Session, accounts: list[Account]) -> str:
    _insist_on_difference(accounts, session)
    for account in accounts:
        reply = _harmless(session, account)
        if reply is None:
            continue
        if reply.status >= 500:
            return f"{reply.request.method} {reply.url} answers {reply.status} to a harmless request. Mend the target first."
        if reply.status in {401, 403}:
            raise ConfigurationError(_refused(account, reply))
        if reply.media_type == "text/html":
            return f"{reply.url} answers HTML, where the contract declares JSON. Is this the URL of the API?"
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
                    f"[identities.{account.name}] and [identities.{seen[credential]}] have the same credential, so they "
                    "are one principal. Give each its own.",
                )


def _credential(account: Account, operation: Operation) -> str:
    request = Request(method=operation.method, path=operation.path, operation=operation.id)
    try:
        return account.authorised(request).header("Authorization") if operation.secured else ""
    except UntestableError:
        return ""
