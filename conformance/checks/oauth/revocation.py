"""Authority ends when it is taken back."""

from conformance.judgement.expectations import no_token, refused, success
from conformance.marks import given, requirement

INVALID = no_token("invalid_grant")


@requirement("OAUTH-REVOCATION-RESPONSE")
def test_every_revocation_is_answered_alike(flow, tokens):
    """A good refresh token, the same again, and a text that is no token are each answered with 200."""
    replies = [flow.revoke(text) for text in (tokens.refresh, tokens.refresh, "no-such-token")]

    assert [reply.status for reply in replies] == [200, 200, 200]


@requirement("OAUTH-REVOCATION-HINT")
def test_a_wrong_hint_saves_no_token(flow, tokens, lasting):
    """A refresh token is revoked with the hint that it is an access token; it is refused all the same."""
    flow.revoke(tokens.refresh, token_type_hint="access_token")
    reply = lasting(flow, tokens.refresh)

    assert reply == INVALID


@requirement("OAUTH-REVOCATION-CLIENT-AUTH")
def test_a_confidential_client_must_authenticate_to_revoke(confidential_flow, bare, confidential_tokens):
    """The refresh token of a confidential client comes with its id alone; that is refused, and the token lives on."""
    reply = confidential_flow.revoke(confidential_tokens.refresh, by=bare)

    assert reply == refused
    assert confidential_flow.refresh(confidential_tokens.refresh) == success


@requirement("OAUTH-REVOCATION-EFFECT")
def test_a_revoked_refresh_token_is_refused(flow, tokens, lasting):
    """A refresh token is revoked; it brings no token any more."""
    flow.revoke(tokens.refresh)
    reply = lasting(flow, tokens.refresh)

    assert reply == INVALID


@requirement("OAUTH-REVOCATION-CASCADE")
def test_a_revoked_refresh_token_takes_its_access_token_along(flow, tokens, door, gone):
    """A refresh token is revoked; the access token beside it, which was just accepted, is refused."""
    flow.revoke(tokens.refresh)
    reply = gone(lambda: door(tokens.access), refused)

    assert reply == refused


@requirement("OAUTH-REVOCATION-FOREIGN")
def test_another_client_revokes_nothing(flow, tokens, other_client):
    """Another client revokes the refresh token, whatever it is told; it still works for its own client."""
    flow.revoke(tokens.refresh, by=other_client)
    reply = flow.refresh(tokens.refresh)

    assert reply == success


@requirement("OAUTH-REVOCATION-SPARES")
def test_a_revocation_ends_no_other_grant(flow, tokens, other_grant, door):
    """A refresh token is revoked; another grant of the same person and client goes on."""
    flow.revoke(tokens.refresh)

    assert door(other_grant.access) == success
    assert flow.refresh(other_grant.refresh) == success


@requirement("AUTH-REVOKED-ACCESS-TOKEN")
def test_a_revoked_access_token_is_refused(flow, tokens, door, gone):
    """An access token that was just accepted is revoked; it is refused."""
    flow.revoke(tokens.access, token_type_hint="access_token")
    reply = gone(lambda: door(tokens.access), refused)

    assert reply == refused


@requirement("OAUTH-INTROSPECTION-PROTECTED")
def test_strangers_are_told_nothing(strangers):
    """A wrong secret and no secret ask about a token that was just called active; both are refused."""
    assert [reply for reply in strangers if reply.member("active") is not None or reply.success] == []


@requirement("OAUTH-INTROSPECTION-ACTIVE")
def test_a_good_token_is_active(confidential_flow, introspected):
    """A fresh access token is called active, with its client and its scopes."""
    reply = confidential_flow.introspect(introspected.access)

    assert reply.member("active") is True
    assert reply.member("client_id") == confidential_flow.registered.id
    assert frozenset(str(reply.member("scope")).split()) == introspected.scopes


@requirement("OAUTH-INTROSPECTION-INACTIVE")
def test_a_token_that_is_not_good_is_inactive(inactive):
    """An unknown, an altered and a revoked token are each answered with active false alone."""
    assert {name: told for name, told in inactive.items() if told != {"active": False}} == {}


@requirement("OAUTH-INTROSPECTION-INACTIVE")
@given("introspected")
def test_an_unknown_token_is_no_error(confidential_flow):
    """A text that is no token is answered with 200."""
    reply = confidential_flow.introspect("no-such-token")

    assert reply.status == 200
