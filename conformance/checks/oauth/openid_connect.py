"""Who logged in."""

from conformance.judgement.expectations import challenge, refused, success
from conformance.marks import given, requirement
from conformance.oauth.id_tokens import IdToken
from conformance.oauth.redirect_targets import without_code

# RFC 7518 section 6: members of a JWK that hold private or symmetric keys.
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
# OpenID Connect Core section 5.4: claims that the scopes profile, email, address and phone stand for.
PERSONAL = {"name", "family_name", "given_name", "nickname", "picture", "birthdate", "email", "address", "phone_number"}


@requirement("OIDC-ID-TOKEN-VALID")
def test_an_id_token_holds(signed_in):
    """A fresh ID token is judged as a relying party would: signature, issuer, audience, subject and times."""
    assert signed_in.flaws() == []


@requirement("OIDC-ID-TOKEN-REFRESHED")
def test_a_refreshed_id_token_is_of_the_same_person(signed_in, refreshed_id_token):
    """The ID token of a refresh has the issuer, subject and audience of the first one."""
    assert refreshed_id_token.identity == signed_in.identity


@requirement("OIDC-NONCE")
def test_the_nonce_is_in_the_id_token(nonced):
    """A nonce of characters that need care stands unchanged in the ID token."""
    assert nonced.claims.get("nonce") == IdToken.NONCE


@requirement("OIDC-AT-HASH")
def test_the_hash_is_that_of_the_access_token(hashed):
    """The at_hash of a fresh ID token is that of the access token that came with it."""
    assert hashed.claims["at_hash"] == hashed.at_hash


@requirement("OIDC-SUBJECT-STABLE")
def test_the_subject_stays(signed_in, nonced):
    """Two logins of one person to one client have the same subject."""
    assert signed_in.claims.get("sub") == nonced.claims.get("sub")


@requirement("OIDC-PROMPT-NONE")
@given("landed")
def test_nobody_is_asked_where_no_page_may_be_shown(openid_flow):
    """A browser in which nobody is logged in comes with the prompt none; it is sent back with an error."""
    landing = openid_flow.visit(openid_flow.wish(prompt="none"))

    assert landing == without_code
    assert landing.parameters.get("error") in {"login_required", "interaction_required", "consent_required"}
    assert {reply.request.method for reply in landing.trail} == {"GET"}


@requirement("OIDC-USERINFO")
def test_userinfo_is_about_the_same_person(openid_flow, signed_in):
    """The userinfo endpoint, asked with the access token, tells the subject of the ID token."""
    reply = openid_flow.userinfo(signed_in.tokens.access)

    assert reply == success
    assert reply.member("sub") == signed_in.claims.get("sub")


@requirement("OIDC-USERINFO-REFUSES")
def test_userinfo_needs_a_token(openid_flow, signed_in):
    """Without the token with which it was just asked, the userinfo endpoint answers 401 with a challenge."""
    control = openid_flow.userinfo(signed_in.tokens.access)
    reply = openid_flow.userinfo(None)

    assert (control.status, reply.status) == (200, 401)
    assert reply == challenge("Bearer")


@requirement("OIDC-USERINFO-REFUSES")
def test_userinfo_needs_a_good_token(openid_flow, signed_in):
    """With a text that is no token, the userinfo endpoint answers 401 with invalid_token."""
    control = openid_flow.userinfo(signed_in.tokens.access)
    reply = openid_flow.userinfo("no-such-token")

    assert (control.status, reply.status) == (200, 401)
    assert reply == challenge("Bearer", error="invalid_token")


@requirement("OIDC-CLAIMS-BY-SCOPE")
def test_a_person_is_described_only_with_the_scope(told_without):
    """With the scope openid alone, the userinfo endpoint tells the subject, but neither name nor address."""
    assert "sub" in told_without
    assert not PERSONAL & set(told_without)


@requirement("OIDC-JWKS-PUBLIC-ONLY")
def test_published_keys_are_public(key_set):
    """None of the published keys has a member that only a private or symmetric key has."""
    assert [key.get("kid") for key in key_set if PRIVATE & set(key)] == []


@requirement("OIDC-JWKS-KEYS")
def test_published_keys_can_be_told_apart(key_set, weak_keys):
    """Each key has a type and, where there are several, an id of its own; RSA keys are long enough."""
    assert all(isinstance(key.get("kty"), str) for key in key_set)
    assert len({key.get("kid", position) for position, key in enumerate(key_set)}) == len(key_set)
    assert all(key.get("kid") for key in key_set[1:])
    assert weak_keys == []


@requirement("JWT-ID-TOKEN-AS-ACCESS")
@given("tokens")
def test_an_id_token_is_no_access_token(door, signed_in):
    """An ID token is presented where an access token was just accepted; it is refused."""
    reply = door(signed_in.text)

    assert reply == refused
