"""Is the token genuine? Every way to sign one without being its issuer."""

from conformance.http.polling import eventually
from conformance.identity.certificates import SPELLINGS
from conformance.identity.forged_tokens import ABSENT, ORDER, Forger
from conformance.identity.malformed_tokens import HOSTILE_KIDS, MALFORMED
from conformance.judgement.expectations import refused, success
from conformance.marks import for_each_operation, for_one_operation, requirement, variants
from conformance.selection.operations import bearer_authenticated


@requirement("JWT-ALG-NONE")
@for_each_operation(bearer_authenticated)
def test_an_unsecured_token_is_refused(forge, present):
    """The token that was just accepted is sent with the algorithm none and no signature; it is refused."""
    reply = present(forge.unsecured("none"))

    assert reply == refused


@requirement("JWT-ALG-NONE")
@for_one_operation(bearer_authenticated)
@variants("name", {"lower": "none", "capital": "None", "upper": "NONE", "mixed": "nOnE"})
@variants("forged", {"unsigned": Forger.unsecured, "signed": Forger.unsecured_but_signed})
def test_none_is_refused_in_any_spelling(forge, present, forged, name):
    """The algorithm none in any letter case, with an empty and with the old signature, is refused."""
    reply = present(forged(forge, name))

    assert reply == refused


@requirement("JWT-ALG-PUBLIC-KEY-AS-HMAC")
@for_one_operation(bearer_authenticated)
@variants("algorithm", {"HS256": "HS256", "HS384": "HS384", "HS512": "HS512"})
@variants("spelling", {spelling: spelling for spelling in SPELLINGS})
def test_a_public_key_is_no_shared_secret(rsa_forge, present, spelling, algorithm):
    """A token authenticated by HMAC over the issuer's public key, in each of its spellings, is refused."""
    reply = present(rsa_forge.public_key_as_secret(spelling, algorithm))

    assert reply == refused


@requirement("JWT-ALG-ALLOWLIST")
@for_one_operation(bearer_authenticated)
@variants("algorithm", {name: name for name in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")})
def test_only_declared_algorithms_are_accepted(rsa_forge, present, algorithm):
    """A true signature by the trusted RSA key, made by an algorithm that the contract does not list, is refused."""
    reply = present(rsa_forge.resigned(algorithm))

    assert reply == refused


@requirement("JWT-SIGNATURE-PAYLOAD-TAMPER")
@for_each_operation(bearer_authenticated)
def test_a_prolonged_token_is_refused(forge, present):
    """The expiry is moved by a minute and the signature kept; the token is refused."""
    reply = present(forge.prolonged())

    assert reply == refused


@requirement("JWT-SIGNATURE-PAYLOAD-TAMPER")
@for_one_operation(bearer_authenticated)
@variants(
    "forged",
    {
        "subject": lambda forge: forge.tampered(sub="somebody-else"),
        "new-claim": lambda forge: forge.tampered(admin=True),
        "header": lambda forge: forge.relabelled(x=1),
        "signature-bit": Forger.bent,
    },
)
def test_a_changed_token_is_refused(forge, present, forged):
    """A claim, the header or a single bit of the signature is changed; the token is refused."""
    reply = present(forged(forge))

    assert reply == refused


@requirement("JWT-SIGNATURE-MISSING")
@for_one_operation(bearer_authenticated)
@variants("forged", {"empty": Forger.unsigned, "absent": lambda forge: forge.unsigned().rstrip(".")})
def test_an_unsigned_token_is_refused(forge, present, forged):
    """The header keeps its permitted algorithm, the signature is empty or left out; the token is refused."""
    reply = present(forged(forge))

    assert reply == refused


@requirement("JWT-SIGNATURE-FOREIGN-KEY")
@for_each_operation(bearer_authenticated)
def test_a_foreign_signature_is_refused(forge, present):
    """A token with genuine header and claims, signed by another key, is refused."""
    reply = present(forge.foreign())

    assert reply == refused


@requirement("JWT-KID-OPAQUE")
@for_one_operation(bearer_authenticated)
@variants("kid", HOSTILE_KIDS | {"absent": ABSENT})
def test_a_kid_opens_no_door(forge, present, kid):
    """A foreign key signs under a key id that is unknown, empty, absent, mistyped or far too long; it is refused."""
    reply = present(forge.foreign({"kid": kid}))

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
def test_a_kid_is_neither_path_nor_query(forge, present, kid):
    """The key id leads to a secret that everybody knows, with which the token is authenticated; it is refused."""
    reply = present(forge.authenticated(kid[1], kid=kid[0]))

    assert reply == refused


@requirement("JWT-HEADER-EMBEDDED-KEY")
@for_one_operation(bearer_authenticated)
@variants(
    "forged",
    {"jwk": Forger.embedded_jwk, "jwk-genuine-kid": Forger.embedded_jwk_under_genuine_kid, "x5c": Forger.embedded_x5c},
)
def test_a_token_cannot_bring_its_key(forge, present, forged):
    """A foreign key signs and comes along in the header; the token is refused."""
    reply = present(forged(forge))

    assert reply == refused


@requirement("JWT-HEADER-KEY-URL")
@for_one_operation(bearer_authenticated)
@variants("place", {"jku": "jku", "x5u": "x5u", "kid": "kid", "iss": "iss"})
def test_a_token_cannot_say_where_its_key_is(forge, present, fence, trap, place):
    """A foreign key signs and could be fetched where the token says; it is refused, and nobody comes to fetch."""
    reply = present(forge.referring(place, trap.url))
    fence()

    assert reply == refused
    assert trap.received == []


@requirement("JWT-ECDSA-ZERO-SIGNATURE")
@for_one_operation(bearer_authenticated)
@variants("numbers", {"zeros": (0, 0), "r-zero": (0, 1), "s-zero": (1, 0), "order": (ORDER, ORDER)})
def test_a_signature_of_nothing_is_refused(ec_forge, present, numbers):
    """A signature whose numbers are zero, or the order of the group, is refused."""
    reply = present(ec_forge.with_numbers(*numbers))

    assert reply == refused


@requirement("JWT-MALFORMED-TOLERANCE")
@for_one_operation(bearer_authenticated)
@variants("token", MALFORMED)
def test_what_is_no_token_is_refused(present, token):
    """Something that is not a token at all is refused, and breaks nothing."""
    reply = present(token)

    assert reply == refused


@requirement("JWT-KEY-ROLLOVER")
@for_one_operation(bearer_authenticated)
def test_a_new_key_is_soon_known(keys_bound, forge, present, ready, new_key):
    """The issuer publishes one more key: its tokens are accepted within the bound, and those of the old key still."""
    reply = eventually(lambda: present(forge.signed_by(new_key)), success, within=keys_bound)
    old = ready.owner.send(ready.another())

    assert reply == success
    assert old == success


@requirement("JWT-KEY-ROLLOVER")
@for_one_operation(bearer_authenticated)
def test_a_withdrawn_key_is_soon_refused(keys_bound, forge, present, accepted_key, issuer):
    """The issuer withdraws a key whose token was just accepted: the token is refused within the bound."""
    issuer.keys.withdraw(accepted_key)
    reply = eventually(lambda: present(forge.signed_by(accepted_key)), refused, within=keys_bound)

    assert reply == refused
