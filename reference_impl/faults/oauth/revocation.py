"""Ways to take authority back, and leave it where it was."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from authlib.oauth2.rfc6749 import InvalidGrantError
from sqlalchemy import delete, select, text

from reference_impl.faults import fault
from reference_impl.oauth.endpoints import Introspection, PresentedTokens, Revocation
from reference_impl.oauth.grants import CONFIDENTIAL
from reference_impl.oauth.verifier import Revocations
from reference_impl.storage.tables import ACCESS_TOKENS, REFRESH_TOKENS


@fault("OAUTH-REVOCATION-RESPONSE")
class UnknownTokenIsAnError(Revocation):
    """A token that is not found is refused."""

    def authenticate_token(self, request, client):
        found = super().authenticate_token(request, client)
        if found is None or found.is_revoked():
            raise InvalidGrantError
        return found


@fault("OAUTH-REVOCATION-HINT")
class HintIsObeyed(PresentedTokens):
    """A token is looked for only where the hint says."""

    def find(self, text, hint):
        return self.access_token(text) if hint == "access_token" else super().find(text, hint)


@fault("OAUTH-REVOCATION-CLIENT-AUTH")
class AnybodyMayRevoke(Revocation):
    """The client is taken at its word."""

    def authenticate_endpoint_client(self, request):
        if "client_id" in request.form:
            return self.server.query_client(request.form["client_id"])
        return super().authenticate_endpoint_client(request)


@fault("OAUTH-REVOCATION-EFFECT")
class NothingIsRevoked(Revocation):
    """The answer is 200, and that is all."""

    def end(self, refresh):
        pass


@fault("OAUTH-REVOCATION-CASCADE")
class AccessTokensLiveOn(Revocation):
    """The refresh token is spent, and its access tokens live until they expire."""

    def end(self, refresh):
        spent = REFRESH_TOKENS.delete().where(REFRESH_TOKENS.c.grant_id == refresh.grant.id)
        self.grants.database.change(spent)


@fault("OAUTH-REVOCATION-FOREIGN")
class TokenIsLookedUpWithoutItsClient(Revocation):
    """Whoever knows a token may revoke it."""

    def authenticate_token(self, request, client):
        return self.query_token(request.form["token"], None)


@fault("OAUTH-REVOCATION-SPARES")
class EverythingIsRevoked(Revocation):
    """One refresh token takes all grants of the person with it."""

    def end(self, refresh):
        self.grants.end_all_of(refresh.grant.user_id)


@fault("AUTH-REVOKED-ACCESS-TOKEN")
class ExpiryWillDo(Revocations):
    """Access tokens are verified by their signatures, and revocations are not asked for."""

    def is_live(self, jti):
        return True


@fault("OAUTH-INTROSPECTION-PROTECTED")
class IntrospectionIsOpen(Introspection):
    """Whoever has a token may ask about it."""

    CLIENT_AUTH_METHODS = (*CONFIDENTIAL, "none")

    def authenticate_endpoint_client(self, request):
        return self.server.query_client(request.form.get("client_id") or "back")


@fault("OAUTH-INTROSPECTION-ACTIVE")
class ScopesAreNotTold(Introspection):
    """A good token is active, and that is all that is told."""

    told = ("client_id", "sub", "exp")


@fault("OAUTH-INTROSPECTION-OWN")
class EveryClientMayAsk(Introspection):
    """A client that has authenticated is told of any token."""

    def check_permission(self, token, client, _request):
        return True


@fault("OAUTH-INTROSPECTION-INACTIVE")
class ReasonIsTold(Introspection):
    """The answer says why a token is not active."""

    def create_introspection_payload(self, token):
        answer = super().create_introspection_payload(token)
        return answer if answer["active"] else {**answer, "reason": "expired" if token else "unknown"}


@fault("OAUTH-INTROSPECTION-INACTIVE")
class UnknownTokenIs404(Introspection):
    """A token that is not found is answered with 404."""

    def create_endpoint_response(self, request):
        status, body, headers = super().create_endpoint_response(request)
        return status if body["active"] else 404, body, headers


@fault("OAUTH-REVOCATION-CASCADE")
class EndsTheLastAccessTokenAlone(Revocation):
    """A refresh token is kept with the access token that came beside it, and revoked together with that."""

    def end(self, refresh):
        issued = select(ACCESS_TOKENS.c.jti).where(ACCESS_TOKENS.c.grant_id == refresh.grant.id)
        newest = self.grants.database.row(issued.order_by(text("rowid DESC")).limit(1))
        self.grants.revoke_access_token(newest["jti"] if newest else "")
        self.grants.database.change(delete(REFRESH_TOKENS).where(REFRESH_TOKENS.c.grant_id == refresh.grant.id))


@fault("OAUTH-INTROSPECTION-INACTIVE")
class ReplacedRefreshTokensAreActive(PresentedTokens):
    """A refresh token is called active as long as its grant lasts, also when another one has taken its place."""

    def find(self, text, hint):
        found = super().find(text, hint)
        if found is None or found.refresh is None:
            return found
        return replace(found, good=not self.refresh_tokens.has_ended(found.refresh))


@fault("OAUTH-INTROSPECTION-ACTIVE")
class RefreshTokensAreNobodys(Introspection):
    """Of a refresh token it is told that it is anybody's."""

    def introspect_token(self, token):
        return super().introspect_token(token) | ({"client_id": "any"} if token.refresh else {})


@fault("OAUTH-REVOCATION-SPARES")
class AccessTokensTakeTheirGrant(Revocation):
    """Whoever revokes an access token is taken to be done with all of it."""

    def revoke_token(self, token, request):
        if token.refresh is None:
            issued = select(ACCESS_TOKENS.c.grant_id).where(ACCESS_TOKENS.c.jti == token.claims["jti"])
            self.grants.end(self.grants.database.row(issued)["grant_id"])
        super().revoke_token(token, request)


class WithoutTheirGrants(Revocations):
    def is_live(self, jti):
        kept = select(ACCESS_TOKENS.c.revoked).where(ACCESS_TOKENS.c.jti == jti)
        row = self.grants.database.row(kept)
        return row is not None and not row["revoked"]


@fault("OAUTH-INTROSPECTION-INACTIVE")
class GrantsAreNotAskedFor(PresentedTokens):
    """Of an access token it is looked up whether it was revoked itself, and not whether its grant has ended."""

    def access_token(self, text):
        asking = copy(self)
        asking.verifier = copy(self.verifier)
        asking.verifier.revocations = WithoutTheirGrants(self.grants, self.verifier.revocations.issuer)
        return PresentedTokens.access_token(asking, text)
