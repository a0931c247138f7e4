"""OpenID Connect: ID tokens, userinfo, and published keys."""

from conformance.fixtures.oauth.long_values import LONG_NONCE
from conformance.judgement.expectations import challenge, refused, status, success
from conformance.marks import given, requirement
from conformance.oauth.id_tokens import IdToken
from conformance.oauth.redirect_targets import without_code

# RFC 7518 section 6: members of a JWK that hold private or symmetric keys.
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
# OpenID Connect Core section 5.4: claims that the scopes profile, email, address and phone stand for.
PERSONAL = {"name", "family_name", "given_name", "nickname", "picture", "birthdate", "email", "address", "phone_number"}
# OpenID Connect Core section 3.1.2.6: errors of a request with the prompt none that cannot be answered without a page.
NEEDS_THE_USER = {"login_required", "interaction_required", "consent_required", "account_selection_required"}


@requirement("OIDC-ID-TOKEN-VALID")
def test_an_id_token_is_valid(id_token):
    """A fresh ID token is judged as a relying party would: signature, issuer, audience, subject and times."""
    assert id_token.validation_errors() == []


@requirement("OIDC-ID-TOKEN-REFRESHED")
def test_a_refreshed_id_token_has_the_same_subject(id_token, refreshed_id_token):
    """The ID token of a refresh has the issuer, subject and audience of the first one."""
    assert refreshed_id_token.identity == id_token.identity


@requirement("OIDC-NONCE")
def test_the_nonce_is_in_the_id_token(id_token_with_nonce):
    """A nonce of characters that need care stands unchanged in the ID token."""
    assert id_token_with_nonce.claims.get("nonce") == IdToken.NONCE


@requirement("OIDC-NONCE")
def test_a_long_nonce_is_not_cut(nonce_in_id_token):
    """A nonce of three hundred characters stands whole in the ID token."""
    assert nonce_in_id_token == LONG_NONCE


@requirement("OIDC-AT-HASH")
def test_at_hash_is_the_hash_of_the_access_token(id_token_with_at_hash):
    """The at_hash of a fresh ID token is that of the access token that came with it."""
    assert id_token_with_at_hash.claims["at_hash"] == id_token_with_at_hash.at_hash


@requirement("OIDC-SUBJECT-STABLE")
def test_the_subject_is_stable(id_token, id_token_with_nonce):
    """Two logins of one user to one client have the same subject."""
    assert id_token.claims.get("sub") == id_token_with_nonce.claims.get("sub")


@requirement("OIDC-PROMPT-NONE")
@given("authorization_response")
def test_prompt_none_shows_no_page(openid_flow):
    """A browser in which nobody is logged in comes with the prompt none; it is sent back with an error."""
    response = openid_flow.authorize(openid_flow.parameters(prompt="none"))

    assert response == without_code
    assert response.parameters.get("error") in NEEDS_THE_USER
    assert {reply.request.method for reply in response.history} == {"GET"}


@requirement("OIDC-PROMPT-NONE")
def test_prompt_none_asks_for_no_consent_and_has_none(asking_flow):
    """Somebody was just asked for consent, and refused; the same request with the prompt none brings an error."""
    response = asking_flow.without_asking()

    assert response == without_code
    assert response.parameters.get("error") in NEEDS_THE_USER - {"login_required"}


@requirement("OIDC-PROMPT-CONSENT")
@given("normative")
def test_prompt_consent_asks_whoever_has_consented(consented_flow):
    """Somebody consents, which is then taken as given; with the prompt consent the same request asks again."""
    assert not consented_flow.asked()
    assert consented_flow.asked(prompt="consent")


@requirement("OIDC-USERINFO")
def test_userinfo_names_the_subject_of_the_id_token(openid_flow, id_token):
    """The userinfo endpoint, asked with the access token, tells the subject of the ID token."""
    reply = openid_flow.userinfo(id_token.tokens.access_token)

    assert reply == success
    assert reply.member("sub") == id_token.claims.get("sub")


@requirement("OIDC-USERINFO-REFUSES")
def test_userinfo_needs_a_token(openid_flow, id_token):
    """Without the token with which it was just asked, the userinfo endpoint answers 401 with a challenge."""
    control = openid_flow.userinfo(id_token.tokens.access_token)
    reply = openid_flow.userinfo(None)

    assert (control.status, reply.status) == (200, 401)
    assert reply == challenge("Bearer")


@requirement("OIDC-USERINFO-REFUSES")
def test_userinfo_needs_a_valid_token(openid_flow, id_token):
    """With a text that is no token, the userinfo endpoint answers 401 with invalid_token."""
    control = openid_flow.userinfo(id_token.tokens.access_token)
    reply = openid_flow.userinfo("no-such-token")

    assert (control.status, reply.status) == (200, 401)
    assert reply == challenge("Bearer", error="invalid_token")


@requirement("OIDC-USERINFO-REFUSES")
@given("revocation_declared")
def test_userinfo_refuses_a_revoked_token(openid_flow, tokens, await_revocation):
    """An access token with which it was just asked is revoked; the userinfo endpoint refuses it."""
    control = openid_flow.userinfo(tokens.access_token)
    openid_flow.revoke(tokens.access_token, token_type_hint="access_token")
    reply = await_revocation(lambda: openid_flow.userinfo(tokens.access_token), refused)

    assert control == success
    assert reply == status(401)


@requirement("OIDC-CLAIMS-BY-SCOPE")
def test_personal_claims_need_their_scopes(minimal_userinfo):
    """With the scope openid alone, the userinfo endpoint tells the subject, but neither name nor address."""
    assert "sub" in minimal_userinfo
    assert not PERSONAL & set(minimal_userinfo)


@requirement("OIDC-CLAIMS-BY-SCOPE")
@given("normative")
def test_a_narrowed_refresh_tells_no_more(narrowed_id_token):
    """A refresh asks for the scope openid alone; its ID token tells neither name nor address."""
    assert not PERSONAL & set(narrowed_id_token.claims)


@requirement("OIDC-JWKS-PUBLIC-ONLY")
def test_published_keys_are_public(key_set):
    """None of the published keys has a member that only a private or symmetric key has."""
    assert [key.get("kid") for key in key_set if PRIVATE & set(key)] == []


@requirement("OIDC-JWKS-KEYS")
def test_published_keys_have_type_id_and_size(key_set, weak_keys):
    """Each key has a type and, where there are several, an id of its own; RSA keys are long enough."""
    assert all(isinstance(key.get("kty"), str) for key in key_set)
    assert len({key.get("kid", position) for position, key in enumerate(key_set)}) == len(key_set)
    assert all(key.get("kid") for key in key_set[1:])
    assert weak_keys == []


@requirement("JWT-ID-TOKEN-AS-ACCESS")
@given("tokens")
def test_an_id_token_is_refused_as_access_token(access_resource, id_token):
    """An ID token is presented where an access token was just accepted; it is refused."""
    reply = access_resource(id_token.text)

    assert reply == refused
