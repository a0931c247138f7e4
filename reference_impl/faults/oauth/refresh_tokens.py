"""Ways to get refreshing wrong."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, text

from reference_impl.faults import fault
from reference_impl.oauth.clients import Client, Clients, digest
from reference_impl.oauth.grants import RefreshTokens
from reference_impl.oauth.server import TokenEndpoint
from reference_impl.oauth.verifier import TokenVerifier
from reference_impl.storage.tables import GRANTS, REFRESH_TOKENS


@fault("OAUTH-REFRESH-ROTATION")
class RefreshTokensStay(TokenEndpoint):
    """The refresh token that was used is handed out again."""

    def save_token(self, token, request):
        if request.refresh_token:
            token["refresh_token"] = request.form["refresh_token"]
            token = {**token, "refresh_token": "not kept"}
        super().save_token(token, request)


@fault("OAUTH-REFRESH-ROTATION")
class UsedOnesStayGood(RefreshTokens):
    """A new refresh token is handed out, and the former one goes on."""

    def retire(self, token):
        return True


@fault("OAUTH-REFRESH-REUSE-REVOKES")
class ReuseIsOnlyRefused(RefreshTokens):
    """A refresh token that was used is refused, and the grant goes on."""

    def reused(self, token):
        pass


@fault("OAUTH-REFRESH-REUSE-SPARES")
class ReuseEndsEverything(RefreshTokens):
    """A refresh token that comes again ends all grants of the person."""

    def reused(self, token):
        self.grants.end_all_of(token.grant.user_id)


@fault("OAUTH-REFRESH-CLIENT-BINDING")
class AnyClientMayRefresh(RefreshTokens):
    """The refresh token alone decides, whoever sends it."""

    def find(self, token, client):
        found = super().find(token, client)
        return replace(found, grant=replace(found.grant, client_id=client.id)) if found else None

    def belongs(self, found, client):
        return True


@fault("OAUTH-REFRESH-CLIENT-BINDING")
class AttemptsBurnTheToken(RefreshTokens):
    """The token is marked as used before anybody looks who sent it."""

    def find(self, token, client):
        found = super().find(token, client)
        if found is None:
            self.grants.use_refresh_token(digest(token))
        return found


class Trusted(Client):
    def check_endpoint_auth_method(self, method, endpoint):
        return method == "none" or super().check_endpoint_auth_method(method, endpoint)


@fault("OAUTH-REFRESH-CLIENT-AUTH", also=("OAUTH-CLIENT-AUTH-FAILURE",))
class IdIsEnough(Clients):
    """A confidential client that sends no secret is served like a public one."""

    def client(self, **columns):
        return Trusted(**columns)


@fault("SCOPE-REFRESH-NO-GROWTH")
class RefreshGrantsWhatIsAsked(RefreshTokens):
    """The scopes of a refresh are not compared with those that were granted."""

    def allows(self, requested, granted):
        return True


@fault("SCOPE-REFRESH-NARROWS-ONCE")
class WishIsIgnored(RefreshTokens):
    """A refresh for fewer scopes brings all of them."""

    def scope(self, token, requested):
        return token.grant.scope


@fault("SCOPE-REFRESH-NARROWS-ONCE")
class NarrowingSticks(RefreshTokens):
    """A refresh for fewer scopes takes the others away for good."""

    def scope(self, token, requested):
        narrow = GRANTS.update().where(GRANTS.c.id == token.grant.id).values(scope=requested or token.grant.scope)
        self.grants.database.change(narrow)
        return super().scope(token, requested)


@fault("AUTH-REFRESH-TOKEN-NOT-ACCEPTED")
class RefreshTokensOpenDoors(TokenVerifier):
    """A refresh token is looked up where a token is no JWT, and serves as well."""

    def verify(self, text):
        found = self.revocations.grants.refresh_token(digest(text))
        if found is None:
            return super().verify(text)
        grant = self.revocations.grants.find(found["grant_id"])
        return {"iss": self.issuers.own, "sub": grant.user_id, "scope": grant.scope}


@fault("OAUTH-REFRESH-REUSE-REVOKES")
class OnlyTheLastTokenIsKnownToBeUsed(RefreshTokens):
    """With a grant its present token is kept and the one before; an older one is unknown."""

    def reused(self, token):
        digests = select(REFRESH_TOKENS.c.digest).where(REFRESH_TOKENS.c.grant_id == token.grant.id)
        newest = self.grants.database.rows(digests.order_by(text("rowid DESC")).limit(2))
        if token.digest in {row["digest"] for row in newest}:
            super().reused(token)
