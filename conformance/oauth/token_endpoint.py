"""The token endpoint as a client uses it, rightly and wrongly, and the documents that describe the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from conformance.errors import BlockedError, InapplicableError
from conformance.http.messages import Request
from conformance.identity.compact_jwt import unverified_claims
from conformance.identity.credential_sources import unique_name
from conformance.oauth.issued_tokens import path_on_target
from conformance.requests.arrangement import unknown_identifier

if TYPE_CHECKING:
    from conformance.http.client import Client
    from conformance.http.messages import Reply
    from conformance.identity.credential_sources import ClientCredentials

SERVER = frozenset({"issuer", "token_endpoint", "response_types_supported"})  # RFC 8414, section 2
# OpenID Connect Discovery, section 3
PROVIDER = SERVER | {"jwks_uri", "subject_types_supported", "id_token_signing_alg_values_supported"}
NOT_FOUND = 404
FAILURES = range(500, 600)


@dataclass(frozen=True, kw_only=True)
class TokenEndpoint:
    """Token requests of a registered client, sound ones and others."""

    client: Client
    source: ClientCredentials
    scope: str

    def request(self, **parameters: str) -> Request:
        """A form that asks for all scopes of the client, without authentication."""
        asked = {"scope": self.scope} if self.scope else {}
        return self.source.request(**asked, **parameters)

    def basic(self, request: Request, *, identifier: str = "", secret: str = "") -> Request:
        """The request with these credentials in the Authorization field; by default, the right ones."""
        return request.with_basic_auth(identifier or self.source.client_id, secret or self.source.client_secret)

    def posted(self, *, secret: str = "") -> Request:
        """A request with these credentials in the form; by default, the right ones."""
        return self.request(client_id=self.source.client_id, client_secret=secret or self.source.client_secret)

    def send(self, request: Request) -> Reply:
        reply = self.client.send(request, identity=self.source.name)
        self.source.redaction.learn(str(reply.member("access_token") or ""))
        return reply

    def grant(self, **parameters: str) -> Reply:
        """The reply to a sound request that has these parameters too."""
        return self.send(self.basic(self.request(**parameters)))

    def granted(self) -> Reply:
        """A token. Raises BlockedError if there is none."""
        reply = self.grant()
        if not reply.success:
            raise BlockedError(
                f"the token endpoint answered {reply.status} to {self.source.name}. Check its credentials and scopes.",
                blame="configuration",
            )
        return reply

    def scoped(self, **parameters: str) -> Reply:
        """The reply to a request with these parameters alone."""
        return self.send(self.basic(self.source.request(**parameters)))

    def repeating(self, name: str, value: str) -> Reply:
        """The reply to a sound request in which a parameter comes once more, with this value."""
        request = self.request()
        form = f"{(request.body or b'').decode()}&{urlencode({name: value})}"
        return self.send(self.basic(request.with_body(form.encode())))

    def by_get(self) -> Reply:
        """The reply to a sound request whose parameters are in the query string of a GET."""
        request = self.request()
        found = dict(parse_qsl((request.body or b"").decode()))
        return self.send(self.basic(Request(method="GET", path=request.path).with_query(**found)))

    def by_query(self) -> Reply:
        """The reply to an authenticated POST whose parameters are in the query string."""
        request = self.request()
        found = dict(parse_qsl((request.body or b"").decode()))
        return self.send(self.basic(request.with_body(b"").with_query(**found)))

    def by_credentials_in_query(self) -> Reply:
        """The reply to a form whose credentials are in the query string."""
        request = self.request()
        return self.send(request.with_query(client_id=self.source.client_id, client_secret=self.source.client_secret))

    def by_wrong_secret(self) -> Reply:
        return self.send(self.basic(self.request(), secret=unknown_identifier(self.source.client_secret)))

    def by_wrong_secret_in_form(self) -> Reply:
        return self.send(self.posted(secret=unknown_identifier(self.source.client_secret)))

    def by_stranger(self) -> Reply:
        """The reply to a client that nobody registered."""
        return self.send(self.basic(self.request(), identifier=unique_name("client")))

    def without_secret(self) -> Reply:
        """The reply to the client's id alone."""
        return self.send(self.request(client_id=self.source.client_id))

    def issuer(self) -> str:
        """The `iss` of a token. Raises InapplicableError if tokens are not JWTs."""
        claims = unverified_claims(str(self.granted().member("access_token")))
        if "iss" not in claims:
            raise InapplicableError("the tokens do not say who issued them")
        return str(claims["iss"])


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """A metadata document of the authorization server, and the server that it describes."""

    path: str
    reply: Reply
    client: Client
    endpoint: TokenEndpoint

    @property
    def document(self) -> dict[str, Any]:
        """Empty if there is no JSON object: whatever is then asked of it is missing."""
        return self.reply.json if isinstance(self.reply.json, dict) else {}

    def named_by(self, host: str) -> Reply:
        """The document as it is served to a request that names another host."""
        return self.client.send(Request(method="GET", path=self.path).with_header("Host", host))

    @property
    def lacking(self) -> frozenset[str]:
        """Required members that are missing."""
        required = PROVIDER if "openid-configuration" in self.path else SERVER
        return required - frozenset(self.document)

    @property
    def empty(self) -> list[str]:
        """Members that are lists without entries."""
        return [name for name, value in self.document.items() if value == []]

    def dead(self) -> list[str]:
        """Members whose address on the target answers 404 to GET and to an empty form, or fails to."""
        named = [name for name in self.document if name.endswith("_endpoint") or name == "jwks_uri"]
        asked = {
            name: Request(method="GET", path=path_on_target(self.client, str(self.document[name]))) for name in named
        }
        return [name for name, request in asked.items() if not self._lives(request)]

    def _lives(self, request: Request) -> bool:
        """Something is there; a server may answer 404 to all methods but the right one."""
        if self.client.send(request).status not in {NOT_FOUND, *FAILURES}:
            return True
        return self.client.send(request.with_method("POST").with_form({})).status not in {NOT_FOUND, *FAILURES}

    def grant(self) -> Reply:
        """The reply to a sound token request at the address that the document names."""
        path = path_on_target(self.client, str(self.document.get("token_endpoint", "")))
        return self.endpoint.send(self.endpoint.basic(self.endpoint.request()).at(path))

    @property
    def grants(self) -> list[str]:
        """The listed grants that a token request can ask for."""
        listed = self.document.get("grant_types_supported", ["authorization_code", "implicit"])
        return [grant for grant in listed if grant != "implicit"]

    def unsupported(self) -> list[str]:
        """Listed grants that the token endpoint does not support."""
        replies = {grant: self.endpoint.grant(grant_type=grant) for grant in self.grants}
        return [grant for grant, reply in replies.items() if reply.member("error") == "unsupported_grant_type"]

    @property
    def methods(self) -> set[str]:
        """The listed ways of client authentication by secret."""
        listed = self.document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return {"client_secret_basic", "client_secret_post"} & set(listed)

    def accepted(self) -> set[str]:
        """The ways of client authentication by secret that work."""
        by_form = self.endpoint.send(self.endpoint.posted())
        replies = {"client_secret_basic": self.endpoint.grant(), "client_secret_post": by_form}
        return {method for method, reply in replies.items() if reply.success}
