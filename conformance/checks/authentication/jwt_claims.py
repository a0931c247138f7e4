"""Claims of genuine tokens: expiry, issuer, audience, type, critical extensions."""

import time

from conformance.authorization.unauthorized_access import NOTHING
from conformance.fixtures.authentication.subjects import SUBJECTS_ALIKE
from conformance.identity.compact_jwt import ABSENT
from conformance.judgement.expectations import accepted, no_server_error, refused
from conformance.marks import for_each_operation, for_one_operation, given, requirement, variants
from conformance.selection.authorization import shared_read
from conformance.selection.operations import bearer_authenticated, both, private_read


@requirement("JWT-EXPIRED")
@for_each_operation(bearer_authenticated)
def test_an_expired_token_is_refused(expired_token, present_token):
    """A genuine token that expired before the leeway began is refused."""
    reply = present_token(expired_token)

    assert reply == refused


@requirement("JWT-EXPIRED")
@for_one_operation(bearer_authenticated)
@variants(
    "forgery",
    {
        "a-day": lambda token_forger: token_forger.expired(86400),
        "epoch": lambda token_forger: token_forger.with_claims(exp=0, iat=0),
    },
)
def test_a_token_long_expired_is_refused(token_forger, present_token, forgery):
    """A genuine token that expired a day ago, or when time began, is refused."""
    reply = present_token(forgery(token_forger))

    assert reply == refused


@requirement("JWT-NOT-YET-VALID")
@for_one_operation(bearer_authenticated)
def test_a_token_that_is_not_yet_valid_is_refused(token_forger, present_token):
    """A genuine token that becomes valid five minutes after the leeway is refused."""
    reply = present_token(token_forger.not_yet_valid())

    assert reply == refused


@requirement("JWT-NOT-YET-VALID")
@for_one_operation(bearer_authenticated)
def test_a_fraction_of_a_second_does_not_hide_it(token_forger, present_token):
    """A genuine token becomes valid some minutes and half a second later, as a number may say it; it is refused."""
    reply = present_token(token_forger.not_yet_valid(fraction=0.5))

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
def test_a_malformed_expiry_is_refused(token_forger, present_token, exp):
    """A genuine token without exp, or with one that is no number, is refused."""
    reply = present_token(token_forger.with_claims(exp=exp))

    assert reply == refused


@requirement("JWT-EXP-MALFORMED")
@for_one_operation(bearer_authenticated)
@variants("exp", {"huge": 10**400, "minus-huge": -(10**400), "fraction": 4102444800.5})
def test_an_extreme_expiry_causes_no_server_error(token_forger, present_token, exp):
    """A genuine token whose expiry is a number beyond all clocks causes no server error."""
    reply = present_token(token_forger.with_claims(exp=exp))

    assert reply == no_server_error


@requirement("JWT-NUMERIC-DATE")
@for_one_operation(bearer_authenticated)
@variants("exp", {"fraction": lambda now: now + 300.5, "after-2038": lambda _: 2**31 + 86400})
def test_every_numeric_date_is_understood(token_forger, present_token, ready, exp):
    """A genuine token expires at a fraction of a second, or later than 32 bits can tell; it is accepted."""
    reply = present_token(token_forger.with_claims(exp=exp(time.time())))

    assert reply == accepted(ready.operation)


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
def test_only_the_exact_issuer_is_trusted(token_forger, present_token, changed):
    """A token signed by a trusted key whose iss is almost, or not at all, that of the issuer is refused."""
    reply = present_token(token_forger.with_claims(iss=changed(token_forger.trusted_mint.issuer)))

    assert reply == refused


@requirement("JWT-ISSUER")
@for_one_operation(bearer_authenticated)
def test_a_key_of_another_trusted_issuer_is_refused(token_forger, present_token, target_issuer):
    """A token signed by one trusted issuer's key in the name of another trusted issuer is refused."""
    reply = present_token(token_forger.with_claims(iss=target_issuer))

    assert reply == refused


@requirement("JWT-AUDIENCE")
@for_each_operation(bearer_authenticated)
def test_a_token_for_another_audience_is_refused(token_forger, present_token):
    """A genuine token whose audience is another API is refused."""
    reply = present_token(token_forger.with_claims(aud="https://other.example"))

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
        "slash": lambda audience: audience + "/",
        "case": lambda audience: audience.upper(),
    },
)
def test_a_similar_audience_is_refused(token_forger, present_token, changed):
    """A genuine token whose audience is missing, empty, or only resembles this API is refused."""
    reply = present_token(token_forger.with_claims(aud=changed(token_forger.trusted_mint.audience)))

    assert reply == refused


@requirement("JWT-AUDIENCE-ARRAY")
@for_one_operation(bearer_authenticated)
def test_one_of_several_audiences_is_enough(token_forger, present_token, ready):
    """A genuine token that is meant for another API and for this one is accepted."""
    reply = present_token(token_forger.with_claims(aud=["https://other.example", token_forger.trusted_mint.audience]))

    assert reply == accepted(ready.operation)


@requirement("JWT-TYPE-HEADER")
@for_one_operation(bearer_authenticated)
@variants(
    "typ",
    {"plain": "JWT", "absent": ABSENT, "empty": "", "logout": "logout+jwt", "event": "secevent+jwt"},
)
def test_only_access_tokens_are_accepted(token_forger, present_token, typ):
    """A genuine token of another type is refused."""
    reply = present_token(token_forger.with_type(typ))

    assert reply == refused


@requirement("JWT-TYPE-SPELLING")
@for_one_operation(bearer_authenticated)
@variants("spelled", {"prefixed": "application/{}".format, "upper": str.upper})
def test_the_type_is_compared_as_a_media_type(token_forger, present_token, ready, spelled):
    """A genuine token whose type is written in full, or in capitals, is accepted."""
    reply = present_token(token_forger.with_header(typ=spelled(token_forger.rules.typ)))

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
def test_an_unknown_critical_extension_is_refused(token_forger, present_token, header):
    """A genuine token that names an unknown extension as critical is refused."""
    reply = present_token(token_forger.with_header(**header))

    assert reply == refused


@requirement("JWT-TENANT-NAMESPACE")
@for_one_operation(both(shared_read, bearer_authenticated))
def test_the_same_tenant_of_another_issuer_is_another_tenant(same_tenant_of_other_issuer, partner_request):
    """A token of another issuer that names the partner's tenant asks for what this one shares; it is refused."""
    reply = same_tenant_of_other_issuer.send(partner_request.request)

    assert reply == refused


@requirement("JWT-TENANT-NAMESPACE")
@for_one_operation(both(shared_read, bearer_authenticated))
@given("normative")
def test_a_tenant_in_other_letters_is_another_tenant(access_of_tenant_alike):
    """Somebody whose tenant differs in the case of its letters asks for what this one shares; nothing is shown."""
    assert access_of_tenant_alike == NOTHING


@requirement("JWT-SUBJECT-EXACT")
@for_one_operation(both(private_read, bearer_authenticated))
@variants("alike", SUBJECTS_ALIKE)
def test_a_subject_that_looks_alike_is_another_principal(access_of_subject_alike):
    """A long subject asks for what belongs to one in other letter case, or with another end; it gets nothing."""
    assert access_of_subject_alike == NOTHING


@requirement("JWT-SUBJECT-NAMESPACE")
@for_one_operation(both(private_read, bearer_authenticated))
def test_the_same_subject_of_another_issuer_is_another_principal(same_subject_of_other_issuer, partner_request):
    """A token of another issuer with the partner's subject asks for the partner's object; it is refused."""
    reply = same_subject_of_other_issuer.send(partner_request.request)

    assert reply == refused


@requirement("JWT-SUBJECT-NAMESPACE")
def test_userinfo_tells_nothing_of_an_equal_subject(claims_told_to_equal_subject):
    """A token of another issuer with a person's subject asks for userinfo; it is told no claim of the person."""
    assert claims_told_to_equal_subject == []
