"""The token endpoint: OAuth 2.0 client credentials (RFC 6749 section 4.4), by Authlib."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload
from authlib.oauth2 import OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import ClientCredentialsGrant, InvalidRequestError, InvalidScopeError
from flask import Request, Response, current_app, request

from reference_impl.oauth.clients import Clients
from reference_impl.oauth.tokens import AccessTokens

FORM = "application/x-www-form-urlencoded"
NOT_ALLOWED = re.compile(r'[^\x20-\x7e]|["\\]')  # in error_description, RFC 6749 section 5.2


class FormPayload(FlaskOAuth2Payload):
    """Parameters of the form alone (Authlib would take the query string too); empty ones count as absent."""

    def __init__(self, source: Request) -> None:
        super().__init__(source)
        self.parameters = {name: value for name, value in source.form.items() if value}

    @property
    def data(self) -> Mapping[str, str]:
        return self.parameters

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, {name: [value] for name, value in self.parameters.items()})


class TokenRequest(OAuth2Request):
    """A request of which only header and form count."""

    def __init__(self, source: Request) -> None:
        # The address is that of the contract: what the client wrote into Host decides nothing.
        super().__init__(source.method, "https://localhost" + source.path, headers=source.headers)
        self.payload = FormPayload(source)

    @property
    def form(self) -> Mapping[str, str]:
        return self.payload.data


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
        self.server.scopes.check(self.request.payload.scope, self.request.client.scope)


class TokenEndpoint(AuthorizationServer):
    """Issues tokens to authenticated clients, and refuses as RFC 6749 section 5.2 prescribes."""

    def __init__(self, clients: Clients, tokens: AccessTokens, scopes: ScopeGrants) -> None:
        super().__init__(current_app, query_client=clients.find, save_token=lambda *_: None)
        self.scopes = scopes
        self.register_token_generator("default", tokens)
        self.register_grant(ScopedGrant)

    def answer(self) -> Response:
        """The answer to the current request."""
        try:
            self.check_form(request)
        except OAuth2Error as error:
            return self.handle_error_response(request, error)
        return self.create_token_response()

    def check_form(self, source: Request) -> None:
        if source.mimetype != FORM:
            raise InvalidRequestError(f"Parameters are sent as {FORM}.")
        if self.repeated(source):
            raise InvalidRequestError("A parameter is repeated.")
        if source.authorization and source.form.get("client_secret"):
            raise InvalidRequestError("The client authenticates twice.")

    def repeated(self, source: Request) -> bool:
        return any(len(values) > 1 for _, values in source.form.lists())

    def create_oauth2_request(self, _request: object) -> TokenRequest:
        return TokenRequest(request)

    def handle_error_response(self, _request: object, error: OAuth2Error) -> Response:
        status, body, headers = error()
        if "error_description" in body:
            body["error_description"] = NOT_ALLOWED.sub("?", body["error_description"])
        response = self.handle_response(status, body, headers)
        if error.error == "invalid_client":
            response.status_code = self.invalid_client_status()
            response.headers["WWW-Authenticate"] = 'Basic realm="token endpoint"'
        return response

    def invalid_client_status(self) -> int:
        return 401

    def handle_response(self, status_code: int, payload: Any, headers: Any) -> Response:
        response: Response = super().handle_response(status_code, payload, headers)
        response.headers["Cache-Control"] = "no-store"
        return response
