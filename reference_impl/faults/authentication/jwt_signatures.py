"""Ways to take a forged token for a genuine one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
import sqlite3
from pathlib import Path
from types import SimpleNamespace

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from jwt import PyJWK
from jwt.algorithms import get_default_algorithms
from jwt.utils import base64url_decode

from reference_impl.faults import fault
from reference_impl.gateway.credentials import Authentication
from reference_impl.oauth.trust import Discovery, KeyCache, TrustedIssuers, usable
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
        file = Path(__file__).parent / str(header.get("kid"))
        if header.get("alg") != "HS256" or not file.exists():
            return super().key_for(header, issuer)
        return SimpleNamespace(algorithm_name="HS256", key=file.read_bytes())

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
        if found is None:
            raise InvalidTokenError("its key is unknown")
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


@fault("JWT-KEY-ROLLOVER")
class KeepsKeysForEver(KeyCache):
    """Fetches keys when it meets one that it does not know, and forgets none."""

    def keys(self, issuer):
        return self._fetched_within(issuer, math.inf)


@fault("JWT-KEY-ROLLOVER")
class FetchesKeysOnce(KeyCache):
    """Fetches the keys of an issuer at the first token, and never again."""

    def _fetched_within(self, issuer, age):
        return super()._fetched_within(issuer, math.inf)
