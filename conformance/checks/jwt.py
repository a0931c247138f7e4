"""Is the token genuine, and is it meant for this API? Every way to make one that is not."""

from conformance.engine.expect import accepted, no_server_error, refused, success
from conformance.engine.marks import for_each_operation, for_one_operation, requirement, variants
from conformance.engine.select import bearing, both, private_read
from conformance.instruments.certificates import SPELLINGS
from conformance.instruments.forging import ABSENT, ORDER, Forger
from conformance.instruments.malformed import HOSTILE_KIDS, MALFORMED
from conformance.instruments.waiting import eventually


@requirement("JWT-ALG-NONE")
@for_each_operation(bearing)
def test_an_unsecured_token_is_refused(forge, present):
    """The token that was just accepted is sent with the algorithm none and no signature; it is refused."""
    reply = present(forge.unsecured("none"))

    assert reply == refused


@requirement("JWT-ALG-NONE")
@for_one_operation(bearing)
@variants("name", {"lower": "none", "capital": "None", "upper": "NONE", "mixed": "nOnE"})
@variants("forged", {"unsigned": Forger.unsecured, "signed": Forger.unsecured_but_signed})
def test_none_is_refused_in_any_spelling(forge, present, forged, name):
    """The algorithm none in any letter case, with an empty and with the old signature, is refused."""
    reply = present(forged(forge, name))

    assert reply == refused


@requirement("JWT-ALG-PUBLIC-KEY-AS-HMAC")
@for_one_operation(bearing)
@variants("algorithm", {"HS256": "HS256", "HS384": "HS384", "HS512": "HS512"})
@variants("spelling", {spelling: spelling for spelling in SPELLINGS})
def test_a_public_key_is_no_shared_secret(rsa_forge, present, spelling, algorithm):
    """A token authenticated by HMAC over the issuer's public key, in each of its spellings, is refused."""
    reply = present(rsa_forge.public_key_as_secret(spelling, algorithm))

    assert reply == refused


@requirement("JWT-ALG-ALLOWLIST")
@for_one_operation(bearing)
@variants("algorithm", {name: name for name in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")})
def test_only_declared_algorithms_are_accepted(rsa_forge, present, algorithm):
    """A true signature by the trusted RSA key, made by an algorithm that the contract does not list, is refused."""
    reply = present(rsa_forge.resigned(algorithm))

    assert reply == refused


@requirement("JWT-SIGNATURE-PAYLOAD-TAMPER")
@for_each_operation(bearing)
def test_a_prolonged_token_is_refused(forge, present):
    """The expiry is moved by a minute and the signature kept; the token is refused."""
    reply = present(forge.prolonged())

    assert reply == refused


@requirement("JWT-SIGNATURE-PAYLOAD-TAMPER")
@for_one_operation(bearing)
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
@for_one_operation(bearing)
@variants("forged", {"empty": Forger.unsigned, "absent": lambda forge: forge.unsigned().rstrip(".")})
def test_an_unsigned_token_is_refused(forge, present, forged):
    """The header keeps its permitted algorithm, the signature is empty or left out; the token is refused."""
    reply = present(forged(forge))

    assert reply == refused


@requirement("JWT-SIGNATURE-FOREIGN-KEY")
@for_each_operation(bearing)
def test_a_foreign_signature_is_refused(forge, present):
    """A token with genuine header and claims, signed by another key, is refused."""
    reply = present(forge.foreign())

    assert reply == refused


@requirement("JWT-KID-OPAQUE")
@for_one_operation(bearing)
@variants("kid", HOSTILE_KIDS | {"absent": ABSENT})
def test_a_kid_opens_no_door(forge, present, kid):
    """A foreign key signs under a key id that is unknown, empty, absent, mistyped or far too long; it is refused."""
    reply = present(forge.foreign({"kid": kid}))

    assert reply == refused


@requirement("JWT-KID-OPAQUE")
@for_one_operation(bearing)
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
@for_one_operation(bearing)
@variants(
    "forged",
    {"jwk": Forger.embedded_jwk, "jwk-genuine-kid": Forger.embedded_jwk_under_genuine_kid, "x5c": Forger.embedded_x5c},
)
def test_a_token_cannot_bring_its_key(forge, present, forged):
    """A foreign key signs and comes along in the header; the token is refused."""
    reply = present(forged(forge))

    assert reply == refused


@requirement("JWT-HEADER-KEY-URL")
@for_one_operation(bearing)
@variants("place", {"jku": "jku", "x5u": "x5u", "kid": "kid", "iss": "iss"})
def test_a_token_cannot_say_where_its_key_is(forge, present, ready, trap, place):
    """A foreign key signs and could be fetched where the token says; it is refused, and nobody comes to fetch."""
    reply = present(forge.referring(place, trap.url))
    later = ready.owner.send(ready.again(), "control")

    assert reply == refused
    assert later == success
    assert trap.received == []


@requirement("JWT-EXPIRED")
@for_each_operation(bearing)
def test_an_expired_token_is_refused(forge, present):
    """A genuine token that expired a minute before the leeway began is refused."""
    reply = present(forge.expired())

    assert reply == refused


@requirement("JWT-EXPIRED")
@for_one_operation(bearing)
@variants("forged", {"a-day": lambda forge: forge.expired(86400), "epoch": lambda forge: forge.minted(exp=0, iat=0)})
def test_a_token_long_expired_is_refused(forge, present, forged):
    """A genuine token that expired a day ago, or when time began, is refused."""
    reply = present(forged(forge))

    assert reply == refused


@requirement("JWT-NOT-YET-VALID")
@for_one_operation(bearing)
def test_a_token_of_tomorrow_is_refused(forge, present):
    """A genuine token that becomes valid five minutes after the leeway is refused."""
    reply = present(forge.early())

    assert reply == refused


@requirement("JWT-EXP-MALFORMED")
@for_one_operation(bearing)
@variants(
    "exp",
    {
        "absent": ABSENT,
        "null": None,
        "text": "4102444800",
        "words": "tomorrow",
        "boolean": True,
        "object": {},
        "list": [4102444800],
        "infinite": float("inf"),
        "no-number": float("nan"),
    },
)
def test_an_expiry_is_a_time(forge, present, exp):
    """A genuine token without exp, or with one that is no number, is refused."""
    reply = present(forge.minted(exp=exp))

    assert reply == refused


@requirement("JWT-EXP-MALFORMED")
@for_one_operation(bearing)
@variants("exp", {"huge": 10**400, "minus-huge": -(10**400), "fraction": 4102444800.5})
def test_no_number_in_exp_breaks_the_server(forge, present, exp):
    """A genuine token whose expiry is a number beyond all clocks causes no server error."""
    reply = present(forge.minted(exp=exp))

    assert reply == no_server_error


@requirement("JWT-ISSUER")
@for_one_operation(bearing)
@variants(
    "changed",
    {
        "other": lambda _: "https://issuer.example",
        "slash": lambda issuer: issuer + "/",
        "longer": lambda issuer: issuer + ".evil.example",
        "shorter": lambda issuer: issuer[:-1],
        "case": lambda issuer: issuer.upper(),
        "scheme": lambda issuer: "other" + issuer,
        "list": lambda issuer: [issuer],
        "absent": lambda _: ABSENT,
    },
)
def test_only_the_exact_issuer_is_trusted(forge, present, changed):
    """A token signed by a trusted key whose iss is almost, or not at all, that of the issuer is refused."""
    reply = present(forge.minted(iss=changed(forge.trusted.issuer)))

    assert reply == refused


@requirement("JWT-ISSUER")
@for_one_operation(bearing)
def test_a_key_signs_for_its_own_issuer_alone(forge, present, own_issuer):
    """A token signed by one trusted issuer's key in the name of another trusted issuer is refused."""
    reply = present(forge.minted(iss=own_issuer))

    assert reply == refused


@requirement("JWT-AUDIENCE")
@for_each_operation(bearing)
def test_a_token_for_somebody_else_is_refused(forge, present):
    """A genuine token whose audience is another API is refused."""
    reply = present(forge.minted(aud="https://other.example"))

    assert reply == refused


@requirement("JWT-AUDIENCE")
@for_one_operation(bearing)
@variants(
    "changed",
    {
        "absent": lambda _: ABSENT,
        "empty": lambda _: [],
        "others": lambda _: ["https://other.example", "https://third.example"],
        "longer": lambda audience: audience + ".evil.example",
        "within": lambda audience: "https://evil.example/?" + audience,
        "shorter": lambda audience: audience[:-1],
    },
)
def test_an_audience_is_compared_whole(forge, present, changed):
    """A genuine token whose audience is missing, empty, or only resembles this API is refused."""
    reply = present(forge.minted(aud=changed(forge.trusted.audience)))

    assert reply == refused


@requirement("JWT-AUDIENCE-ARRAY")
@for_one_operation(bearing)
def test_one_audience_of_several_is_enough(forge, present, ready):
    """A genuine token that is meant for another API and for this one is accepted."""
    reply = present(forge.minted(aud=["https://other.example", forge.trusted.audience]))

    assert reply == accepted(ready.operation)


@requirement("JWT-TYPE-HEADER")
@for_one_operation(bearing)
@variants(
    "typ",
    {"plain": "JWT", "absent": ABSENT, "empty": "", "logout": "logout+jwt", "event": "secevent+jwt"},
)
def test_only_access_tokens_are_accepted(forge, present, typ):
    """A genuine token of another type is refused."""
    reply = present(forge.typed(typ))

    assert reply == refused


@requirement("JWT-TYPE-SPELLING")
@for_one_operation(bearing)
@variants("spelled", {"prefixed": "application/{}".format, "upper": str.upper})
def test_a_type_is_a_media_type(forge, present, ready, spelled):
    """A genuine token whose type is written in full, or in capitals, is accepted."""
    reply = present(forge.headed(typ=spelled(forge.rules.typ)))

    assert reply == accepted(ready.operation)


@requirement("JWT-CRIT-UNKNOWN")
@for_one_operation(bearing)
@variants(
    "header",
    {
        "unknown": {"crit": ["x-unknown"], "x-unknown": True},
        "absent-member": {"crit": ["x-unknown"]},
        "empty": {"crit": []},
        "no-list": {"crit": "x-unknown", "x-unknown": True},
    },
)
def test_what_is_critical_must_be_understood(forge, present, header):
    """A genuine token that names an unknown extension as critical is refused."""
    reply = present(forge.headed(**header))

    assert reply == refused


@requirement("JWT-ECDSA-ZERO-SIGNATURE")
@for_one_operation(bearing)
@variants("numbers", {"zeros": (0, 0), "r-zero": (0, 1), "s-zero": (1, 0), "order": (ORDER, ORDER)})
def test_a_signature_of_nothing_is_refused(ec_forge, present, numbers):
    """A signature whose numbers are zero, or the order of the group, is refused."""
    reply = present(ec_forge.with_numbers(*numbers))

    assert reply == refused


@requirement("JWT-MALFORMED-TOLERANCE")
@for_one_operation(bearing)
@variants("token", MALFORMED)
def test_what_is_no_token_is_refused(present, token):
    """Something that is not a token at all is refused, and breaks nothing."""
    reply = present(token)

    assert reply == refused


@requirement("JWT-ISSUED-CLAIMS")
def test_an_issued_token_says_what_is_needed(token_source, partner):
    """A fresh token is of the declared type, holds the claims of the profile and names the client that got it."""
    issued = token_source.issue()

    assert issued.of_declared_type
    assert issued.lacking == frozenset()
    assert issued.claims.get("client_id", partner.source.client_id) == partner.source.client_id


@requirement("JWT-ISSUED-CLAIMS")
def test_an_issued_token_is_signed_by_a_published_key(token_source):
    """A fresh token verifies with a key that the authorization server publishes."""
    issued = token_source.issue()

    assert issued.verifies(token_source.published_keys())


@requirement("JWT-ISSUED-CLAIMS")
def test_an_issued_token_begins_now(token_source):
    """A fresh token says that it was issued when it was, in seconds, and that it will expire later."""
    issued = token_source.issue()

    assert issued.just_begun
    assert issued.lifetime > 0


@requirement("JWT-ISSUED-CLAIMS")
def test_no_two_tokens_share_an_id(token_source, at_once):
    """Eight tokens issued at once and one more differ in jti, and as a whole."""
    issued = [*at_once(8, token_source.issue), token_source.issue()]

    assert len({token.claims.get("jti") for token in issued}) == len(issued)
    assert len({token.text for token in issued}) == len(issued)


@requirement("JWT-ISSUED-LIFETIME")
def test_a_token_lives_briefly(token_source):
    """A fresh token lives no longer than the contract says, and as long as expires_in says."""
    issued = token_source.issue()

    assert 0 < issued.lifetime <= issued.rules.lifetime
    assert issued.misstated <= 2


@requirement("JWT-ISSUED-NO-SENSITIVE")
def test_a_token_tells_no_more_than_declared(closed_claims, token_source):
    """A fresh token holds no claim beyond the contract's closed list, and not the secret that it was got with."""
    issued = token_source.issue()

    assert frozenset(issued.claims) <= closed_claims
    assert token_source.account.source.client_secret not in str(issued.claims)


@requirement("JWT-SUBJECT-NAMESPACE")
@for_one_operation(both(private_read, bearing))
def test_equal_subjects_of_two_issuers_are_two(namesake, partners):
    """A token of another issuer with the partner's subject asks for the partner's object; it is refused."""
    reply = namesake.send(partners.request)

    assert reply == refused


@requirement("JWT-KEY-ROLLOVER")
@for_one_operation(bearing)
def test_a_new_key_is_soon_known(keys_bound, forge, present, ready, new_key):
    """The issuer publishes one more key: its tokens are accepted within the bound, and those of the old key still."""
    reply = eventually(lambda: present(forge.signed_by(new_key)), success, within=keys_bound)
    old = ready.owner.send(ready.again())

    assert reply == success
    assert old == success


@requirement("JWT-KEY-ROLLOVER")
@for_one_operation(bearing)
def test_a_withdrawn_key_is_soon_refused(keys_bound, forge, present, accepted_key, issuer):
    """The issuer withdraws a key whose token was just accepted: the token is refused within the bound."""
    issuer.keys.withdraw(accepted_key)
    reply = eventually(lambda: present(forge.signed_by(accepted_key)), refused, within=keys_bound)

    assert reply == refused
