"""How a person lets an application in."""

from conformance.fixtures.oauth.authorization_endpoint import ODD_STATE, UNREGISTERED
from conformance.marks import given, requirement, variants
from conformance.oauth.redirect_targets import elsewhere_than, told, without_code, without_token

IMPLICIT = {"token": "token", "code and token": "code token", "ID token": "id_token token"}
METHODS = {
    "plain": {"code_challenge_method": "plain"},
    "lower case": {"code_challenge_method": "s256"},
    "unknown": {"code_challenge_method": "S1024"},
}


@requirement("OAUTH-AUTHZ-STATE")
def test_state_comes_back_with_a_code(flow):
    """A state of characters that need care is repeated to the letter beside the code."""
    landing = flow.visit(flow.wish(state=ODD_STATE))

    assert landing.parameters.get("state") == ODD_STATE
    assert "code" in landing.parameters


@requirement("OAUTH-AUTHZ-STATE")
def test_state_comes_back_with_a_refusal(denied):
    """A state of characters that need care is repeated to the letter beside the error."""
    assert denied.parameters.get("state") == ODD_STATE


@requirement("OAUTH-AUTHZ-STATE")
def test_no_state_comes_back_where_none_was_sent(flow):
    """A request without a state is answered with a code and without a state."""
    landing = flow.visit(flow.wish("", "state"))

    assert "state" not in landing.parameters
    assert "code" in landing.parameters


@requirement("OAUTH-AUTHZ-DENIED")
@given("landed")
def test_a_person_can_refuse(denied):
    """The person logs in and refuses: the client is told access_denied, and gets no code."""
    assert denied == told("access_denied")


@requirement("OAUTH-AUTHZ-SCOPE")
@given("landed")
def test_a_scope_beyond_the_registration_is_not_granted(overreaching):
    """The request names one more scope than is registered: it is refused, or the token does not have it."""
    assert overreaching == set()


@requirement("OAUTH-NO-IMPLICIT")
@given("landed")
@variants("response_type", IMPLICIT)
def test_the_browser_gets_no_access_token(flow, response_type):
    """A request for another response type than code, with a nonce, brings no token to the browser."""
    landing = flow.visit(flow.wish(response_type=response_type, nonce="n-1"))

    assert landing == without_token


@requirement("OAUTH-REDIRECT-URI-EXACT")
def test_an_address_that_resembles_the_registered_one_gets_no_code(strayed):
    """Requests name addresses that differ a little from the registered one; none of them is given a code."""
    assert strayed == []


@requirement("OAUTH-REDIRECT-URI-BAD-NO-REDIRECT")
@given("landed")
def test_an_unregistered_address_is_never_visited(flow):
    """A request names an address that is not registered; the browser is not sent there, before or after a login."""
    landing = flow.visit(flow.wish(redirect_uri=UNREGISTERED))

    assert landing == elsewhere_than(UNREGISTERED)


@requirement("OAUTH-REDIRECT-URI-BAD-NO-REDIRECT")
@given("landed")
def test_an_error_does_not_lead_to_an_unregistered_address(flow):
    """The same with a response type that is refused: the error is not told there either."""
    landing = flow.visit(flow.wish(redirect_uri=UNREGISTERED, response_type="undefined"))

    assert landing == elsewhere_than(UNREGISTERED)


@requirement("OAUTH-REDIRECT-URI-BAD-NO-REDIRECT")
@given("landed")
def test_an_unknown_client_leads_nowhere(flow):
    """A request comes from a client that nobody registered; the browser is not sent to the address that it names."""
    landing = flow.visit(flow.wish(client_id="nobody-registered-this", redirect_uri=UNREGISTERED))

    assert landing == elsewhere_than(UNREGISTERED)


@requirement("OAUTH-ISS-PARAMETER")
def test_a_code_comes_with_its_issuer(promised_issuer, landed):
    """The answer with a code names the issuer of the metadata."""
    assert landed.parameters.get("iss") == promised_issuer


@requirement("OAUTH-ISS-PARAMETER")
def test_a_refusal_comes_with_its_issuer(promised_issuer, denied):
    """The answer with access_denied names the issuer of the metadata."""
    assert denied.parameters.get("iss") == promised_issuer


@requirement("OAUTH-PKCE-REQUIRED")
def test_a_public_client_without_a_challenge_gets_no_code(unchallenged):
    """A public client that was just given a code sends no challenge; it is told invalid_request."""
    assert unchallenged == told("invalid_request")


@requirement("OAUTH-PKCE-S256-ONLY")
@variants("changes", METHODS)
def test_another_method_gets_no_code(public_landed, changes):
    """A challenge comes with another method than S256; there is no code."""
    landing = public_landed.visit(public_landed.wish(**changes))

    assert landing == without_code


@requirement("OAUTH-PKCE-S256-ONLY")
def test_a_challenge_without_a_method_gets_no_code(public_landed):
    """A challenge comes without a method, which would mean plain; there is no code."""
    landing = public_landed.visit(public_landed.wish("", "code_challenge_method"))

    assert landing == without_code


@requirement("OAUTH-PKCE-METADATA")
@given("landed")
def test_the_metadata_list_s256(authorization_server):
    """The metadata of a server whose flow works list S256 and not plain."""
    assert "S256" in authorization_server.listed("code_challenge_methods_supported")
    assert "plain" not in authorization_server.listed("code_challenge_methods_supported")


@requirement("OAUTH-NO-307")
def test_no_form_is_sent_on(form_redirects):
    """None of the redirects that answer the forms of a login and a consent makes the browser repeat the form."""
    assert not {307, 308} & set(form_redirects)


@requirement("OAUTH-CONSENT-OF-THIS-BROWSER")
def test_a_form_without_its_browser_grants_nothing(borrowed_consent):
    """The form that just brought a code is sent again without the browser's cookies; it brings none."""
    assert "code=" not in borrowed_consent.header("Location")
