"""Access tokens that the target itself issues: claims, lifetime, key rollover."""

from conformance.judgement.expectations import success
from conformance.marks import for_one_operation, requirement
from conformance.selection.operations import scoped


@requirement("JWT-ISSUED-CLAIMS")
def test_an_issued_token_has_the_required_type_and_claims(token_source, partner):
    """A fresh token is of the declared type, holds the claims of the profile and names the client that got it."""
    issued = token_source.issue()

    assert issued.has_declared_type
    assert issued.missing_claims == frozenset()
    assert issued.claims.get("client_id", partner.source.client_id) == partner.source.client_id


@requirement("JWT-ISSUED-CLAIMS")
def test_an_issued_token_is_signed_by_a_published_key(token_source):
    """A fresh token verifies with a key that the authorization server publishes."""
    issued = token_source.issue()

    assert issued.verifies(token_source.published_keys())


@requirement("JWT-ISSUED-CLAIMS")
def test_an_issued_token_is_issued_now_and_expires_later(token_source):
    """A fresh token says that it was issued when it was, in seconds, and that it will expire later."""
    issued = token_source.issue()

    assert issued.issued_now
    assert issued.lifetime > 0


@requirement("JWT-ISSUED-CLAIMS")
def test_issued_tokens_have_unique_ids(token_source, at_once):
    """Eight tokens issued at once and one more differ in jti, and as a whole."""
    issued = [*at_once(8, token_source.issue), token_source.issue()]

    assert len({token.claims.get("jti") for token in issued}) == len(issued)
    assert len({token.text for token in issued}) == len(issued)


@requirement("JWT-ISSUED-CLAIMS")
def test_a_refreshed_token_has_the_claims_of_the_first(claims_after_refresh):
    """A grant is refreshed; its new token has the claims of the first one, but for times and its id."""
    first, refreshed = claims_after_refresh

    assert refreshed == first


@requirement("JWT-ISSUED-LIFETIME")
def test_the_lifetime_of_a_token_is_the_declared_one(token_source):
    """A fresh token lives no longer than the contract says, and as long as expires_in says."""
    issued = token_source.issue()

    assert 0 < issued.lifetime <= issued.rules.lifetime
    assert issued.lifetime_error <= 2


@requirement("JWT-ISSUED-NO-SENSITIVE")
def test_an_issued_token_has_only_declared_claims(permitted_claims, token_source):
    """A fresh token holds no claim beyond the contract's closed list, and not the secret that it was got with."""
    issued = token_source.issue()

    assert frozenset(issued.claims) <= permitted_claims
    assert token_source.account.source.client_secret not in str(issued.claims)


@requirement("JWT-ISSUED-ROLLOVER")
@for_one_operation(scoped)
def test_a_token_of_the_former_key_is_still_accepted(key_rollover, partner, accepted_partner_request):
    """A token is used, the key is changed, and the token is used again: it is accepted as before."""
    reply = partner.with_token(key_rollover.before.text).send(accepted_partner_request)

    assert reply == success


@requirement("JWT-ISSUED-ROLLOVER")
@for_one_operation(scoped)
def test_a_token_of_the_new_key_is_accepted(key_rollover, partner, accepted_partner_request, token_source):
    """The first token of the new key is signed by a published one, and accepted."""
    reply = partner.with_token(key_rollover.after.text).send(accepted_partner_request)

    assert key_rollover.after.verifies(token_source.published_keys())
    assert reply == success
