"""The authorization server's endpoints for clients: token, revocation, introspection; by Authlib."""

from __future__ import annotations

import base64
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from authlib.oauth2 import AuthorizationServer, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import InvalidRequestError, InvalidScopeError, OAuth2Payload
from authlib.oauth2.rfc9207 import IssuerParameter
from flask import Request, Response
from jwt.utils import base64url_decode

from reference_impl.contract import FORM
from reference_impl.oauth.grants import CodeGrant, Issued, RefreshGrant, ScopedGrant

if TYPE_CHECKING:
    from collections.abc import Callable

    from reference_impl.oauth.clients import Clients
    from reference_impl.oauth.endpoints import Introspection, Revocation
    from reference_impl.oauth.grants import AuthorizationCodes, Pkce, RefreshTokens
    from reference_impl.oauth.openid import IdTokens, RefreshedIdTokens
    from reference_impl.oauth.tokens import AccessTokens
    from reference_impl.storage.database import Database
    from reference_impl.storage.grants import Grants

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
    """A request of which only header and parameters count: not the Host field."""

    def __init__(self, method: str, authorization: str | None, payload: FormPayload) -> None:
        headers = {"Authorization": authorization} if authorization else {}
        super().__init__(method, "https://localhost/oauth/token", headers=headers)
        self.payload = payload
        self.auth_time = 0

    @property
    def form(self) -> dict[str, str]:
        return self.payload.data if self.payload else {}


class ScopeGrants:
    """What a client may have of the scopes that it asks for."""

    def check(self, requested: str | None, registered: str) -> None:
        if self.beyond(frozenset((requested or "").split(" ")) - {""}, frozenset(registered.split())):
            self.refuse()

    def refuse(self) -> NoReturn:
        raise InvalidScopeError

    def beyond(self, requested: frozenset[str], registered: frozenset[str]) -> frozenset[str]:
        return requested - registered


class ResponseIssuer(IssuerParameter):
    """RFC 9207: each answer at a redirect URI says whose it is."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def get_issuer(self) -> str:
        return self.issuer


def readable(authorization: str | None) -> str | None:
    """The field, or None if it holds credentials that are no UTF-8: they are nobody's (RFC 7617, section 2.1)."""
    try:
        base64.b64decode((authorization or "").rpartition(" ")[2]).decode("utf-8")
    except UnicodeDecodeError:
        return None
    except ValueError:
        return authorization
    return authorization


class ResourceIndicators:
    """RFC 8707: the API that a token is for; there is one."""

    def __init__(self, resource: str) -> None:
        self.resource = resource

    def check(self, requested: str | None) -> None:
        if requested is not None and not self.is_known(requested):
            raise InvalidTargetError

    def is_known(self, requested: str) -> bool:
        return requested == self.resource


class InvalidTargetError(OAuth2Error):
    """The resource that was asked for is unknown (RFC 8707 section 2)."""

    error = "invalid_target"
    description = "There is no such resource."


@dataclass(frozen=True, kw_only=True)
class OAuthParts:
    """What the authorization server is made of."""

    clients: Clients
    tokens: AccessTokens
    scopes: ScopeGrants
    resources: ResourceIndicators
    codes: AuthorizationCodes
    refresh_tokens: RefreshTokens
    pkce: Pkce
    id_tokens: IdTokens
    refreshed_id_tokens: RefreshedIdTokens
    revocation: Revocation
    introspection: Introspection
    response_issuer: ResponseIssuer
    grants: Grants
    database: Database


class TokenEndpoint(AuthorizationServer):
    """Issues tokens to authenticated clients, and refuses as RFC 6749 section 5.2 prescribes."""

    def __init__(self, parts: OAuthParts) -> None:
        super().__init__()
        self.parts = parts
        self.clients = parts.clients
        self.scopes = parts.scopes
        self.codes = parts.codes
        self.refresh_tokens = parts.refresh_tokens
        self.register_token_generator("default", parts.tokens)
        self.register_grant(ScopedGrant)
        self.register_grant(CodeGrant, [parts.pkce, parts.id_tokens])
        self.register_grant(RefreshGrant, [parts.refreshed_id_tokens])
        self.register_endpoint(parts.revocation)
        self.register_endpoint(parts.introspection)
        self.register_extension(parts.response_issuer)

    def answer(self, request: Request) -> Response:
        """The answer of the token endpoint; what it takes and what it gives is decided in one transaction."""
        return self.transacted(request, self.create_token_response)

    def revoke(self, request: Request) -> Response:
        return self.transacted(request, partial(self.create_endpoint_response, "revocation"))

    def introspect(self, request: Request) -> Response:
        return self.transacted(request, partial(self.create_endpoint_response, "introspection"))

    def transacted(self, request: Request, make: Callable[[Request], Any]) -> Response:
        try:
            self.check_form(request)
            self.parts.resources.check(request.form.get("resource") or None)
        except OAuth2Error as error:
            return self.handle_error_response(request, error)
        with self.parts.database.transaction():
            made: Response = make(request)  # by `handle_response`
        return made

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
        """Access tokens are remembered by their ids, so that they can be revoked; refresh tokens by their digests."""
        client: Any = request.client
        claims = json.loads(base64url_decode(token["access_token"].split(".")[1]))
        credential = request.refresh_token or request.authorization_code
        grant_id = credential.grant.id if isinstance(credential, Issued) else None
        self.parts.grants.add_access_token(
            claims["jti"], client_id=client.id, grant_id=grant_id, expires_at=claims["exp"]
        )
        if grant_id and "refresh_token" in token:
            self.refresh_tokens.save(token["refresh_token"], grant_id)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def authorization_request(self, request: Request) -> TokenRequest:
        """The wish of a client, which is in the query string, whatever form comes with it."""
        return TokenRequest(request.method, None, FormPayload(request.args.to_dict()))

    def create_oauth2_request(self, request: Request | TokenRequest) -> TokenRequest:
        if isinstance(request, TokenRequest):
            return request
        payload = FormPayload(self.parameters(request))
        return TokenRequest(request.method, readable(request.headers.get("Authorization")), payload)

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        response = Response(json.dumps(body), status, headers)
        response.headers["Cache-Control"] = self.caching()
        return response

    def handle_error_response(self, _request: object, error: OAuth2Error) -> Response:
        status, body, headers = error()
        if error.redirect_uri:
            return self.handle_response(status, body, headers)
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
