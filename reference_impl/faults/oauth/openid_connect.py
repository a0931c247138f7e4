"""Ways to tell the wrong thing about who logged in."""

from __future__ import annotations

import time
from copy import copy

from flask import request
from joserfc import jwt
from joserfc.jwk import OctKey
from jwt import PyJWK

from reference_impl.faults import fault
from reference_impl.gateway.credentials import Challenges
from reference_impl.oauth.authorization import Authorization
from reference_impl.oauth.grants import AuthorizationCodes
from reference_impl.oauth.keys import SigningKeys
from reference_impl.oauth.openid import IdTokens, PersonalClaims, RefreshedIdTokens
from reference_impl.oauth.verifier import TokenVerifier


@fault("OIDC-ID-TOKEN-VALID")
class AudienceIsTheApi(IdTokens):
    """The ID token is for the API instead of the client."""

    def audience(self, client):
        return self.issuer


@fault("OIDC-ID-TOKEN-VALID")
class TimesAreMilliseconds(IdTokens):
    """Times are written in milliseconds."""

    def get_client_claims(self, client):
        now = int(time.time() * 1000)
        return {**super().get_client_claims(client), "iat": now, "exp": now + 3_600_000}


@fault("OIDC-ID-TOKEN-VALID")
class EmptySecretSigns(IdTokens):
    """ID tokens are signed by HS256 with a secret that everybody knows."""

    def encode_id_token(self, token, request):
        claims = {**self.get_compatible_claims(request), **self.generate_user_info(request.user, token["scope"])}
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("links.example"), ["HS256"])


@fault("OIDC-ID-TOKEN-REFRESHED")
class RefreshNamesAnotherAudience(RefreshedIdTokens):
    """The ID token of a refresh is for the API."""

    def audience(self, client):
        return self.issuer


@fault("OIDC-NONCE")
class NonceIsForgotten(AuthorizationCodes):
    """The nonce is not stored with the code."""

    def nonce(self, data):
        return None


@fault("OIDC-NONCE")
class NonceFitsItsColumn(AuthorizationCodes):
    """The column for the nonce has 255 characters."""

    def nonce(self, data):
        found = super().nonce(data)
        return found[:255] if found else None


@fault("OIDC-NONCE")
class NonceIsLowered(AuthorizationCodes):
    """The nonce passes through something that writes it in lower case."""

    def nonce(self, data):
        found = super().nonce(data)
        return found.lower() if found else None


@fault("OIDC-AT-HASH")
class HashIsOfTheIdToken(IdTokens):
    """The hash is made of something else."""

    def encode_id_token(self, token, request):
        return super().encode_id_token({**token, "access_token": token["token_type"]}, request)


@fault("OIDC-SUBJECT-STABLE")
class SubjectIsTheLogin(IdTokens):
    """The subject is an id of the login, not of the person."""

    def generate_user_info(self, user, scope):
        return {**super().generate_user_info(user, scope), "sub": f"{user.id}.{time.time_ns()}"}


@fault("OIDC-PROMPT-NONE")
class PromptIsIgnored(Authorization):
    """The login page is shown, although the client asked for none."""

    def visit(self, request):
        made = super().visit(request)
        made.prompts -= {"none"}
        return made

    def grant(self, visit):
        visit.request.args = type(visit.request.args)(
            [
                (name, value)
                for name, value in visit.request.args.items(multi=True)
                if (name, value) != ("prompt", "none")
            ]
        )
        return super().grant(visit)


@fault("OIDC-USERINFO")
class UserinfoTellsTheName(PersonalClaims):
    """The userinfo endpoint calls the person by the name with which it logs in."""

    def userinfo(self, principal):
        user = self.users.find(principal.subject)
        return {**super().userinfo(principal), **({"sub": user.username} if user else {})}


@fault("OIDC-USERINFO-REFUSES")
class BrokenTokenIsABadRequest(Challenges):
    """A token that cannot be used is answered without saying why."""

    def invalid(self, reason):
        return self.unauthenticated(f"The access token is not accepted: {reason}.")


@fault("OIDC-CLAIMS-BY-SCOPE")
class EverythingIsTold(PersonalClaims):
    """All that is known of a person is told, whatever was granted."""

    def tells(self, scope, granted):
        return True


@fault("OIDC-CLAIMS-BY-SCOPE")
class ARefreshTellsOfTheWholeGrant(RefreshedIdTokens):
    """The ID token of a refresh that was narrowed is made of what was granted once."""

    def process_token(self, grant, response):
        tokens = response[1]
        narrowed = tokens["scope"]
        tokens["scope"] = grant.request.refresh_token.get_scope()
        made = super().process_token(grant, response)
        tokens["scope"] = narrowed
        return made


@fault("OIDC-JWKS-PUBLIC-ONLY")
class PrivateKeyIsPublished(SigningKeys):
    """The key is exported as it is stored."""

    def published(self):
        return {"keys": [self.signing.as_dict(private=True), self.offered.as_dict(private=False)]}


@fault("OIDC-JWKS-KEYS")
class KeysHaveNoIds(SigningKeys):
    """Two keys are published, and nothing tells them apart."""

    def published(self):
        keys = super().published()["keys"]
        return {"keys": [{name: value for name, value in key.items() if name != "kid"} for key in keys]}


@fault("OIDC-JWKS-KEYS")
class KeysShareAnId(SigningKeys):
    """All keys have one id."""

    def published(self):
        return {"keys": [{**key, "kid": "current"} for key in super().published()["keys"]]}


@fault("JWT-ID-TOKEN-AS-ACCESS")
class SignatureIsEnough(TokenVerifier):
    """Whatever this server signed is an access token: type, audience and id are not looked at."""

    def check_type(self, header):
        pass

    def check_revocation(self, claims):
        pass

    def key_for(self, header, issuer):
        if header.get("kid") == self.issuers.signing_keys.offered.kid:
            return PyJWK(self.issuers.signing_keys.offered.as_dict(private=False))
        return super().key_for(header, issuer)

    def check_claims(self, claims):
        self.check_expiry(claims)

    def verify(self, text):
        return {"scope": "links:read openid", **super().verify(text)}


@fault("OIDC-USERINFO-REFUSES")
class UserinfoKnowsNoRevocation(TokenVerifier):
    """Whether a token was revoked is asked by the API alone."""

    def check_revocation(self, claims):
        if not request.path.endswith("/userinfo"):
            super().check_revocation(claims)


@fault("OIDC-PROMPT-NONE")
class NoneMeansYes(Authorization):
    """With the prompt none no consent is asked for, and none is needed."""

    def must_ask(self, visit, grant):
        return "none" not in visit.prompts and super().must_ask(visit, grant)


@fault("OIDC-PROMPT-CONSENT")
class WhoeverConsentedOnce(Authorization):
    """Somebody who has consented is asked no more, whatever the client wishes."""

    def must_ask(self, visit, grant):
        content = copy(visit)
        content.prompts = visit.prompts - {"consent"}
        return super().must_ask(content, grant)
