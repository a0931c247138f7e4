"""Revocation of access tokens (RFC 7009) by the client that they were issued to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import BlockedError, InapplicableError
from conformance.http.messages import Request
from conformance.identity.credential_sources import ClientCredentials
from conformance.oauth.authorization_code import RegisteredClient
from conformance.oauth.consent import ConsentedTokens
from conformance.oauth.granted_tokens import GrantedTokens

if TYPE_CHECKING:
    from conformance.identity.accounts import Account
    from conformance.oauth.authorization_server import AuthorizationServer


def client_of(account: Account) -> RegisteredClient | None:
    """The client to which the target issues the account's tokens; None if it issues none."""
    if isinstance(account.source, ConsentedTokens):
        return account.source.flow.registered_client
    if isinstance(account.source, ClientCredentials):
        return RegisteredClient(id=account.source.client_id, secret=account.source.client_secret)
    if isinstance(account.source, GrantedTokens) and account.source.person and account.source.registered_client.id:
        return account.source.registered_client  # with a refresh token, what was granted for it could end, too
    return None


def with_revoked_token(account: Account, authorization_server: AuthorizationServer) -> Account:
    """The account with a token that has just been revoked. Raises BlockedError if the revocation is refused."""
    client = client_of(account)
    if client is None:
        raise InapplicableError(f"the target issues no tokens to {account.name}, so none of them can be revoked")
    token = account.source.new_token(account.scopes)
    request = Request(method="POST", path=authorization_server.path("revocation_endpoint"))
    form = {"token": token, "token_type_hint": "access_token"}
    reply = account.client.send(client.authenticated(request, form), identity=account.name, label="arrangement")
    if not reply.success:
        raise BlockedError(f"the revocation endpoint answered {reply.status} to {account.name} for its own token.")
    account.source.new_token(account.scopes)  # the cache must not give the revoked one to anybody else
    return account.with_token(token)
