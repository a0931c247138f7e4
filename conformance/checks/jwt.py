"""Is the token genuine? Every way to make one that is not."""

from conformance.engine.expect import refused
from conformance.engine.marks import for_each_operation, for_one_operation, requirement, variants
from conformance.engine.select import bearing
from conformance.instruments.forging import ABSENT


@requirement("JWT-ALG-NONE")
@for_each_operation(bearing)
def test_an_unsecured_token_is_refused(forge, ready):
    """The token that was just accepted is sent with the algorithm none and no signature; it is refused."""
    reply = ready.owner.bearing(forge.unsecured("none")).send(ready.request)

    assert reply == refused


@requirement("JWT-ALG-NONE")
@for_one_operation(bearing)
@variants("name", {"capital": "None", "capitals": "NONE", "mixed": "nOnE"})
@variants("unsecured", {"unsigned": "unsecured", "old-signature": "unsecured_but_signed"})
def test_none_is_refused_in_any_spelling(forge, ready, name, unsecured):
    """The algorithm none in another spelling, with an empty and with the old signature, is refused."""
    reply = ready.owner.bearing(getattr(forge, unsecured)(name)).send(ready.request)

    assert reply == refused


@requirement("JWT-ALG-PUBLIC-KEY-AS-HMAC")
@for_one_operation(bearing)
@variants("algorithm", {"HS256": "HS256", "HS384": "HS384", "HS512": "HS512"})
@variants(
    "form",
    {
        name: name
        for name in (
            "spki-pem",
            "spki-pem-without-newline",
            "spki-der",
            "pkcs1-pem",
            "pkcs1-pem-without-newline",
            "pkcs1-der",
            "jwk",
        )
    },
)
def test_a_public_key_is_no_shared_secret(rsa_forge, ready, form, algorithm):
    """A token authenticated by HMAC over the issuer's public key, in each of its spellings, is refused."""
    reply = ready.owner.bearing(rsa_forge.public_key_as_secret(form, algorithm)).send(ready.request)

    assert reply == refused


@requirement("JWT-SIGNATURE-FOREIGN-KEY")
@for_each_operation(bearing)
def test_a_foreign_signature_is_refused(forge, ready):
    """A token with genuine header and claims, signed by another key, is refused."""
    reply = ready.owner.bearing(forge.foreign()).send(ready.request)

    assert reply == refused


@requirement("JWT-EXPIRED")
@for_each_operation(bearing)
def test_an_expired_token_is_refused(forge, ready):
    """A genuine token that expired a minute before the leeway began is refused."""
    reply = ready.owner.bearing(forge.expired()).send(ready.request)

    assert reply == refused


@requirement("JWT-AUDIENCE")
@for_each_operation(bearing)
def test_a_token_for_somebody_else_is_refused(forge, ready):
    """A genuine token whose audience is another API is refused."""
    reply = ready.owner.bearing(forge.minted(aud="https://other.example")).send(ready.request)

    assert reply == refused
