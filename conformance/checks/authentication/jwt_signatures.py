"""Signatures of tokens: algorithms, keys, tampering, malformed tokens, key rollover."""

from conformance.http.polling import eventually
from conformance.identity.certificates import ENCODINGS
from conformance.identity.compact_jwt import ABSENT
from conformance.identity.forged_tokens import P256_ORDER, Forger
from conformance.identity.malformed_tokens import MALFORMED, UNKNOWN_KIDS
from conformance.judgement.expectations import refused, success
from conformance.marks import for_each_operation, for_one_operation, requirement, variants
from conformance.selection.operations import bearer_authenticated


@requirement("JWT-ALG-NONE")
@for_each_operation(bearer_authenticated)
def test_an_unsecured_token_is_refused(token_forger, present_token):
    """The token that was just accepted is sent with the algorithm none and no signature; it is refused."""
    reply = present_token(token_forger.unsecured("none"))

    assert reply == refused


@requirement("JWT-ALG-NONE")
@for_one_operation(bearer_authenticated)
@variants("name", {"lower": "none", "capital": "None", "upper": "NONE", "mixed": "nOnE"})
@variants("forgery", {"unsigned": Forger.unsecured, "signed": Forger.unsecured_with_signature})
def test_the_algorithm_none_is_refused_in_any_letter_case(token_forger, present_token, forgery, name):
    """The algorithm none in any letter case, with an empty and with the old signature, is refused."""
    reply = present_token(forgery(token_forger, name))

    assert reply == refused


@requirement("JWT-ALG-PUBLIC-KEY-AS-HMAC")
@for_one_operation(bearer_authenticated)
@variants("algorithm", {"HS256": "HS256", "HS384": "HS384", "HS512": "HS512"})
@variants("encoding", {encoding: encoding for encoding in ENCODINGS})
def test_a_public_key_is_not_accepted_as_hmac_key(rsa_forger, present_token, encoding, algorithm):
    """A token authenticated by HMAC with the issuer's public key, in each of its encodings, is refused."""
    reply = present_token(rsa_forger.public_key_as_secret(encoding, algorithm))

    assert reply == refused


@requirement("JWT-ALG-ALLOWLIST")
@for_one_operation(bearer_authenticated)
@variants("algorithm", {name: name for name in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")})
def test_only_declared_algorithms_are_accepted(rsa_forger, present_token, algorithm):
    """A valid signature by the trusted RSA key, made by an algorithm that the contract does not list, is refused."""
    reply = present_token(rsa_forger.signed_with(algorithm))

    assert reply == refused


@requirement("JWT-SIGNATURE-PAYLOAD-TAMPER")
@for_each_operation(bearer_authenticated)
def test_a_token_with_a_changed_expiry_is_refused(token_forger, present_token):
    """The expiry is moved by a minute and the signature kept; the token is refused."""
    reply = present_token(token_forger.with_later_expiry())

    assert reply == refused


@requirement("JWT-SIGNATURE-PAYLOAD-TAMPER")
@for_one_operation(bearer_authenticated)
@variants(
    "forgery",
    {
        "subject": lambda token_forger: token_forger.tampered(sub="somebody-else"),
        "new-claim": lambda token_forger: token_forger.tampered(admin=True),
        "header": lambda token_forger: token_forger.with_tampered_header(x=1),
        "signature-bit": Forger.with_flipped_bit,
    },
)
def test_a_changed_token_is_refused(token_forger, present_token, forgery):
    """A claim, the header or a single bit of the signature is changed; the token is refused."""
    reply = present_token(forgery(token_forger))

    assert reply == refused


@requirement("JWT-SIGNATURE-MISSING")
@for_one_operation(bearer_authenticated)
@variants("forgery", {"empty": Forger.unsigned, "absent": lambda token_forger: token_forger.unsigned().rstrip(".")})
def test_an_unsigned_token_is_refused(token_forger, present_token, forgery):
    """The header keeps its permitted algorithm, the signature is empty or left out; the token is refused."""
    reply = present_token(forgery(token_forger))

    assert reply == refused


@requirement("JWT-SIGNATURE-FOREIGN-KEY")
@for_each_operation(bearer_authenticated)
def test_a_signature_by_an_untrusted_key_is_refused(token_forger, present_token):
    """A token with genuine header and claims, signed by another key, is refused."""
    reply = present_token(token_forger.signed_by_untrusted_key())

    assert reply == refused


@requirement("JWT-KID-OPAQUE")
@for_one_operation(bearer_authenticated)
@variants("kid", UNKNOWN_KIDS | {"absent": ABSENT})
def test_an_untrusted_key_under_any_kid_is_refused(token_forger, present_token, kid):
    """An untrusted key signs under a key id that is unknown, empty, absent, mistyped or far too long; it is refused."""
    reply = present_token(token_forger.signed_by_untrusted_key({"kid": kid}))

    assert reply == refused


@requirement("JWT-KID-OPAQUE")
@for_one_operation(bearer_authenticated)
@variants(
    "kid",
    {
        "device": ("/dev/null", b""),
        "device-above": ("../../../../../../../../dev/null", b""),
        "query": ("x' UNION SELECT 'k'--", b"k"),
    },
)
def test_a_kid_is_neither_a_path_nor_a_query(token_forger, present_token, kid):
    """The key id leads to a secret that everybody knows, with which the token is authenticated; it is refused."""
    reply = present_token(token_forger.hmac_signed(kid[1], kid=kid[0]))

    assert reply == refused


@requirement("JWT-HEADER-EMBEDDED-KEY")
@for_one_operation(bearer_authenticated)
@variants(
    "forgery",
    {"jwk": Forger.embedded_jwk, "jwk-genuine-kid": Forger.embedded_jwk_with_trusted_kid, "x5c": Forger.embedded_x5c},
)
def test_an_embedded_key_is_refused(token_forger, present_token, forgery):
    """An untrusted key signs and is embedded in the header; the token is refused."""
    reply = present_token(forgery(token_forger))

    assert reply == refused


@requirement("JWT-HEADER-KEY-URL")
@for_one_operation(bearer_authenticated)
@variants("place", {"jku": "jku", "x5u": "x5u", "kid": "kid", "iss": "iss"})
def test_a_key_url_is_not_followed(token_forger, present_token, fence, key_canary, place):
    """An untrusted key signs and could be fetched where the token says; it is refused, and nothing fetches the key."""
    reply = present_token(token_forger.with_key_reference(place, key_canary.url))
    fence()

    assert reply == refused
    assert key_canary.received == []


@requirement("JWT-ECDSA-ZERO-SIGNATURE")
@for_one_operation(bearer_authenticated)
@variants("numbers", {"zeros": (0, 0), "r-zero": (0, 1), "s-zero": (1, 0), "order": (P256_ORDER, P256_ORDER)})
def test_an_ecdsa_signature_of_zeros_is_refused(ecdsa_forger, present_token, numbers):
    """A signature whose numbers are zero, or the order of the group, is refused."""
    reply = present_token(ecdsa_forger.with_ecdsa_values(*numbers))

    assert reply == refused


@requirement("JWT-MALFORMED-TOLERANCE")
@for_one_operation(bearer_authenticated)
@variants("token", MALFORMED)
def test_a_malformed_token_is_refused(present_token, token):
    """Something that is not a token at all is refused, and breaks nothing."""
    reply = present_token(token)

    assert reply == refused


@requirement("JWT-KEY-ROLLOVER")
@for_one_operation(bearer_authenticated)
def test_a_new_key_is_accepted_within_the_bound(keys_bound, token_forger, present_token, ready, new_key):
    """The issuer publishes one more key: its tokens are accepted within the bound, and those of the old key still."""
    reply = eventually(lambda: present_token(token_forger.signed_by(new_key)), success, within=keys_bound)
    old = ready.owner.send(ready.another())

    assert reply == success
    assert old == success


@requirement("JWT-KEY-ROLLOVER")
@for_one_operation(bearer_authenticated)
def test_a_withdrawn_key_is_refused_within_the_bound(keys_bound, token_forger, present_token, accepted_key, issuer):
    """The issuer withdraws a key whose token was just accepted: the token is refused within the bound."""
    issuer.keys.withdraw(accepted_key)
    reply = eventually(lambda: present_token(token_forger.signed_by(accepted_key)), refused, within=keys_bound)

    assert reply == refused
