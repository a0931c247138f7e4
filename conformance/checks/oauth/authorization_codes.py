"""Authorization codes: single use, binding to client and redirect URI, expiry, PKCE."""

from conformance.fixtures.oauth.long_values import VERIFIERS
from conformance.judgement.expectation import each
from conformance.judgement.expectations import refused, success
from conformance.judgement.oauth_expectations import no_token
from conformance.marks import given, requirement, variants


@requirement("OAUTH-CODE-SINGLE-USE")
def test_a_code_is_accepted_once(flow, tokens):
    """A code that was just redeemed is sent again with the same verifier; it is refused as invalid_grant."""
    again = flow.redeem(tokens.code)

    assert again == no_token("invalid_grant")


@requirement("OAUTH-CODE-SINGLE-USE")
def test_concurrent_requests_redeem_a_code_once(flow, code, at_once):
    """Six equal requests at the same time redeem a code once at most."""
    replies = at_once(6, lambda: flow.redeem(code))

    assert sum(reply.success for reply in replies) <= 1


@requirement("OAUTH-CODE-REPLAY-REVOKES")
def test_a_replayed_code_revokes_its_refresh_token(flow, tokens_of_reused_code, refresh_until_refused):
    """After the second use of a code, the refresh token of the first is refused."""
    reply = refresh_until_refused(flow, tokens_of_reused_code.refresh_token)

    assert reply == no_token("invalid_grant")


@requirement("OAUTH-CODE-REPLAY-REVOKES")
def test_a_replayed_code_of_a_confidential_client_revokes_its_refresh_token(
    confidential_flow, confidential_tokens_of_reused_code, refresh_until_refused
):
    """After the second use of a confidential client's code, the refresh token of the first is refused."""
    reply = refresh_until_refused(confidential_flow, confidential_tokens_of_reused_code.refresh_token)

    assert reply == no_token("invalid_grant")


@requirement("OAUTH-CODE-REPLAY-REVOKES")
def test_a_replayed_code_revokes_its_access_token(access_resource, tokens_of_reused_code, await_revocation):
    """After the second use of a code, the access token of the first, which was accepted before, is refused."""
    reply = await_revocation(lambda: access_resource(tokens_of_reused_code.access_token), refused)

    assert reply == refused


@requirement("OAUTH-CODE-REPLAY-REVOKES")
def test_a_replayed_code_revokes_what_was_refreshed(access_resource, replayed_grant, await_revocation):
    """A grant is refreshed, and then its code used a second time; the access token of the refresh is refused."""
    reply = await_revocation(lambda: access_resource(replayed_grant.access_token), refused)

    assert reply == refused


@requirement("OAUTH-CODE-REPLAY-SPARES")
def test_a_replayed_code_revokes_no_other_grant(flow, other_grant, tokens_of_reused_code, access_resource):
    """After the second use of a code, which is refused again, the access token of another grant is still accepted."""
    again = flow.redeem(tokens_of_reused_code.code)
    reply = access_resource(other_grant.access_token)

    assert again == no_token()
    assert reply == success


@requirement("OAUTH-CODE-CLIENT-BINDING")
def test_another_client_cannot_redeem_a_code(flow, code, other_client):
    """Another client, with its own authentication, sends the code with all that belongs to it; it gets no token."""
    reply = flow.redeem(code, by=other_client)

    assert reply == no_token()


@requirement("OAUTH-CODE-REDIRECT-BINDING")
@variants("addition", {"path": "/other", "query": "?other=1", "slash": "/"})
def test_another_redirect_uri_is_refused(flow, code, addition):
    """The token request names another redirect_uri than the authorization request did; there is no token."""
    reply = flow.redeem(code, redirect_uri=f"{code.redirect_uri}{addition}")

    assert reply == no_token()


@requirement("OAUTH-CODE-REDIRECT-BINDING")
def test_the_other_registered_redirect_uri_is_refused(flow_with_two_addresses):
    """The token request names the client's other redirect URI than the authorization request did; there is no token."""
    flow = flow_with_two_addresses
    reply = flow.redeem(flow.code(), redirect_uri=flow.other_redirect_uri)

    assert reply == no_token()


@requirement("OAUTH-CODE-REDIRECT-BINDING")
def test_a_missing_redirect_uri_is_refused(flow, code):
    """The token request leaves out the redirect_uri that the authorization request named; there is no token."""
    reply = flow.redeem(code, without=("redirect_uri",))

    assert reply == no_token()


@requirement("OAUTH-CODE-EXPIRES")
def test_an_expired_code_is_refused(expired_codes):
    """Codes that nobody redeemed within their lifetime are refused, to public and to confidential clients."""
    replies = [flow.redeem(code) for flow, code in expired_codes]

    assert replies == each(no_token("invalid_grant"))


@requirement("OAUTH-PKCE-VERIFIED")
def test_a_wrong_verifier_is_refused(wrong_verifier_replies):
    """A code each is sent with another verifier, with the challenge itself, in other case, empty, and with none."""
    accepted = [name for name, reply in wrong_verifier_replies.items() if reply != no_token()]

    assert accepted == []


@requirement("OAUTH-PKCE-VERIFIED")
def test_a_wrong_verifier_of_a_confidential_client_is_refused(confidential_flow, unverified_code):
    """A confidential client that has sent a challenge redeems its code with another verifier; it is refused."""
    reply = confidential_flow.redeem(unverified_code)

    assert reply == no_token()


@requirement("OAUTH-PKCE-VERIFIED")
def test_a_confidential_client_needs_its_verifier_too(confidential_flow, unverified_code):
    """A confidential client that has sent a challenge redeems its code without a verifier; it is refused."""
    reply = confidential_flow.redeem(unverified_code, without=("code_verifier",))

    assert reply == no_token()


@requirement("OAUTH-PKCE-LENGTHS")
@variants("verifier", VERIFIERS)
def test_a_verifier_of_any_length_is_accepted(redeemed_with):
    """A code comes with the shortest verifier that there may be, and with the longest; each brings a token."""
    assert redeemed_with == success


@requirement("OAUTH-PKCE-DOWNGRADE")
def test_a_verifier_without_a_challenge_is_refused(confidential_flow, unchallenged_code):
    """A code that was asked for without a challenge is sent with a verifier; it is refused."""
    reply = confidential_flow.redeem(unchallenged_code)

    assert reply == no_token()


@requirement("OAUTH-CODE-NO-BEARER")
@given("tokens")
def test_a_code_is_refused_as_access_token(access_resource, code):
    """A fresh code is presented where an access token was just accepted; it is refused."""
    reply = access_resource(code.value)

    assert reply == refused
