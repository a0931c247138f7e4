"""Ways to believe a token that should not be believed, and to issue one that should not be."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
import sqlite3
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from jwt import PyJWK
from jwt.algorithms import get_default_algorithms
from jwt.utils import base64url_decode

from reference_impl.faults import fault
from reference_impl.gateway.credentials import Authentication
from reference_impl.oauth.keys import SigningKeys
from reference_impl.oauth.tokens import AccessTokens
from reference_impl.oauth.trust import Discovery, TrustedIssuers, UnknownKeyError, usable
from reference_impl.oauth.verifier import InvalidTokenError, TokenVerifier

HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the group of P-256


def hmac_holds(token, secret):
    """The token is authenticated by HMAC with the hash that its header names."""
    return hmac.compare_digest(hmac.digest(secret, token.signed, HASHES[token.header["alg"]]), token.signature)


@fault("JWT-ALG-NONE")
class AcceptsUnsecuredTokens(TokenVerifier):
    """Takes the algorithm none for one like the others, as the library once did by default."""

    def check_algorithm(self, header, key):
        if header.get("alg") != "none":
            super().check_algorithm(header, key)

    def signature_holds(self, token, key):
        return token.header["alg"] == "none" or super().signature_holds(token, key)


@fault("JWT-ALG-NONE")
class DeniesNoneInLowerCaseOnly(TokenVerifier):
    """Has a deny-list with `none` on it, and a library that knows the name in any letter case."""

    def check_algorithm(self, header, key):
        if str(header.get("alg")).lower() != "none" or header["alg"] == "none":
            super().check_algorithm(header, key)

    def signature_holds(self, token, key):
        return token.header["alg"].lower() == "none" or super().signature_holds(token, key)


@fault("JWT-ALG-PUBLIC-KEY-AS-HMAC")
class TakesThePemForASecret(TokenVerifier):
    """Hands the issuer's key as PEM to whatever algorithm the token names."""

    def check_algorithm(self, header, key):
        if header.get("alg") not in HASHES:
            super().check_algorithm(header, key)

    def signature_holds(self, token, key):
        if token.header["alg"] in HASHES:
            return hmac_holds(token, key.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        return super().signature_holds(token, key)


@fault("JWT-ALG-PUBLIC-KEY-AS-HMAC")
class TakesTheKeyBytesForASecret(TokenVerifier):
    """Hands the issuer's key as DER to HMAC with SHA-512, the only one that it thought strong enough."""

    def check_algorithm(self, header, key):
        if header.get("alg") != "HS512":
            super().check_algorithm(header, key)

    def signature_holds(self, token, key):
        if token.header["alg"] == "HS512":
            return hmac_holds(token, key.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
        return super().signature_holds(token, key)


@fault("JWT-ALG-ALLOWLIST")
class LetsTheTokenChooseTheAlgorithm(TokenVerifier):
    """Verifies with any algorithm of the library that fits the key."""

    def check_algorithm(self, header, key):
        """Nothing is checked."""

    def signature_holds(self, token, key):
        return get_default_algorithms()[token.header["alg"]].verify(token.signed, key.key, token.signature)


@fault("JWT-ALG-ALLOWLIST")
class AllowsABetterPadding(TokenVerifier):
    """Permits an algorithm that is known to be good, although it was not agreed upon."""

    def check_algorithm(self, header, key):
        if header.get("alg") != "PS256":
            super().check_algorithm(header, key)

    def signature_holds(self, token, key):
        return get_default_algorithms()[token.header["alg"]].verify(token.signed, key.key, token.signature)


@fault("JWT-SIGNATURE-PAYLOAD-TAMPER")
class DecodesWithoutVerifying(TokenVerifier):
    """Looks at everything in the token but at its signature, as long as there is one."""

    def signature_holds(self, token, key):
        return bool(token.signature)


@fault("JWT-SIGNATURE-PAYLOAD-TAMPER")
class TrustsTheGatewayInFront(Authentication):
    """Leaves the verification to a gateway in front, which does not lead to where things are deleted."""

    def authenticate(self, request):
        if request.method != "DELETE":
            return super().authenticate(request)
        return self.principal(self.verifier.take_apart(self.credentials.extract(request)).claims)


@fault("JWT-SIGNATURE-MISSING")
class VerifiesWhatIsThere(TokenVerifier):
    """Verifies the signature if there is one."""

    def check_signature(self, token, key):
        if token.signature:
            super().check_signature(token, key)


@fault("JWT-SIGNATURE-FOREIGN-KEY")
class IgnoresTheResult(TokenVerifier):
    """Calls the verification and does not look at what it returns."""

    def check_signature(self, token, key):
        self.signature_holds(token, key)


@fault("JWT-KID-OPAQUE")
class ReadsTheKeyFromAFile(TokenVerifier):
    """Opens the file that the kid names, and takes what is in it for a shared secret."""

    def key_for(self, header, issuer):
        if header.get("alg") != "HS256":
            return super().key_for(header, issuer)
        return SimpleNamespace(algorithm_name="HS256", key=Path(__file__).with_name(header["kid"]).read_bytes())

    def algorithms(self):
        return (*super().algorithms(), "HS256")

    def signature_holds(self, token, key):
        return hmac_holds(token, key.key) if token.header["alg"] == "HS256" else super().signature_holds(token, key)


@fault("JWT-KID-OPAQUE")
class LooksTheKeyUpByConcatenation(TokenVerifier):
    """Writes the kid into the text of a query for shared secrets."""

    def key_for(self, header, issuer):
        if header.get("alg") != "HS256":
            return super().key_for(header, issuer)
        query = f"SELECT hex(randomblob(16)) WHERE 'main' = '{header['kid']}'"
        found = sqlite3.connect(":memory:").execute(query).fetchone()
        return SimpleNamespace(algorithm_name="HS256", key=found[0].encode())

    def algorithms(self):
        return (*super().algorithms(), "HS256")

    def signature_holds(self, token, key):
        return hmac_holds(token, key.key) if token.header["alg"] == "HS256" else super().signature_holds(token, key)


@fault("JWT-KID-OPAQUE")
class BreaksOnAnUnknownKey(TrustedIssuers):
    """Takes for granted that there is a key of every id."""

    def choose(self, keys, key_id):
        return keys[key_id]


@fault("JWT-HEADER-EMBEDDED-KEY")
class TrustsTheKeyInTheHeader(TokenVerifier):
    """Verifies with the key that the token brings along."""

    def key_for(self, header, issuer):
        return PyJWK(header["jwk"]) if "jwk" in header else super().key_for(header, issuer)


@fault("JWT-HEADER-EMBEDDED-KEY")
class TrustsAnyCertificate(TokenVerifier):
    """Verifies with the certificate that the token brings along, and does not ask who issued it."""

    def key_for(self, header, issuer):
        if "x5c" not in header:
            return super().key_for(header, issuer)
        key = load_der_x509_certificate(base64.b64decode(header["x5c"][0])).public_key()
        algorithm = header["alg"]
        return SimpleNamespace(algorithm_name=algorithm, Algorithm=get_default_algorithms()[algorithm], key=key)


@fault("JWT-HEADER-KEY-URL")
class FollowsTheKeyUrl(TokenVerifier):
    """Gets the key from where the header says it is."""

    def key_for(self, header, issuer):
        if "jku" not in header:
            return super().key_for(header, issuer)
        return usable(Discovery().document(header["jku"])["keys"])[header["kid"]]


@fault("JWT-HEADER-KEY-URL")
class FetchesBeforeItRefuses(TokenVerifier):
    """Fetches the certificate that the header names, and only then finds that it is of no use."""

    def key_for(self, header, issuer):
        if "x5u" in header:
            Discovery().document(header["x5u"])
        return super().key_for(header, issuer)


@fault("JWT-HEADER-KEY-URL")
class DiscoversAnyIssuer(TokenVerifier):
    """Asks whatever issuer the token names for its keys."""

    def trusts(self, issuer):
        return isinstance(issuer, str)

    def key_for(self, header, issuer):
        if super().trusts(issuer):
            return super().key_for(header, issuer)
        return Discovery().fetch(issuer)[header["kid"]]


@fault("JWT-EXPIRED")
class NeverLooksAtTheClock(TokenVerifier):
    """Insists on an expiry, and does not compare it with anything."""

    def check_expiry(self, claims):
        self.seconds(claims, "exp")


@fault("JWT-EXPIRED")
class TakesTheExpiryForMilliseconds(TokenVerifier):
    """Compares an expiry in milliseconds with a clock in seconds."""

    def check_expiry(self, claims):
        if self.seconds(claims, "exp") * 1000 <= self.now():
            raise InvalidTokenError("it has expired")


@fault("JWT-EXPIRED")
class TakesZeroForNever(TokenVerifier):
    """Asks whether there is an expiry by its truth, and zero is false."""

    def check_expiry(self, claims):
        if claims.get("exp") != 0:
            super().check_expiry(claims)


@fault("JWT-NOT-YET-VALID")
class IgnoresNotBefore(TokenVerifier):
    """Does not look at nbf."""

    def check_not_before(self, claims):
        """Nothing is checked."""


@fault("JWT-EXP-MALFORMED")
class TakesAMissingExpiryForNever(TokenVerifier):
    """Looks at the expiry if there is one."""

    def check_expiry(self, claims):
        if claims.get("exp") is not None:
            super().check_expiry(claims)


@fault("JWT-EXP-MALFORMED")
class TakesTextForATime(TokenVerifier):
    """Turns text into a number where a number is due."""

    def seconds(self, claims, name):
        value = claims.get(name)
        return float(value) if isinstance(value, str) else super().seconds(claims, name)


@fault("JWT-EXP-MALFORMED")
class ComparesWhateverIsThere(TokenVerifier):
    """Compares the expiry with the clock without a look at its type."""

    def seconds(self, claims, name):
        return claims[name]


@fault("JWT-EXP-MALFORMED")
class BelievesInEternity(TokenVerifier):
    """Accepts a number without an end, which never passes."""

    def check_expiry(self, claims):
        if claims.get("exp") != math.inf:
            super().check_expiry(claims)


@fault("JWT-ISSUER")
class ComparesTheBeginningOfTheIssuer(TokenVerifier):
    """Trusts an issuer whose name begins with that of a trusted one."""

    def trusts(self, issuer):
        return isinstance(issuer, str) and issuer.startswith(tuple(self.issuers.names))

    def key_for(self, header, issuer):
        return super().key_for(header, next(name for name in self.issuers.names if issuer.startswith(name)))


@fault("JWT-ISSUER")
class ComparesIssuersWithoutCase(TokenVerifier):
    """Trusts an issuer in any spelling of a trusted one."""

    def trusts(self, issuer):
        return isinstance(issuer, str) and issuer.lower() in self.issuers.names

    def key_for(self, header, issuer):
        return super().key_for(header, issuer.lower())


@fault("JWT-ISSUER")
class PoolsTheKeysOfAllIssuers(TokenVerifier):
    """Verifies with the key of that id, whichever trusted issuer it belongs to."""

    def key_for(self, header, issuer):
        for name in self.issuers.names - {issuer}:
            try:
                return self.issuers.key(name, header.get("kid"))
            except UnknownKeyError:
                continue
        return super().key_for(header, issuer)


@fault("JWT-ISSUER")
class NeverLooksAtTheIssuer(TokenVerifier):
    """Accepts in any name what a key of some trusted issuer has signed."""

    def trusts(self, issuer):
        return True

    def key_for(self, header, issuer):
        for name in self.issuers.names:
            try:
                return self.issuers.key(name, header.get("kid"))
            except UnknownKeyError:
                continue
        raise InvalidTokenError("its key is unknown")


@fault("JWT-AUDIENCE")
class NeverLooksAtTheAudience(TokenVerifier):
    """Has the verification of the audience disabled, since it failed at first."""

    def is_meant(self, audience):
        return True


@fault("JWT-AUDIENCE")
class FindsItselfInTheText(TokenVerifier):
    """Looks for its own name anywhere in the text of the audience."""

    def is_meant(self, audience):
        return self.audience in str(audience)


@fault("JWT-AUDIENCE")
class TakesAMissingAudienceForItself(TokenVerifier):
    """Compares the audience if there is one."""

    def is_meant(self, audience):
        return not audience or super().is_meant(audience)


@fault("JWT-AUDIENCE-ARRAY")
class ComparesTheAudienceAsText(TokenVerifier):
    """Expects the audience to be one text."""

    def is_meant(self, audience):
        return audience == self.audience


@fault("JWT-TYPE-HEADER")
class NeverLooksAtTheType(TokenVerifier):
    """Takes every signed JWT for an access token."""

    def check_type(self, header):
        """Nothing is checked."""


@fault("JWT-TYPE-HEADER")
class TakesAMissingTypeForItsOwn(TokenVerifier):
    """Looks at the type if there is one."""

    def check_type(self, header):
        if "typ" in header:
            super().check_type(header)


@fault("JWT-TYPE-SPELLING")
class ComparesTheTypeAsText(TokenVerifier):
    """Knows the type in one spelling only."""

    def check_type(self, header):
        if header.get("typ") != self.declared["typ"]:
            raise InvalidTokenError("it is not an access token")


@fault("JWT-CRIT-UNKNOWN")
class IgnoresCriticalExtensions(TokenVerifier):
    """Does not look at crit."""

    def check_critical(self, header):
        """Nothing is checked."""


@fault("JWT-CRIT-UNKNOWN")
class MissesEmptyCriticalLists(TokenVerifier):
    """Goes through the critical extensions one by one, and finds nothing wrong with none."""

    def check_critical(self, header):
        if header.get("crit") != []:
            super().check_critical(header)


@fault("JWT-ECDSA-ZERO-SIGNATURE")
class MultipliesByZero(TokenVerifier):
    """Does the arithmetic of the signature without a look at its numbers: zero is equal to zero."""

    def signature_holds(self, token, key):
        half = len(token.signature) // 2
        numbers = (int.from_bytes(part, "big") for part in (token.signature[:half], token.signature[half:]))
        return not any(number % ORDER for number in numbers) or super().signature_holds(token, key)


@fault("JWT-MALFORMED-TOLERANCE")
class BreaksOnWhatIsNotJson(TokenVerifier):
    """Takes for granted that the parts of a token are JSON."""

    def parse(self, part):
        return json.loads(part)


@fault("JWT-MALFORMED-TOLERANCE")
class BreaksOnWhatIsNotBase64(TokenVerifier):
    """Takes for granted that the parts of a token can be decoded."""

    def decode(self, part):
        return base64url_decode(part)


@fault("JWT-SUBJECT-NAMESPACE")
class KnowsSubjectsWithoutTheirIssuer(Authentication):
    """Names principals by the subject alone."""

    def principal(self, claims):
        return replace(super().principal(claims), issuer="")


@fault("JWT-KEY-ROLLOVER")
class KeepsKeysForEver(TrustedIssuers):
    """Fetches keys when it meets one that it does not know, and forgets none."""

    def fresh(self, issuer):
        return self._fetch_if_older(issuer, math.inf)


@fault("JWT-KEY-ROLLOVER")
class FetchesKeysOnce(TrustedIssuers):
    """Fetches the keys of an issuer at the first token, and never again."""

    def _fetch_if_older(self, issuer, age):
        return super()._fetch_if_older(issuer, math.inf)


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
