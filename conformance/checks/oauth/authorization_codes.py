"""What a code is good for, and what it is not."""

from conformance.judgement.expectations import no_token, refused, success
from conformance.marks import given, requirement


@requirement("OAUTH-CODE-SINGLE-USE")
def test_a_code_is_good_once(flow, tokens):
    """A code that was just redeemed is sent again with the same verifier; it is refused as invalid_grant."""
    again = flow.redeem(tokens.code)

    assert again == no_token("invalid_grant")


@requirement("OAUTH-CODE-SINGLE-USE")
def test_of_requests_at_once_one_redeems_a_code(flow, code, at_once):
    """Six equal requests let loose together redeem a code once at most."""
    replies = at_once(6, lambda: flow.redeem(code))

    assert sum(reply.success for reply in replies) <= 1


@requirement("OAUTH-CODE-REPLAY-REVOKES")
def test_a_replayed_code_takes_its_refresh_token_along(flow, redeemed_twice, lasting):
    """After the second use of a code, the refresh token of the first is refused."""
    reply = lasting(flow, redeemed_twice.refresh)

    assert reply == no_token("invalid_grant")


@requirement("OAUTH-CODE-REPLAY-REVOKES")
def test_a_replayed_code_takes_its_access_token_along(door, redeemed_twice, gone):
    """After the second use of a code, the access token of the first, which was accepted before, is refused."""
    reply = gone(lambda: door(redeemed_twice.access), refused)

    assert reply == refused


@requirement("OAUTH-CODE-REPLAY-SPARES")
def test_a_replayed_code_ends_no_other_grant(flow, other_grant, redeemed_twice, door):
    """After the second use of a code, which is refused again, the access token of another grant is still accepted."""
    again = flow.redeem(redeemed_twice.code)
    reply = door(other_grant.access)

    assert again == no_token()
    assert reply == success


@requirement("OAUTH-CODE-CLIENT-BINDING")
def test_another_client_cannot_redeem_a_code(flow, code, other_client):
    """Another client, with its own authentication, sends the code with all that belongs to it; it gets no token."""
    reply = flow.redeem(code, by=other_client)

    assert reply == no_token()


@requirement("OAUTH-CODE-REDIRECT-BINDING")
def test_another_address_redeems_no_code(flow, code):
    """The token request names another redirect_uri than the authorization request did; there is no token."""
    reply = flow.redeem(code, redirect_uri=f"{code.redirect_uri}/other")

    assert reply == no_token()


@requirement("OAUTH-CODE-REDIRECT-BINDING")
def test_no_address_redeems_no_code(flow, code):
    """The token request leaves out the redirect_uri that the authorization request named; there is no token."""
    reply = flow.redeem(code, "redirect_uri")

    assert reply == no_token()


@requirement("OAUTH-CODE-EXPIRES")
def test_an_old_code_is_refused(flow, expired_code):
    """A code that nobody redeemed within its lifetime is refused."""
    reply = flow.redeem(expired_code)

    assert reply == no_token("invalid_grant")


@requirement("OAUTH-PKCE-VERIFIED")
def test_only_the_right_verifier_redeems_a_code(wrong_verifiers):
    """A code each is sent with another verifier, with the challenge itself, in other case, empty, and with none."""
    accepted = [name for name, reply in wrong_verifiers.items() if reply != no_token()]

    assert accepted == []


@requirement("OAUTH-PKCE-DOWNGRADE")
def test_a_verifier_without_a_challenge_is_refused(confidential_flow, unchallenged_code):
    """A code that was asked for without a challenge is sent with a verifier; it is refused."""
    reply = confidential_flow.redeem(unchallenged_code)

    assert reply == no_token()


@requirement("OAUTH-CODE-NO-BEARER")
@given("tokens")
def test_a_code_is_no_access_token(door, code):
    """A fresh code is presented where an access token was just accepted; it is refused."""
    reply = door(code.value)

    assert reply == refused
