"""Ways to issue a token that says too much, too little, or the wrong thing."""

from __future__ import annotations

import time

from reference_impl.faults import fault
from reference_impl.oauth.keys import Ring, SigningKeys
from reference_impl.oauth.tokens import AccessTokens


@fault("JWT-ISSUED-CLAIMS")
class NamesNoClient(AccessTokens):
    """Leaves empty for whom the token is, since the subject says it already."""

    def get_extra_claims(self, client, grant_type, user, scope):
        return {**super().get_extra_claims(client, grant_type, user, scope), "client_id": None}


@fault("JWT-ISSUED-CLAIMS")
class CountsMilliseconds(AccessTokens):
    """Writes the time of issue in milliseconds."""

    def get_extra_claims(self, client, grant_type, user, scope):
        return {**super().get_extra_claims(client, grant_type, user, scope), "iat": int(time.time() * 1000)}


@fault("JWT-ISSUED-CLAIMS")
class NumbersTokensByTheSecond(AccessTokens):
    """Makes the id of a token from the client and the second."""

    def get_jti(self, client, grant_type, user, scope):
        return f"{client.get_client_id()}-{int(time.time())}"


@fault("JWT-ISSUED-CLAIMS")
class PublishesTheWrongKey(SigningKeys):
    """Publishes the key that is offered, but not the one that signs."""

    def published(self):
        return {"keys": [key for key in super().published()["keys"] if key["kid"] != self.signing.kid]}


@fault("JWT-ISSUED-LIFETIME")
class IssuesForAMonth(AccessTokens):
    """Makes tokens that live for thirty days."""

    def lifetime(self, client, grant_type):
        return 30 * 86_400


@fault("JWT-ISSUED-LIFETIME")
class AnnouncesAnotherLifetime(AccessTokens):
    """Says that a token lives for an hour, whatever is in it."""

    def generate(self, *args, **options):
        return {**super().generate(*args, **options), "expires_in": 3600}


@fault("JWT-ISSUED-NO-SENSITIVE")
class EmbedsTheClient(AccessTokens):
    """Puts what the database knows of the client into the token, for convenience."""

    def get_extra_claims(self, client, grant_type, user, scope):
        return {**super().get_extra_claims(client, grant_type, user, scope), "client": {**vars(client)}}


@fault("JWT-ISSUED-ROLLOVER")
class FormerKeyIsForgotten(SigningKeys):
    """Only the key that signs now is kept, and what the former one signed is refused."""

    def read(self):
        ring = super().read()
        return Ring(ring.signed[-1:], ring.following)


@fault("JWT-ISSUED-ROLLOVER")
class NewKeyIsPublishedLater(SigningKeys):
    """The key set is kept as it was at the start, without what came and comes."""

    def published(self):
        keys = super().published()["keys"]
        return {"keys": [key for key in keys if len(self.ring().signed) == 1 or key["kid"] != self.signing.kid]}


@fault("JWT-ISSUED-CLAIMS")
class RefreshedTokensNameNoTenant(AccessTokens):
    """Forgets at a refresh what only the login had at hand."""

    def get_extra_claims(self, client, grant_type, user, scope):
        known = super().get_extra_claims(client, grant_type, user, scope)
        return {"roles": []} if grant_type == "refresh_token" else known
