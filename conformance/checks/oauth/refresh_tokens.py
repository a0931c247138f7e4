"""Refresh tokens: rotation, reuse, binding to the client, scopes."""

from conformance.fixtures.oauth.grants import INVALID_GRANT
from conformance.http.polling import eventually
from conformance.judgement.expectations import holding_text, refused, success
from conformance.judgement.oauth_expectations import granting_within, no_token
from conformance.marks import requirement


@requirement("OAUTH-REFRESH-ROTATION")
def test_a_refresh_brings_a_new_refresh_token(used_refresh_token):
    """The answer to a refresh of a public client holds a refresh token, and not the one that was used."""
    former, reply = used_refresh_token

    assert reply == holding_text("refresh_token")
    assert reply.member("refresh_token") != former


@requirement("OAUTH-REFRESH-ROTATION")
def test_a_used_refresh_token_is_refused(public_flow, used_refresh_token, bounds):
    """The refresh token that was just used is sent again; it is refused, at the latest when its grace is over."""
    former, _ = used_refresh_token
    again = eventually(lambda: public_flow.refresh(former), INVALID_GRANT, within=bounds.rotation)

    assert again == INVALID_GRANT


@requirement("OAUTH-REFRESH-REUSE-REVOKES")
def test_reuse_revokes_the_grant(public_flow, token_after_reuse, refresh_until_refused):
    """A refresh token that was used before is sent again; the newest one of the grant is refused."""
    reply = refresh_until_refused(public_flow, token_after_reuse)

    assert reply == INVALID_GRANT


@requirement("OAUTH-REFRESH-REUSE-REVOKES")
def test_reuse_of_an_old_token_revokes_the_grant(public_flow, token_after_old_reuse, refresh_until_refused):
    """The first of three refresh tokens of a grant is sent again; the newest one is refused."""
    reply = refresh_until_refused(public_flow, token_after_old_reuse)

    assert reply == INVALID_GRANT


@requirement("OAUTH-REFRESH-REUSE-SPARES")
def test_reuse_revokes_no_other_grant(public_flow, other_public_grant, token_after_reuse):
    """After the reuse, the refresh token of another grant of the same user and client still works."""
    newest = public_flow.refresh(token_after_reuse)
    reply = public_flow.refresh(other_public_grant.refresh_token)

    assert newest != success
    assert reply == success


@requirement("OAUTH-REFRESH-CLIENT-BINDING")
def test_another_client_cannot_refresh(flow, tokens, other_client):
    """Another client sends the refresh token with its own authentication; it gets no token."""
    reply = flow.refresh(tokens.refresh_token, by=other_client)

    assert reply == no_token()


@requirement("OAUTH-REFRESH-CLIENT-BINDING")
def test_the_attempt_of_another_client_has_no_effect(flow, tokens, other_client):
    """After another client's attempt, the refresh token still works for its own client."""
    flow.refresh(tokens.refresh_token, by=other_client)
    reply = flow.refresh(tokens.refresh_token)

    assert reply == success


@requirement("OAUTH-REFRESH-CLIENT-AUTH")
def test_a_confidential_client_must_authenticate_to_refresh(
    confidential_flow, client_without_secret, confidential_tokens
):
    """The refresh token of a confidential client comes with its id alone; it is refused as invalid_client."""
    reply = confidential_flow.refresh(confidential_tokens.refresh_token, by=client_without_secret)

    assert reply == no_token("invalid_client")


@requirement("SCOPE-REFRESH-NO-GROWTH")
def test_a_refresh_grants_no_further_scope(flow, narrow_grant, optional_scope):
    """A grant without a scope is refreshed with a request for it; that is refused, or the scope is not granted."""
    reply = flow.refresh(narrow_grant.refresh_token, scope=" ".join(sorted(flow.scopes)))

    assert reply == granting_within(flow.scopes - {optional_scope})


@requirement("SCOPE-REFRESH-NARROWS-ONCE")
def test_a_refresh_for_fewer_scopes_leaves_the_grant_unchanged(flow, narrowed_refresh, optional_scope):
    """A refresh that leaves a scope out brings a token without it, and the next refresh one with all scopes."""
    less, whole = narrowed_refresh

    assert less == granting_within(flow.scopes - {optional_scope})
    assert optional_scope in whole.words("scope")


@requirement("AUTH-REFRESH-TOKEN-NOT-ACCEPTED")
def test_a_refresh_token_is_refused_as_access_token(access_resource, tokens):
    """A refresh token is presented where the access token beside it was just accepted; it is refused."""
    reply = access_resource(tokens.refresh_token)

    assert reply == refused
