"""Revocation (RFC 7009) and introspection (RFC 7662) of tokens."""

from conformance.judgement.expectations import refused, success
from conformance.judgement.oauth_expectations import no_token, untold_token
from conformance.marks import given, requirement

INVALID_GRANT = no_token("invalid_grant")
INACTIVE = {"active": False}


@requirement("OAUTH-REVOCATION-RESPONSE")
def test_every_revocation_is_answered_alike(flow, tokens):
    """A valid refresh token, the same again, and a text that is no token are each answered with 200."""
    replies = [flow.revoke(text) for text in (tokens.refresh_token, tokens.refresh_token, "no-such-token")]

    assert [reply.status for reply in replies] == [200, 200, 200]


@requirement("OAUTH-REVOCATION-HINT")
def test_a_token_is_revoked_despite_a_wrong_hint(flow, tokens, refresh_until_refused):
    """A refresh token is revoked with the hint that it is an access token; it is refused all the same."""
    flow.revoke(tokens.refresh_token, token_type_hint="access_token")
    reply = refresh_until_refused(flow, tokens.refresh_token)

    assert reply == INVALID_GRANT


@requirement("OAUTH-REVOCATION-CLIENT-AUTH")
def test_a_confidential_client_must_authenticate_to_revoke(
    confidential_flow, client_without_secret, confidential_tokens
):
    """The refresh token of a confidential client comes with its id alone; this is refused, and the token stays good."""
    reply = confidential_flow.revoke(confidential_tokens.refresh_token, by=client_without_secret)

    assert reply == refused
    assert confidential_flow.refresh(confidential_tokens.refresh_token) == success


@requirement("OAUTH-REVOCATION-EFFECT")
def test_a_revoked_refresh_token_is_refused(flow, tokens, refresh_until_refused):
    """A refresh token is revoked; it brings no token any more."""
    flow.revoke(tokens.refresh_token)
    reply = refresh_until_refused(flow, tokens.refresh_token)

    assert reply == INVALID_GRANT


@requirement("OAUTH-REVOCATION-CASCADE")
@given("revocation_declared")
def test_a_revoked_refresh_token_revokes_its_access_token(flow, tokens, access_resource, await_revocation):
    """A refresh token is revoked; the access token beside it, which was just accepted, is refused."""
    flow.revoke(tokens.refresh_token)
    reply = await_revocation(lambda: access_resource(tokens.access_token), refused)

    assert reply == refused


@requirement("OAUTH-REVOCATION-CASCADE")
@given("revocation_declared")
def test_a_revocation_ends_every_access_token_of_the_grant(flow, refreshed_grant, access_resource, await_revocation):
    """A grant is refreshed, and its newest refresh token revoked; the access token of before the refresh is refused."""
    flow.revoke(refreshed_grant.refresh_token)
    reply = await_revocation(lambda: access_resource(refreshed_grant.tokens.access_token), refused)

    assert reply == refused


@requirement("OAUTH-REVOCATION-FOREIGN")
def test_another_client_revokes_nothing(flow, tokens, other_client):
    """Another client revokes the refresh token, whatever the answer; it still works for its own client."""
    flow.revoke(tokens.refresh_token, by=other_client)
    reply = flow.refresh(tokens.refresh_token)

    assert reply == success


@requirement("OAUTH-REVOCATION-SPARES")
def test_a_revocation_affects_no_other_grant(flow, tokens, other_grant, access_resource):
    """A refresh token is revoked; another grant of the same user and client stays valid."""
    flow.revoke(tokens.refresh_token)

    assert access_resource(other_grant.access_token) == success
    assert flow.refresh(other_grant.refresh_token) == success


@requirement("OAUTH-REVOCATION-SPARES")
@given("revocation_declared", "normative")
def test_the_revocation_of_an_access_token_leaves_its_grant(flow, tokens):
    """An access token is revoked; the refresh token beside it brings another one."""
    flow.revoke(tokens.access_token, token_type_hint="access_token")

    assert flow.refresh(tokens.refresh_token) == success


@requirement("AUTH-REVOKED-ACCESS-TOKEN")
@given("revocation_declared")
def test_a_revoked_access_token_is_refused(flow, tokens, access_resource, await_revocation):
    """An access token that was just accepted is revoked; it is refused."""
    flow.revoke(tokens.access_token, token_type_hint="access_token")
    reply = await_revocation(lambda: access_resource(tokens.access_token), refused)

    assert reply == refused


@requirement("OAUTH-INTROSPECTION-PROTECTED")
def test_introspection_needs_client_authentication(unauthenticated_introspections):
    """A wrong secret and no secret ask about a token that was just called active; both are refused."""
    assert [
        reply for reply in unauthenticated_introspections if reply.member("active") is not None or reply.success
    ] == []


@requirement("OAUTH-INTROSPECTION-ACTIVE")
def test_a_valid_token_is_active(confidential_flow, active_tokens):
    """A fresh access token is called active, with its client and its scopes."""
    reply = confidential_flow.introspect(active_tokens.access_token)

    assert reply.member("active") is True
    assert reply.member("client_id") == confidential_flow.registered_client.id
    assert frozenset(reply.words("scope")) == active_tokens.scopes


@requirement("OAUTH-INTROSPECTION-ACTIVE")
def test_a_refresh_token_is_described_as_it_was_issued(confidential_flow, active_refresh_token, active_tokens):
    """A fresh refresh token that is called active is so with the client that it was issued to, and with its scopes."""
    assert active_refresh_token.member("client_id") in {None, confidential_flow.registered_client.id}
    assert frozenset(active_refresh_token.words("scope")) in {frozenset(), active_tokens.scopes}


@requirement("OAUTH-INTROSPECTION-OWN")
@given("own_introspection")
def test_another_client_is_told_nothing(confidential_flow, active_tokens, other_confidential_client):
    """Another client asks about a token that was just called active; it is told that it is not, and nothing else."""
    reply = confidential_flow.introspect(active_tokens.access_token, by=other_confidential_client)

    assert reply == untold_token


@requirement("OAUTH-INTROSPECTION-INACTIVE")
def test_an_invalid_token_is_inactive(invalid_introspections):
    """An unknown and an altered token are each answered with active false alone."""
    assert {name: members for name, members in invalid_introspections.items() if members != INACTIVE} == {}


@requirement("OAUTH-INTROSPECTION-INACTIVE")
@given("revocation_declared")
def test_a_revoked_access_token_is_inactive(confidential_flow, active_tokens, introspection_once_inactive):
    """An access token that was just active is revoked; it is answered with active false alone."""
    confidential_flow.revoke(active_tokens.access_token)

    assert introspection_once_inactive(active_tokens.access_token) == INACTIVE


@requirement("OAUTH-INTROSPECTION-INACTIVE")
@given("revocation_declared")
def test_an_access_token_of_an_ended_grant_is_inactive(confidential_flow, active_tokens, introspection_once_inactive):
    """The refresh token beside an access token that was just active is revoked; that one tells no more either."""
    confidential_flow.revoke(active_tokens.refresh_token)

    assert introspection_once_inactive(active_tokens.access_token) == INACTIVE


@requirement("OAUTH-INTROSPECTION-INACTIVE")
@given("active_refresh_token")
def test_a_revoked_refresh_token_is_inactive(confidential_flow, active_tokens, introspection_once_inactive):
    """A refresh token that was just active is revoked; it is answered with active false alone."""
    confidential_flow.revoke(active_tokens.refresh_token)

    assert introspection_once_inactive(active_tokens.refresh_token) == INACTIVE


@requirement("OAUTH-INTROSPECTION-INACTIVE")
def test_a_replaced_refresh_token_is_inactive(replaced_introspection):
    """A refresh token was active until another one replaced it; it is answered with active false alone."""
    assert replaced_introspection == INACTIVE


@requirement("OAUTH-INTROSPECTION-INACTIVE")
@given("active_tokens")
def test_an_unknown_token_is_no_error(confidential_flow):
    """A text that is no token is answered with 200."""
    reply = confidential_flow.introspect("no-such-token")

    assert reply.status == 200
