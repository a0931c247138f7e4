"""What the API itself signs."""

from conformance.judgement.expectations import success
from conformance.marks import for_one_operation, requirement
from conformance.selection.operations import scoped


@requirement("JWT-ISSUED-CLAIMS")
def test_an_issued_token_says_what_is_needed(token_source, partner):
    """A fresh token is of the declared type, holds the claims of the profile and names the client that got it."""
    issued = token_source.issue()

    assert issued.of_declared_type
    assert issued.lacking == frozenset()
    assert issued.claims.get("client_id", partner.source.client_id) == partner.source.client_id


@requirement("JWT-ISSUED-CLAIMS")
def test_an_issued_token_is_signed_by_a_published_key(token_source):
    """A fresh token verifies with a key that the authorization server publishes."""
    issued = token_source.issue()

    assert issued.verifies(token_source.published_keys())


@requirement("JWT-ISSUED-CLAIMS")
def test_an_issued_token_begins_now(token_source):
    """A fresh token says that it was issued when it was, in seconds, and that it will expire later."""
    issued = token_source.issue()

    assert issued.just_begun
    assert issued.lifetime > 0


@requirement("JWT-ISSUED-CLAIMS")
def test_no_two_tokens_share_an_id(token_source, at_once):
    """Eight tokens issued at once and one more differ in jti, and as a whole."""
    issued = [*at_once(8, token_source.issue), token_source.issue()]

    assert len({token.claims.get("jti") for token in issued}) == len(issued)
    assert len({token.text for token in issued}) == len(issued)


@requirement("JWT-ISSUED-LIFETIME")
def test_a_token_lives_briefly(token_source):
    """A fresh token lives no longer than the contract says, and as long as expires_in says."""
    issued = token_source.issue()

    assert 0 < issued.lifetime <= issued.rules.lifetime
    assert issued.misstated <= 2


@requirement("JWT-ISSUED-NO-SENSITIVE")
def test_a_token_tells_no_more_than_declared(closed_claims, token_source):
    """A fresh token holds no claim beyond the contract's closed list, and not the secret that it was got with."""
    issued = token_source.issue()

    assert frozenset(issued.claims) <= closed_claims
    assert token_source.account.source.client_secret not in str(issued.claims)


@requirement("JWT-ISSUED-ROLLOVER")
@for_one_operation(scoped)
def test_a_roll_over_ends_no_token(rolled_over, partner, request_of_partner):
    """A token is used, the key is changed, and the token is used again: it is accepted as before."""
    reply = partner.bearing(rolled_over.before.text).send(request_of_partner)

    assert reply == success


@requirement("JWT-ISSUED-ROLLOVER")
@for_one_operation(scoped)
def test_a_roll_over_brings_tokens_that_hold(rolled_over, partner, request_of_partner, token_source):
    """The first token of the new key is signed by a published one, and accepted."""
    reply = partner.bearing(rolled_over.after.text).send(request_of_partner)

    assert rolled_over.after.verifies(token_source.published_keys())
    assert reply == success
