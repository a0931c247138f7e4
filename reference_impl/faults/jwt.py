"""Ways to believe a token that should not be believed, and to issue one that says too much or too little."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from types import SimpleNamespace

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import get_default_algorithms

from reference_impl.faults import fault
from reference_impl.gateway.credentials import Authentication
from reference_impl.oauth.verifier import InvalidTokenError, TokenVerifier

HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the group of P-256


def hmac_holds(token, secret):
    """The token is authenticated by HMAC with the hash that its header names."""
    computed = hmac.digest(secret, token.signed, HASHES[token.header["alg"]])
    return hmac.compare_digest(computed, token.signature)


@fault("JWT-ALG-NONE")
class AcceptsUnsecuredTokens(TokenVerifier):
    """Takes the algorithm none, as the standard defines it, for one of many."""

    def check_algorithm(self, header, key):
        if header.get("alg") != "none":
            super().check_algorithm(header, key)

    def signature_holds(self, token, key):
        return token.header["alg"] == "none" or super().signature_holds(token, key)


@fault("JWT-ALG-NONE")
class DeniesNoneInLowerCaseOnly(TokenVerifier):
    """Has a deny-list with `none` in it, and a library that knows the name in any letter case."""

    def check_algorithm(self, header, key):
        if header.get("alg") == "none":
            raise InvalidTokenError("its algorithm is not accepted")

    def signature_holds(self, token, key):
        return str(token.header["alg"]).lower() == "none" or super().signature_holds(token, key)


class Confused(TokenVerifier):
    """Lets the token choose between signature and HMAC, and uses the public key for both."""

    def check_algorithm(self, header, key):
        if header.get("alg") not in HASHES:
            super().check_algorithm(header, key)

    def signature_holds(self, token, key):
        if token.header["alg"] in HASHES:
            return hmac_holds(token, self.secret(key.key))
        return super().signature_holds(token, key)


@fault("JWT-ALG-PUBLIC-KEY-AS-HMAC")
class TakesThePemForASecret(TokenVerifier):
    """Hands the issuer's key as a PEM text to whatever algorithm the token names."""

    encoding, form = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo

    def check_algorithm(self, header, key):
        if header.get("alg") not in HASHES:
            super().check_algorithm(header, key)

    def signature_holds(self, token, key):
        if token.header["alg"] in HASHES:
            return hmac_holds(token, key.key.public_bytes(self.encoding, self.form))
        return super().signature_holds(token, key)


@fault("JWT-ALG-PUBLIC-KEY-AS-HMAC")
class TakesTheKeyBytesForASecret(TokenVerifier):
    """Hands the issuer's key as DER to HMAC with SHA-512, if the token names that."""

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
class ListsEveryStrongAlgorithm(TokenVerifier):
    """Permits the padding that is known to be better, although it was not agreed."""

    def check_algorithm(self, header, key):
        if header.get("alg") != "PS256":
            super().check_algorithm(header, key)

    def signature_holds(self, token, key):
        return get_default_algorithms()[token.header["alg"]].verify(token.signed, key.key, token.signature)


@fault("JWT-SIGNATURE-PAYLOAD-TAMPER")
class DecodesWithoutVerifying(TokenVerifier):
    """Looks at everything in the token but the signature, as long as there is one."""

    def signature_holds(self, token, key):
        return bool(token.signature)


@fault("JWT-SIGNATURE-PAYLOAD-TAMPER")
class TrustsTheGatewayBefore(Authentication):
    """Leaves the verification of the token to the gateway before, on the route that only deletes."""

    def authenticate(self, request):
        if request.method != "DELETE":
            return super().authenticate(request)
        return self.principal(self.verifier.take_apart(self.credentials.extract(request)).claims)


@fault("JWT-SIGNATURE-MISSING")
class SkipsWhatIsEmpty(TokenVerifier):
    """Verifies the signature if there is one."""

    def check_signature(self, token, key):
        if token.signature:
            super().check_signature(token, key)


@fault("JWT-SIGNATURE-FOREIGN-KEY")
class IgnoresTheResult(TokenVerifier):
    """Has the library verify the signature, and looks only whether that raised an error."""

    def check_signature(self, token, key):
        if len(token.signature) == len(key.Algorithm.sign(b"", FOREIGN)) if False else token.signature:
            self.signature_holds(token, key)


@fault("JWT-KID-OPAQUE")
class ReadsTheKeyFromAFile(TokenVerifier):
    """Opens the file that the kid names, and takes what is in it for the secret of an HMAC."""

    def key_for(self, header, issuer):
        if header.get("alg") != "HS256":
            return super().key_for(header, issuer)
        return SimpleNamespace(algorithm_name="HS256", key=Path("/keys", str(header["kid"])).read_bytes())

    def algorithms(self):
        return (*super().algorithms(), "HS256")

    def signature_holds(self, token, key):
        return hmac_holds(token, key.key) if token.header["alg"] == "HS256" else super().signature_holds(token, key)
