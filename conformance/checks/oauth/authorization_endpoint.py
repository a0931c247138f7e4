"""The authorization endpoint: state, consent, redirect URIs, PKCE, issuer identification."""

from conformance.fixtures.oauth.authorization_endpoint import SPECIAL_STATE, UNREGISTERED_URI
from conformance.fixtures.oauth.long_values import LONG_STATE
from conformance.marks import given, requirement, variants
from conformance.oauth.redirect_targets import code_at, error_redirect, not_redirected_to, without_code, without_token

IMPLICIT = {"token": "token", "code and token": "code token", "ID token": "id_token token"}
METHODS = {
    "plain": {"code_challenge_method": "plain"},
    "lower case": {"code_challenge_method": "s256"},
    "unknown": {"code_challenge_method": "S1024"},
}


@requirement("OAUTH-AUTHZ-STATE")
def test_the_state_is_returned_with_a_code(flow):
    """A state of characters that need care is repeated to the letter beside the code."""
    response = flow.authorize(flow.parameters(state=SPECIAL_STATE))

    assert response.parameters.get("state") == SPECIAL_STATE
    assert "code" in response.parameters


@requirement("OAUTH-AUTHZ-STATE")
def test_the_state_is_returned_with_an_error(denied_response):
    """A state of characters that need care is repeated to the letter beside the error."""
    assert denied_response.parameters.get("state") == SPECIAL_STATE


@requirement("OAUTH-AUTHZ-STATE")
def test_a_long_state_is_not_cut(flow):
    """A state of six hundred characters is repeated whole, or its request brings no code."""
    response = flow.authorize(flow.parameters(state=LONG_STATE))

    assert response.parameters.get("state", LONG_STATE) == LONG_STATE


@requirement("OAUTH-AUTHZ-STATE")
def test_the_state_is_returned_with_an_early_error(early_refusal):
    """A request is refused before anybody logs in; the state stands to the letter beside the error."""
    assert early_refusal.parameters.get("state") == SPECIAL_STATE


@requirement("OAUTH-AUTHZ-STATE")
def test_no_state_is_returned_if_none_was_sent(flow):
    """A request without a state is answered with a code and without a state."""
    response = flow.authorize(flow.parameters(without=("state",)))

    assert "state" not in response.parameters
    assert "code" in response.parameters


@requirement("OAUTH-AUTHZ-DENIED")
@given("authorization_response")
def test_a_denied_request_gets_access_denied(denied_response):
    """The user logs in and denies: the client gets access_denied and no code."""
    assert denied_response == error_redirect("access_denied")


@requirement("OAUTH-AUTHZ-SCOPE")
@given("authorization_response")
def test_a_scope_beyond_the_registration_is_not_granted(excess_scopes):
    """The request names one more scope than is registered: it is refused, or the token does not have it."""
    assert excess_scopes == set()


@requirement("OAUTH-NO-IMPLICIT")
@given("authorization_response")
@variants("response_type", IMPLICIT)
def test_no_token_is_given_to_the_browser(flow, response_type):
    """A request for another response type than code, with a nonce, brings no token to the browser."""
    response = flow.authorize(flow.parameters(response_type=response_type, nonce="n-1"))

    assert response == without_token


@requirement("OAUTH-REDIRECT-URI-EXACT")
def test_a_similar_redirect_uri_gets_no_code(redirect_uris_with_code):
    """Requests name redirect URIs that differ a little from the registered one; none of them is given a code."""
    assert redirect_uris_with_code == []


@requirement("OAUTH-REDIRECT-URI-EACH")
def test_another_registered_redirect_uri_gets_the_code(flow_with_two_addresses):
    """A request names the other redirect URI of the client; the browser is sent there, with a code."""
    flow = flow_with_two_addresses
    response = flow.authorize(flow.parameters(redirect_uri=flow.other_redirect_uri))

    assert response == code_at(flow.other_redirect_uri)


@requirement("OAUTH-REDIRECT-URI-BAD-NO-REDIRECT")
@given("authorization_response")
def test_an_unregistered_redirect_uri_gets_no_redirect(flow):
    """A request names a redirect URI that is not registered; the browser is not sent there, before or after a login."""
    response = flow.authorize(flow.parameters(redirect_uri=UNREGISTERED_URI))

    assert response == not_redirected_to(UNREGISTERED_URI)


@requirement("OAUTH-REDIRECT-URI-BAD-NO-REDIRECT")
@given("authorization_response")
def test_an_unregistered_redirect_uri_gets_no_error(flow):
    """The same with a response type that is refused: the error is not sent there either."""
    response = flow.authorize(flow.parameters(redirect_uri=UNREGISTERED_URI, response_type="undefined"))

    assert response == not_redirected_to(UNREGISTERED_URI)


@requirement("OAUTH-REDIRECT-URI-BAD-NO-REDIRECT")
@given("authorization_response")
def test_an_unknown_client_gets_no_redirect(flow):
    """A request comes from a client that nobody registered; the browser is not sent to the address that it names."""
    response = flow.authorize(flow.parameters(client_id="nobody-registered-this", redirect_uri=UNREGISTERED_URI))

    assert response == not_redirected_to(UNREGISTERED_URI)


@requirement("OAUTH-ISS-PARAMETER")
def test_a_response_with_a_code_names_the_issuer(declared_issuer, authorization_response):
    """The answer with a code names the issuer of the metadata."""
    assert authorization_response.parameters.get("iss") == declared_issuer


@requirement("OAUTH-ISS-PARAMETER")
def test_an_error_response_names_the_issuer(declared_issuer, denied_response):
    """The answer with access_denied names the issuer of the metadata."""
    assert denied_response.parameters.get("iss") == declared_issuer


@requirement("OAUTH-ISS-PARAMETER")
def test_an_early_error_response_names_the_issuer(declared_issuer, early_refusal):
    """The answer to a request that is refused before anybody logs in names the issuer of the metadata."""
    assert early_refusal.parameters.get("iss") == declared_issuer


@requirement("OAUTH-PKCE-REQUIRED")
def test_a_public_client_without_a_challenge_gets_no_code(response_without_challenge):
    """A public client that was just given a code sends no challenge; it gets invalid_request."""
    assert response_without_challenge == error_redirect("invalid_request")


@requirement("OAUTH-PKCE-S256-ONLY")
@variants("changes", METHODS)
def test_another_challenge_method_gets_no_code(working_public_flow, changes):
    """A challenge comes with another method than S256; there is no code."""
    response = working_public_flow.authorize(working_public_flow.parameters(**changes))

    assert response == without_code


@requirement("OAUTH-PKCE-S256-ONLY")
def test_a_challenge_without_a_method_gets_no_code(working_public_flow):
    """A challenge comes without a method, which would mean plain; there is no code."""
    response = working_public_flow.authorize(working_public_flow.parameters(without=("code_challenge_method",)))

    assert response == without_code


@requirement("OAUTH-PKCE-METADATA")
@given("authorization_response")
def test_the_metadata_list_s256(authorization_server):
    """The metadata of a server whose flow works list S256 and not plain."""
    assert "S256" in authorization_server.listed("code_challenge_methods_supported")
    assert "plain" not in authorization_server.listed("code_challenge_methods_supported")


@requirement("OAUTH-NO-307")
def test_forms_are_not_redirected_by_307(form_redirects):
    """None of the redirects that answer the forms of a login and a consent makes the browser repeat the form."""
    assert not {307, 308} & set(form_redirects)


@requirement("OAUTH-CONSENT-OF-THIS-BROWSER")
def test_a_consent_without_the_browsers_cookies_gets_no_code(replayed_consent):
    """The form that just brought a code is sent again without the browser's cookies; it brings none."""
    assert "code=" not in replayed_consent.header("Location")


@requirement("OAUTH-CONSENT-EACH-SCOPE")
def test_a_consent_covers_no_scope_beyond_it(asking_flow):
    """Somebody refuses a request, consents to one of its scopes alone, and is asked again; the request gets no code."""
    response = asking_flow.after_narrow_consent()

    assert response == without_code
    assert response.decided


@requirement("OAUTH-CONSENT-EACH-SCOPE")
@given("normative")
def test_a_consent_to_one_client_is_none_to_another(consent_of_other_client):
    """Somebody who is logged in and has consented to one client comes from another one; a page asks for consent."""
    assert consent_of_other_client.decided
