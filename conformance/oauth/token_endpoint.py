"""Valid and invalid requests to the token endpoint, and the metadata of the authorization server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from conformance.errors import BlockedError, InapplicableError
from conformance.http.messages import Request
from conformance.identity.compact_jwt import unverified_claims
from conformance.identity.credential_sources import unique_name
from conformance.oauth.issued_tokens import path_on_target
from conformance.requests.identifiers import unknown_identifier

if TYPE_CHECKING:
    from conformance.http.client import Client
    from conformance.http.messages import Reply
    from conformance.identity.credential_sources import ClientCredentials

SERVER_METADATA = frozenset({"issuer", "token_endpoint", "response_types_supported"})  # RFC 8414, section 2
# OpenID Connect Discovery, section 3
OPENID_METADATA = SERVER_METADATA | {"jwks_uri", "subject_types_supported", "id_token_signing_alg_values_supported"}
NOT_FOUND = 404
SERVER_ERRORS = range(500, 600)


@dataclass(frozen=True, kw_only=True)
class TokenEndpoint:
    """The token endpoint, as one registered client uses it by client credentials; `scope` is what it asks for."""

    client: Client
    source: ClientCredentials
    scope: str

    def request(self, **parameters: str) -> Request:
        """A request for all scopes of the client with these further parameters, without client authentication."""
        scope = {"scope": self.scope} if self.scope else {}
        return self.source.request(**scope, **parameters)

    def with_client_authentication(self, request: Request, *, identifier: str = "", secret: str = "") -> Request:
        """The request with these credentials in the Authorization field; by default, the client's own."""
        return request.with_basic_auth(identifier or self.source.client_id, secret or self.source.client_secret)

    def with_secret_in_form(self, *, secret: str = "") -> Request:
        """A request with these credentials in the form; by default, the client's own."""
        return self.request(client_id=self.source.client_id, client_secret=secret or self.source.client_secret)

    def send(self, request: Request) -> Reply:
        """The reply to a request; a token in it is masked in reports."""
        reply = self.client.send(request, identity=self.source.name)
        self.source.redaction.learn(str(reply.member("access_token") or ""))
        return reply

    def grant(self, **parameters: str) -> Reply:
        """The reply to a valid request with these further parameters."""
        return self.send(self.with_client_authentication(self.request(**parameters)))

    def require_token(self) -> Reply:
        """The reply with a token. Raises BlockedError if there is none."""
        reply = self.grant()
        if not reply.success:
            raise BlockedError(
                f"the token endpoint answered {reply.status} to {self.source.name}. Check its credentials and scopes.",
                blame="configuration",
            )
        return reply

    def request_token(self, **parameters: str) -> Reply:
        """The reply to a valid request with these parameters, which asks for no scope by itself."""
        return self.send(self.with_client_authentication(self.source.request(**parameters)))

    @property
    def scope_orders(self) -> list[str]:
        """Two scopes of the client in the order of the alphabet, and in the other. Raises InapplicableError for one."""
        names = sorted(self.scope.split())[:2]
        if len(names) < 2:
            raise InapplicableError(f"{self.source.client_id} has not more than one scope, and so no order of them")
        return [" ".join(names), " ".join(reversed(names))]

    def with_repeated_parameter(self, name: str, value: str) -> Reply:
        """The reply to a valid request in which a parameter occurs once more, with this value."""
        request = self.request()
        form = f"{(request.body or b'').decode()}&{urlencode({name: value})}"
        return self.send(self.with_client_authentication(request.with_body(form.encode())))

    def by_get(self) -> Reply:
        """The reply to a GET with the parameters of a valid request in its query."""
        request = self.request()
        found = dict(parse_qsl((request.body or b"").decode()))
        return self.send(self.with_client_authentication(Request(method="GET", path=request.path).with_query(**found)))

    def by_query(self) -> Reply:
        """The reply to an authenticated POST with the parameters of a valid request in its query."""
        request = self.request()
        found = dict(parse_qsl((request.body or b"").decode()))
        return self.send(self.with_client_authentication(request.with_body(b"").with_query(**found)))

    def by_credentials_in_query(self) -> Reply:
        """The reply to a valid form with the client's credentials in the query."""
        request = self.request()
        return self.send(request.with_query(client_id=self.source.client_id, client_secret=self.source.client_secret))

    def by_wrong_secret(self) -> Reply:
        return self.send(
            self.with_client_authentication(self.request(), secret=unknown_identifier(self.source.client_secret))
        )

    def by_wrong_secret_in_form(self) -> Reply:
        return self.send(self.with_secret_in_form(secret=unknown_identifier(self.source.client_secret)))

    def by_unknown_client(self) -> Reply:
        """The reply to a client id that is not registered."""
        return self.send(self.with_client_authentication(self.request(), identifier=unique_name("client")))

    def without_secret(self) -> Reply:
        """The reply to a request with the client id and no secret."""
        return self.send(self.request(client_id=self.source.client_id))

    def issuer(self) -> str:
        """The `iss` claim of an issued token. Raises InapplicableError if tokens are no JWTs, or have none."""
        claims = unverified_claims(str(self.require_token().member("access_token")))
        if "iss" not in claims:
            raise InapplicableError("the tokens do not say who issued them")
        return str(claims["iss"])


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """A metadata document of the authorization server (RFC 8414, OpenID Connect Discovery)."""

    path: str
    reply: Reply
    client: Client
    endpoint: TokenEndpoint

    @property
    def document(self) -> dict[str, Any]:
        """The members of the document; empty if it is no JSON object."""
        return self.reply.json if isinstance(self.reply.json, dict) else {}

    def served_to_host(self, host: str) -> Reply:
        """The reply to a request for the document with this Host."""
        return self.client.send(Request(method="GET", path=self.path).with_header("Host", host))

    @property
    def missing_members(self) -> frozenset[str]:
        """Required members that the document lacks."""
        required = OPENID_METADATA if "openid-configuration" in self.path else SERVER_METADATA
        return required - frozenset(self.document)

    @property
    def empty_lists(self) -> list[str]:
        """Members that are lists without entries."""
        return [name for name, value in self.document.items() if value == []]

    def unreachable_endpoints(self) -> list[str]:
        """Members whose URL answers 404 or a server error, both to GET and to an empty form."""
        named = [name for name in self.document if name.endswith("_endpoint") or name == "jwks_uri"]
        paths = {name: path_on_target(self.client, str(self.document[name])) for name in named}
        return [name for name, path in paths.items() if not self._is_reachable(Request(method="GET", path=path))]

    def _is_reachable(self, request: Request) -> bool:
        """The endpoint answers GET, or a form: a server may answer 404 to any other method than its own."""
        if self.client.send(request).status not in {NOT_FOUND, *SERVER_ERRORS}:
            return True
        return self.client.send(request.with_method("POST").with_form({})).status not in {NOT_FOUND, *SERVER_ERRORS}

    def grant(self) -> Reply:
        """The reply to a valid token request at the token endpoint of the document."""
        path = path_on_target(self.client, str(self.document.get("token_endpoint", "")))
        return self.endpoint.send(self.endpoint.with_client_authentication(self.endpoint.request()).at(path))

    @property
    def grant_types(self) -> list[str]:
        """The listed grant types that have token requests: all but implicit."""
        listed = self.document.get("grant_types_supported", ["authorization_code", "implicit"])
        return [grant for grant in listed if grant != "implicit"]

    def unsupported_grant_types(self) -> list[str]:
        """Listed grant types that the token endpoint answers with unsupported_grant_type."""
        replies = {grant: self.endpoint.grant(grant_type=grant) for grant in self.grant_types}
        return [grant for grant, reply in replies.items() if reply.member("error") == "unsupported_grant_type"]

    @property
    def authentication_methods(self) -> set[str]:
        """The listed authentication methods with a client secret."""
        listed = self.document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return {"client_secret_basic", "client_secret_post"} & set(listed)

    def accepted_authentication_methods(self) -> set[str]:
        """The authentication methods with a client secret that get a token."""
        by_form = self.endpoint.send(self.endpoint.with_secret_in_form())
        replies = {"client_secret_basic": self.endpoint.grant(), "client_secret_post": by_form}
        return {method for method, reply in replies.items() if reply.success}
