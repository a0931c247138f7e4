"""Access that outlasts a person's presence."""

from conformance.fixtures.oauth.grants import REUSED
from conformance.http.polling import eventually
from conformance.judgement.expectations import granting_within, no_token, refused, success
from conformance.marks import requirement


@requirement("OAUTH-REFRESH-ROTATION")
def test_a_refresh_brings_a_new_refresh_token(refreshed):
    """The answer to a refresh of a public client holds a refresh token, and not the one that was used."""
    former, reply = refreshed

    assert isinstance(reply.member("refresh_token"), str)
    assert reply.member("refresh_token") != former


@requirement("OAUTH-REFRESH-ROTATION")
def test_a_used_refresh_token_is_refused(public_flow, refreshed, bounds):
    """The refresh token that was just used is sent again; it is refused, at the latest when its grace is over."""
    former, _ = refreshed
    again = eventually(lambda: public_flow.refresh(former), REUSED, within=bounds.rotation)

    assert again == REUSED


@requirement("OAUTH-REFRESH-REUSE-REVOKES")
def test_reuse_ends_the_grant(public_flow, used_again, lasting):
    """A refresh token that was used before has come again; the newest one of the grant is refused."""
    reply = lasting(public_flow, used_again)

    assert reply == REUSED


@requirement("OAUTH-REFRESH-REUSE-SPARES")
def test_reuse_ends_no_other_grant(public_flow, public_sibling, used_again):
    """After the reuse, the refresh token of another grant of the same person and client still works."""
    newest = public_flow.refresh(used_again)
    reply = public_flow.refresh(public_sibling.refresh)

    assert newest != success
    assert reply == success


@requirement("OAUTH-REFRESH-CLIENT-BINDING")
def test_another_client_cannot_refresh(flow, tokens, other_client):
    """Another client sends the refresh token with its own authentication; it gets no token."""
    reply = flow.refresh(tokens.refresh, by=other_client)

    assert reply == no_token()


@requirement("OAUTH-REFRESH-CLIENT-BINDING")
def test_the_attempt_of_another_client_does_no_harm(flow, tokens, other_client):
    """After another client's attempt, the refresh token still works for its own client."""
    flow.refresh(tokens.refresh, by=other_client)
    reply = flow.refresh(tokens.refresh)

    assert reply == success


@requirement("OAUTH-REFRESH-CLIENT-AUTH")
def test_a_confidential_client_must_authenticate_to_refresh(confidential_flow, bare, confidential_tokens):
    """The refresh token of a confidential client comes with its id alone; it is refused as invalid_client."""
    reply = confidential_flow.refresh(confidential_tokens.refresh, by=bare)

    assert reply == no_token("invalid_client")


@requirement("SCOPE-REFRESH-NO-GROWTH")
def test_a_refresh_brings_no_more_scopes(flow, narrow, spare):
    """A grant without a scope is refreshed with a wish for it; the wish is refused, or not fulfilled."""
    reply = flow.refresh(narrow.refresh, scope=" ".join(sorted(flow.scopes)))

    assert reply == granting_within(flow.scopes - {spare})


@requirement("SCOPE-REFRESH-NARROWS-ONCE")
def test_a_narrower_refresh_narrows_one_token(flow, half_refreshed, spare):
    """A refresh that leaves a scope out brings a token without it, and the next refresh one with all scopes."""
    less, whole = half_refreshed

    assert less == granting_within(flow.scopes - {spare})
    assert spare in str(whole.member("scope")).split()


@requirement("AUTH-REFRESH-TOKEN-NOT-ACCEPTED")
def test_a_refresh_token_is_no_access_token(door, tokens):
    """A refresh token is presented where the access token beside it was just accepted; it is refused."""
    reply = door(tokens.refresh)

    assert reply == refused
