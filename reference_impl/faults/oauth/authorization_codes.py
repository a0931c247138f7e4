"""Ways to let a code do more than it may."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from authlib.oauth2.rfc7636 import challenge
from flask import request
from sqlalchemy import delete, select, text

from reference_impl.faults import fault
from reference_impl.oauth.clients import digest
from reference_impl.oauth.grants import AuthorizationCodes, Issued, Pkce
from reference_impl.oauth.server import TokenEndpoint
from reference_impl.oauth.verifier import TokenVerifier
from reference_impl.storage.tables import ACCESS_TOKENS, REFRESH_TOKENS


@fault("OAUTH-CODE-SINGLE-USE")
class CodesAreNeverUsedUp(AuthorizationCodes):
    """A code is good until it expires."""

    def redeem(self, code):
        return self.users.find(code.grant.user_id)


@fault("OAUTH-CODE-REPLAY-REVOKES")
class ReplayIsOnlyRefused(AuthorizationCodes):
    """The second use is refused, and what the first one brought lives on."""

    def replayed(self, code):
        pass


@fault("OAUTH-CODE-REPLAY-SPARES")
class ReplayEndsEverything(AuthorizationCodes):
    """The second use of a code ends all grants of the person."""

    def replayed(self, code):
        self.grants.end_all_of(code.grant.user_id)


@fault("OAUTH-CODE-CLIENT-BINDING")
class ClientIsNotCompared(AuthorizationCodes):
    """Whoever has the code may redeem it."""

    def belongs(self, grant, client):
        return True


@fault("OAUTH-CODE-REDIRECT-BINDING")
class AddressIsNotCompared(AuthorizationCodes):
    """The redirect_uri of the token request is not looked at."""

    def find(self, code, client):
        found = super().find(code, client)
        return Issued(**{**vars(found), "redirect_uri": None}) if found else None


@fault("OAUTH-CODE-EXPIRES")
class CodesLastForADay(AuthorizationCodes):
    """A code is good for a day."""

    def lifetime(self):
        return 86_400


@fault("OAUTH-CODE-EXPIRES")
class ExpiryIsNotRead(AuthorizationCodes):
    """When a code expires is stored, and never read."""

    def has_expired(self, row):
        return False


@fault("OAUTH-PKCE-VERIFIED")
class VerifierIsOptional(Pkce):
    """A verifier is compared if there is one."""

    def validate_code_verifier(self, grant, result):
        if grant.request.form.get("code_verifier"):
            super().validate_code_verifier(grant, result)


@fault("OAUTH-PKCE-VERIFIED")
class ChallengeWillDo(Pkce):
    """The verifier is compared as it is, although S256 was asked for."""

    def __init__(self):
        super().__init__()
        self.CODE_CHALLENGE_METHODS = {"S256": self.either}

    def either(self, verifier, sent):
        return verifier == sent or challenge.compare_s256_code_challenge(verifier, sent)


@fault("OAUTH-PKCE-DOWNGRADE")
class SuperfluousVerifierIsIgnored(Pkce):
    """A verifier that nobody asked for is passed over."""

    def validate_code_verifier(self, grant, result):
        if grant.request.authorization_code.code_challenge:
            super().validate_code_verifier(grant, result)


@fault("OAUTH-CODE-NO-BEARER")
class WhateverIsKnownIsAccepted(TokenVerifier):
    """Whatever the database has issued is taken for an access token."""

    def verify(self, text):
        code = self.revocations.grants.code(digest(text))
        if code is None:
            return super().verify(text)
        grant = self.revocations.grants.find(code["grant_id"])
        return {"iss": self.issuers.own, "sub": grant.user_id, "scope": grant.scope}


@fault("OAUTH-CODE-REPLAY-REVOKES")
class ReplayEndsTheFirstTokensAlone(AuthorizationCodes):
    """A replay ends what was given for the code, and not what was refreshed since."""

    def replayed(self, code):
        issued = select(ACCESS_TOKENS.c.jti).where(ACCESS_TOKENS.c.grant_id == code.grant.id)
        first = self.grants.database.row(issued.order_by(text("rowid")).limit(1))
        self.grants.revoke_access_token(first["jti"] if first else "")
        of_grant = REFRESH_TOKENS.c.grant_id == code.grant.id
        first = select(REFRESH_TOKENS.c.digest).where(of_grant).order_by(text("rowid")).limit(1).scalar_subquery()
        self.grants.database.change(delete(REFRESH_TOKENS).where(REFRESH_TOKENS.c.digest == first))


@fault("OAUTH-PKCE-VERIFIED")
class OnlyPublicClientsProveTheirChallenge(Pkce):
    """A client that has a secret need not prove its challenge."""

    def validate_code_verifier(self, grant, result):
        if grant.request.client.public:
            super().validate_code_verifier(grant, result)


@fault("OAUTH-PKCE-LENGTHS")
class VerifierFitsItsColumn(TokenEndpoint):
    """A verifier has less than 128 characters."""

    def parameters(self, request):
        return {name: value[:127] if name == "code_verifier" else value for name, value in request.form.items()}


@fault("OAUTH-CODE-REDIRECT-BINDING")
class AnyRegisteredAddressWillDo(AuthorizationCodes):
    """A code is redeemed with whichever address is registered for the client."""

    def find(self, code, client):
        found, given = super().find(code, client), request.form.get("redirect_uri")
        return replace(found, redirect_uri=given) if found and given in client.redirect_uris else found


@fault("OAUTH-CODE-EXPIRES")
class CodesOfKnownClientsLast(AuthorizationCodes):
    """A client with a secret may take its time."""

    def find(self, code, client):
        patient = copy(self)
        patient.has_expired = lambda row: client.public and self.has_expired(row)
        return AuthorizationCodes.find(patient, code, client)


@fault("OAUTH-CODE-REPLAY-REVOKES")
class KnownClientsMayRepeat(AuthorizationCodes):
    """A code of a client with a secret that comes again is refused, and nothing follows."""

    def replayed(self, code):
        if code.grant.client_id != "back":
            super().replayed(code)


@fault("OAUTH-CODE-REDIRECT-BINDING")
class QueriesAreNoPartOfIt(AuthorizationCodes):
    """The redirect_uri of a token request is compared without its query."""

    def find(self, code, client):
        found = super().find(code, client)
        given = request.form.get("redirect_uri", "")
        same = found is not None and given.partition("?")[0] == found.redirect_uri
        return replace(found, redirect_uri=given) if same else found


@fault("OAUTH-PKCE-VERIFIED")
class ASecretIsProofEnough(Pkce):
    """A client that has authenticated needs no verifier, whatever it has asked for the code with."""

    def validate_code_verifier(self, grant, result):
        if "code_verifier" in request.form or grant.request.client.public:
            super().validate_code_verifier(grant, result)
