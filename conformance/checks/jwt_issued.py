"""What the API itself signs."""

from conformance.engine.marks import requirement


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
