"""Taking an access token back at the revocation endpoint (RFC 7009), as the client that it was issued to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import BlockedError, InapplicableError
from conformance.http.messages import Request
from conformance.identity.credential_sources import ClientCredentials
from conformance.oauth.authorization_code import Registered
from conformance.oauth.consent import ConsentedTokens

if TYPE_CHECKING:
    from conformance.identity.accounts import Account
    from conformance.oauth.authorization_server import AuthorizationServer


def client_of(account: Account) -> Registered | None:
    """The client to which the account's tokens are issued; None where the target issues none."""
    if isinstance(account.source, ConsentedTokens):
        return account.source.flow.registered
    if isinstance(account.source, ClientCredentials):
        return Registered(id=account.source.client_id, secret=account.source.client_secret)
    return None


def revoked(account: Account, authorization_server: AuthorizationServer) -> Account:
    """The account with a token that was good and has just been revoked. Raises BlockedError if it cannot be."""
    client = client_of(account)
    if client is None:
        raise InapplicableError(f"the target issues no tokens to {account.name}, so none of them can be revoked")
    token = account.source.new_token(account.scopes)
    request = Request(method="POST", path=authorization_server.path("revocation_endpoint"))
    form = {"token": token, "token_type_hint": "access_token"}
    reply = account.client.send(client.authenticated(request, form), identity=account.name, label="arrangement")
    if not reply.success:
        raise BlockedError(f"the revocation endpoint answered {reply.status} to {account.name} for its own token.")
    account.source.new_token(account.scopes)  # what the account itself bears from now on
    return account.with_token(token)
