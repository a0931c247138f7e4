"""The token endpoint: OAuth 2.0 client credentials (RFC 6749 section 4.4), by Authlib."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from authlib.oauth2 import AuthorizationServer, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import (
    ClientCredentialsGrant,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Payload,
)
from flask import Request, Response

from reference_impl.oauth.clients import Client, Clients

if TYPE_CHECKING:
    from reference_impl.oauth.tokens import AccessTokens

FORM = "application/x-www-form-urlencoded"
NOT_ALLOWED = re.compile(r'[^\x20-\x7e]|["\\]')  # in error_description, RFC 6749 section 5.2


class FormPayload(OAuth2Payload):
    """The parameters of a form; empty ones count as absent (RFC 6749 section 3.2)."""

    def __init__(self, form: dict[str, str]) -> None:
        self.form = {name: value for name, value in form.items() if value}

    @property
    def data(self) -> dict[str, str]:
        return self.form

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, {name: [value] for name, value in self.form.items()})


class TokenRequest(OAuth2Request):
    """A request of which only header and form count: neither the query string nor the Host field."""

    def __init__(self, method: str, authorization: str | None, payload: FormPayload) -> None:
        headers = {"Authorization": authorization} if authorization else {}
        super().__init__(method, "https://localhost/oauth/token", headers=headers)
        self.payload = payload

    @property
    def form(self) -> dict[str, str]:
        return self.payload.data if self.payload else {}


class ScopeGrants:
    """What a client may have of the scopes that it asks for."""

    def check(self, requested: str | None, registered: str) -> None:
        if self.beyond(frozenset((requested or "").split(" ")) - {""}, frozenset(registered.split())):
            raise InvalidScopeError

    def beyond(self, requested: frozenset[str], registered: frozenset[str]) -> frozenset[str]:
        return requested - registered


class ScopedGrant(ClientCredentialsGrant):
    """Client credentials, with our own judgement of scopes."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

    def validate_requested_scope(self) -> None:
        if isinstance(self.request.client, Client) and self.request.payload:
            self.server.scopes.check(self.request.payload.scope, self.request.client.scope)


class TokenEndpoint(AuthorizationServer):
    """Issues tokens to authenticated clients, and refuses as RFC 6749 section 5.2 prescribes."""

    def __init__(self, clients: Clients, tokens: AccessTokens, scopes: ScopeGrants) -> None:
        super().__init__()
        self.clients = clients
        self.scopes = scopes
        self.register_token_generator("default", tokens)
        self.register_grant(ScopedGrant)

    def answer(self, request: Request) -> Response:
        try:
            self.check_form(request)
        except OAuth2Error as error:
            return self.handle_error_response(request, error)
        made: Any = self.create_token_response(request)
        response: Response = made  # by `handle_response`
        return response

    def check_form(self, request: Request) -> None:
        if request.mimetype != FORM:
            raise InvalidRequestError(f"Parameters are sent as {FORM}.")
        if self.repeated(request):
            raise InvalidRequestError("A parameter is repeated.")
        if request.authorization and request.form.get("client_secret"):
            raise InvalidRequestError("The client authenticates twice.")

    def repeated(self, request: Request) -> bool:
        return any(len(values) > 1 for _, values in request.form.lists())

    def parameters(self, request: Request) -> dict[str, str]:
        """Those of the form; what the query string holds is not looked at."""
        return request.form.to_dict()

    def query_client(self, client_id: str) -> Any:
        return self.clients.find(client_id)

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Tokens are verified by their signature; none is kept."""

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Request) -> TokenRequest:
        payload = FormPayload(self.parameters(request))
        return TokenRequest(request.method, request.headers.get("Authorization"), payload)

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        response = Response(json.dumps(body), status, headers)
        response.headers["Cache-Control"] = self.caching()
        return response

    def handle_error_response(self, _request: object, error: OAuth2Error) -> Response:
        status, body, headers = error()
        if description := self.description(error):
            body["error_description"] = NOT_ALLOWED.sub("?", description)
        response = self.handle_response(status, body, headers)
        if error.error == "invalid_client":
            response.status_code = self.invalid_client_status()
            response.headers["WWW-Authenticate"] = 'Basic realm="token endpoint"'
        return response

    def description(self, error: OAuth2Error) -> str | None:
        """For the developer of a client; the same for a client that does not exist as for a wrong secret."""
        return "The client could not be authenticated." if error.error == "invalid_client" else error.description

    def invalid_client_status(self) -> int:
        return 401

    def caching(self) -> str:
        return "no-store"
