"""Is a genuine token meant for this API, and for now?"""

from conformance.identity.forged_tokens import ABSENT
from conformance.judgement.expectations import accepted, no_server_error, refused
from conformance.marks import for_each_operation, for_one_operation, requirement, variants
from conformance.selection.operations import bearer_authenticated, both, private_read


@requirement("JWT-EXPIRED")
@for_each_operation(bearer_authenticated)
def test_an_expired_token_is_refused(forge, present):
    """A genuine token that expired a minute before the leeway began is refused."""
    reply = present(forge.expired())

    assert reply == refused


@requirement("JWT-EXPIRED")
@for_one_operation(bearer_authenticated)
@variants("forged", {"a-day": lambda forge: forge.expired(86400), "epoch": lambda forge: forge.minted(exp=0, iat=0)})
def test_a_token_long_expired_is_refused(forge, present, forged):
    """A genuine token that expired a day ago, or when time began, is refused."""
    reply = present(forged(forge))

    assert reply == refused


@requirement("JWT-NOT-YET-VALID")
@for_one_operation(bearer_authenticated)
def test_a_token_of_tomorrow_is_refused(forge, present):
    """A genuine token that becomes valid five minutes after the leeway is refused."""
    reply = present(forge.early())

    assert reply == refused


@requirement("JWT-EXP-MALFORMED")
@for_one_operation(bearer_authenticated)
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
@for_one_operation(bearer_authenticated)
@variants("exp", {"huge": 10**400, "minus-huge": -(10**400), "fraction": 4102444800.5})
def test_no_number_in_exp_breaks_the_server(forge, present, exp):
    """A genuine token whose expiry is a number beyond all clocks causes no server error."""
    reply = present(forge.minted(exp=exp))

    assert reply == no_server_error


@requirement("JWT-ISSUER")
@for_one_operation(bearer_authenticated)
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
@for_one_operation(bearer_authenticated)
def test_a_key_signs_for_its_own_issuer_alone(forge, present, own_issuer):
    """A token signed by one trusted issuer's key in the name of another trusted issuer is refused."""
    reply = present(forge.minted(iss=own_issuer))

    assert reply == refused


@requirement("JWT-AUDIENCE")
@for_each_operation(bearer_authenticated)
def test_a_token_for_somebody_else_is_refused(forge, present):
    """A genuine token whose audience is another API is refused."""
    reply = present(forge.minted(aud="https://other.example"))

    assert reply == refused


@requirement("JWT-AUDIENCE")
@for_one_operation(bearer_authenticated)
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
@for_one_operation(bearer_authenticated)
def test_one_audience_of_several_is_enough(forge, present, ready):
    """A genuine token that is meant for another API and for this one is accepted."""
    reply = present(forge.minted(aud=["https://other.example", forge.trusted.audience]))

    assert reply == accepted(ready.operation)


@requirement("JWT-TYPE-HEADER")
@for_one_operation(bearer_authenticated)
@variants(
    "typ",
    {"plain": "JWT", "absent": ABSENT, "empty": "", "logout": "logout+jwt", "event": "secevent+jwt"},
)
def test_only_access_tokens_are_accepted(forge, present, typ):
    """A genuine token of another type is refused."""
    reply = present(forge.typed(typ))

    assert reply == refused


@requirement("JWT-TYPE-SPELLING")
@for_one_operation(bearer_authenticated)
@variants("spelled", {"prefixed": "application/{}".format, "upper": str.upper})
def test_a_type_is_a_media_type(forge, present, ready, spelled):
    """A genuine token whose type is written in full, or in capitals, is accepted."""
    reply = present(forge.headed(typ=spelled(forge.rules.typ)))

    assert reply == accepted(ready.operation)


@requirement("JWT-CRIT-UNKNOWN")
@for_one_operation(bearer_authenticated)
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


@requirement("JWT-SUBJECT-NAMESPACE")
@for_one_operation(both(private_read, bearer_authenticated))
def test_equal_subjects_of_two_issuers_are_two(namesake, partners):
    """A token of another issuer with the partner's subject asks for the partner's object; it is refused."""
    reply = namesake.send(partners.request)

    assert reply == refused
