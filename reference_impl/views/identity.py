"""Pages, tokens, and the documents that describe the authorization server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_impl.views.binding import operation

if TYPE_CHECKING:
    from flask import Response

    from reference_impl.gateway.call import Call
    from reference_impl.oauth.authorization import Authorization
    from reference_impl.oauth.keys import SigningKeys
    from reference_impl.oauth.metadata import Metadata
    from reference_impl.oauth.openid import PersonalClaims
    from reference_impl.oauth.server import TokenEndpoint
    from reference_impl.views.representations import Answers


class IdentityViews:
    """The authorization server's public face."""

    def __init__(
        self,
        endpoint: TokenEndpoint,
        authorization: Authorization,
        keys: SigningKeys,
        metadata: Metadata,
        claims: PersonalClaims,
        answers: Answers,
    ) -> None:
        self.endpoint = endpoint
        self.authorization = authorization
        self.claims = claims
        self.keys = keys
        self.metadata = metadata
        self.answers = answers

    @operation("issueToken")
    def token(self, call: Call) -> Response:
        return self.endpoint.answer(call.request)

    @operation("authorize")
    def authorize(self, call: Call) -> Response:
        return self.authorization.show(call.request)

    @operation("decide")
    def decide(self, call: Call) -> Response:
        return self.authorization.decide(call.request)

    @operation("revokeToken")
    def revoke(self, call: Call) -> Response:
        return self.endpoint.revoke(call.request)

    @operation("introspectToken")
    def introspect(self, call: Call) -> Response:
        return self.endpoint.introspect(call.request)

    @operation("getUserInfo")
    def userinfo(self, call: Call) -> Response:
        return self.answers.json(self.claims.userinfo(call.principal))

    @operation("getKeys")
    def jwks(self, _call: Call) -> Response:
        return self.answers.json(self.keys.published())

    @operation("getOpenIdConfiguration")
    def openid_configuration(self, _call: Call) -> Response:
        return self.answers.json(self.metadata.server())

    @operation("getAuthorizationServerMetadata")
    def authorization_server(self, _call: Call) -> Response:
        return self.answers.json(self.metadata.server())

    @operation("getProtectedResourceMetadata")
    def protected_resource(self, _call: Call) -> Response:
        return self.answers.json(self.metadata.resource())
