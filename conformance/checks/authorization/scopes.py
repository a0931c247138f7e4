"""Scopes and roles: an operation needs all that it requires, and no less will do (RFC 6750, section 3.1)."""

from conformance.authorization.unauthorized_access import NOTHING
from conformance.fixtures.authorization.scopes import MISSPELLINGS, PATH_SPELLINGS
from conformance.judgement.expectation import each
from conformance.judgement.expectations import accepted, challenge, refused, status
from conformance.judgement.oauth_expectations import granting_within
from conformance.marks import for_each_operation, for_each_scope, for_one_operation, given, requirement, variants
from conformance.selection.authorization import (
    declaring_forbidden,
    declaring_forbidden_challenge,
    owned_json,
    owned_object,
    requiring_role,
    scoped_change,
    scoped_emitter,
    scoped_read,
    scoped_unaddressed,
)
from conformance.selection.operations import both, paged, scoped


@requirement("SCOPE-MISSING-403")
@for_each_scope(scoped)
def test_a_missing_scope_is_refused(owner, ready, scope):
    """A request that was just accepted is sent with a token that lacks one required scope; it is refused."""
    reply = owner.without_scopes(*ready.operation.lacking(scope)).send(ready.request)

    assert reply == refused


@requirement("SCOPE-403-STATUS")
@for_each_operation(declaring_forbidden)
def test_a_missing_scope_is_answered_403(owner_without_scopes, ready):
    """A valid request with a token that lacks the scopes gets the 403 that the operation declares."""
    reply = owner_without_scopes.send(ready.request)

    assert reply == status(403)


@requirement("SCOPE-EXACT-IS-ENOUGH")
@for_each_operation(scoped)
def test_the_declared_scopes_are_enough(owner, operation, ready):
    """A valid request with a token that holds the operation's scopes and no other succeeds."""
    reply = owner.with_scopes(*operation.scopes).send(ready.request)

    assert reply == accepted(operation)


@requirement("SCOPE-403-CHALLENGE")
@for_each_operation(declaring_forbidden_challenge)
def test_the_refusal_says_that_the_scope_is_insufficient(owner_without_scopes, ready):
    """The refusal of a token that lacks the scopes carries a Bearer challenge with insufficient_scope."""
    reply = owner_without_scopes.send(ready.request)

    assert reply == challenge("Bearer", error="insufficient_scope")


@requirement("SCOPE-403-NO-EFFECT")
@for_each_operation(scoped_change)
def test_without_the_scope_nothing_changes(owner_without_scopes, unauthorized_access):
    """A change is asked for with a token that lacks the scopes; its owner finds everything as it was."""
    gained = unauthorized_access(owner_without_scopes)

    assert gained == NOTHING


@requirement("SCOPE-403-NO-EFFECT")
@for_each_operation(scoped_emitter)
def test_without_the_scope_nothing_is_told(owner_without_scopes, caused_events):
    """A change is asked for with a token that lacks the scopes; between two other events the receiver hears nothing."""
    bodies = caused_events(owner_without_scopes)

    assert bodies == []


@requirement("SCOPE-MATCH-WHOLE-WORD")
@for_one_operation(scoped)
@variants("misspelling", MISSPELLINGS)
def test_a_word_that_is_nearly_the_scope_is_none(with_scope_claim, ready, misspelt_scopes):
    """A token whose scope claim holds the scope misspelt is refused."""
    reply = with_scope_claim(misspelt_scopes).send(ready.request)

    assert reply == refused


@requirement("SCOPE-MATCH-WHOLE-WORD")
@for_one_operation(scoped)
@variants("separator", {"comma": ",", "semicolon": ";", "plus": "+"})
def test_scopes_are_separated_by_spaces_alone(with_scope_claim, contract, ready, separator):
    """A token whose scope claim joins all scopes by something else than spaces is refused."""
    reply = with_scope_claim(separator.join(["", *sorted(contract.scopes), ""])).send(ready.request)

    assert reply == refused


@requirement("SCOPE-MATCH-WHOLE-WORD")
@for_one_operation(scoped)
@given("normative")
@variants("separator", {"tab": "\t", "line": "\n", "wide-space": "\u3000"})
def test_no_other_white_space_separates_scopes(with_scope_claim, contract, ready, separator):
    """A token whose scope claim joins all scopes by white space that is no space is refused."""
    reply = with_scope_claim(separator.join(["x", *sorted(contract.scopes), "x"])).send(ready.request)

    assert reply == refused


@requirement("SCOPE-EMPTY")
@for_each_operation(scoped)
@variants("scope", {"empty": "", "absent": None})
def test_no_scope_opens_nothing(with_scope_claim, ready, scope):
    """A sound token whose scope claim is empty or absent is refused."""
    reply = with_scope_claim(scope).send(ready.request)

    assert reply == refused


@requirement("SCOPE-NO-IMPLICATION")
@for_each_operation(scoped)
def test_no_other_scope_will_do(owner, insufficient_scopes, ready):
    """A request that was just accepted is sent with each other scope of the contract alone; each time it is refused."""
    replies = [owner.with_scopes(scope).send(ready.request) for scope in insufficient_scopes]

    assert replies == each(refused)


@requirement("SCOPE-CHECK-BEFORE-EXISTENCE")
@for_each_operation(both(declaring_forbidden, owned_object))
def test_the_scope_is_judged_before_the_object(owner_without_scopes, arranger, ready):
    """Without the scope, a real object of one's own and one that nobody made are answered with the same status."""
    known = owner_without_scopes.send(ready.request)
    unknown = owner_without_scopes.send(arranger.with_unknown_object(ready.request))

    assert unknown.status == known.status


@requirement("SCOPE-CHECK-BEFORE-EXISTENCE")
@for_each_operation(both(declaring_forbidden, owned_json))
@given("normative")
def test_the_scope_is_judged_before_the_body(owner_without_scopes, ready):
    """Without the scope, a valid body and one that is no JSON are answered with the same status."""
    valid = owner_without_scopes.send(ready.request)
    broken = owner_without_scopes.send(ready.request.with_body(b"{"))

    assert broken.status == valid.status


@requirement("SCOPE-CHECK-BEFORE-EXISTENCE")
@for_each_operation(both(declaring_forbidden, paged))
@given("normative")
def test_the_scope_is_judged_before_the_parameters(owner_without_scopes, pagination):
    """Without the scope, a limit that is permitted and one that is not are answered with the same status."""
    unscoped, least = pagination.as_read_by(owner_without_scopes), pagination.limit_bound("minimum")
    valid, wrong = unscoped.page_of_size(least), unscoped.page_of_size(least - 1)

    assert wrong.status == valid.status


@requirement("SCOPE-UNDECLARED-METHODS")
@for_each_operation(scoped_change)
def test_no_undeclared_method_opens_a_way(owner_without_scopes, ready, undeclared_methods, unauthorized_access):
    """Without the scope, the request is sent with each method that its path does not declare; nothing changes."""
    requests = [ready.request.with_method(method) for method in undeclared_methods]
    gained = unauthorized_access(owner_without_scopes, *requests)

    assert gained == NOTHING


@requirement("SCOPE-UNDECLARED-METHODS")
@for_each_operation(scoped_change)
def test_no_request_becomes_another_one(owner_without_scopes, method_override_requests, unauthorized_access):
    """Without the scope, a permitted method is overridden by headers and by a parameter; nothing changes."""
    gained = unauthorized_access(owner_without_scopes, *method_override_requests)

    assert gained == NOTHING


@requirement("SCOPE-PATH-VARIANTS")
@for_each_operation(scoped_read)
@variants("spelling", PATH_SPELLINGS)
def test_no_spelling_of_the_path_leads_past_the_scope(access_by_spelling):
    """Without the scope, the path is spelt in another way that means the same; nothing is shown."""
    assert access_by_spelling == NOTHING


@requirement("SCOPE-ROLE-INTERSECTION")
@for_each_operation(requiring_role)
def test_scopes_do_not_stand_in_for_a_role(without_role, unauthorized_access):
    """A valid request of somebody who holds every scope and not the role is refused, and nothing changes."""
    gained = unauthorized_access(without_role)

    assert gained == NOTHING


@requirement("SCOPE-ROLE-INTERSECTION")
@for_each_operation(requiring_role)
def test_what_is_ones_own_takes_the_role_too(without_role, own_access_without_role):
    """Somebody without the role makes an object, and sends the request about it; it is refused, and nothing changes."""
    gained = own_access_without_role(without_role)

    assert gained == NOTHING


@requirement("SCOPE-ROLE-INTERSECTION")
@for_each_operation(requiring_role)
@given("roles_in_tokens")
def test_no_other_role_will_do(owner, operation, unauthorized_access):
    """A valid request of somebody with roles that only resemble the declared ones is refused, and nothing changes."""
    similar = [form.format(role) for role in operation.roles for form in ("no-{}", "{}s", "{} assistant")]
    gained = unauthorized_access(owner.with_roles(*similar))

    assert gained == NOTHING


@requirement("SCOPE-ROLE-INTERSECTION")
@for_each_operation(requiring_role)
@given("roles_in_tokens")
def test_a_role_counts_wherever_it_stands(owner, operation, ready):
    """A valid request of somebody who has the declared role after another one is accepted."""
    reply = owner.with_roles("another", *sorted(operation.roles)).send(ready.request)

    assert reply == accepted(operation)


@requirement("SCOPE-ROLE-INTERSECTION")
@for_each_operation(both(requiring_role, scoped))
def test_a_role_does_not_stand_in_for_scopes(owner_without_scopes, unauthorized_access):
    """A valid request of somebody who holds every role and not the scopes is refused, and nothing changes."""
    gained = unauthorized_access(owner_without_scopes)

    assert gained == NOTHING


@requirement("SCOPE-GRANT-WITHIN-REGISTRATION")
def test_a_client_is_not_granted_more_than_is_registered(limited_client, excessive_scope_reply):
    """A client asks for every scope of the contract; it is refused, or told that it gets less."""
    reply = excessive_scope_reply

    assert reply == granting_within(limited_client.scopes)


@requirement("SCOPE-GRANT-WITHIN-REGISTRATION")
@for_each_operation(scoped_unaddressed)
def test_a_token_does_not_hold_more_than_is_registered(client_lacking_scopes, excessive_scope_reply, ready):
    """The token that a client gets when it asks for too much, if it gets any, opens nothing beyond."""
    reply = client_lacking_scopes.with_token(str(excessive_scope_reply.member("access_token"))).send(ready.request)

    assert reply == refused


@requirement("SCOPE-GRANT-WITHIN-REGISTRATION")
@for_each_operation(scoped_unaddressed)
def test_a_token_does_not_hold_more_than_was_asked_for(partner, other_scopes, ready):
    """A client asks for a part of its scopes; the token opens nothing that needs another."""
    reply = partner.with_scopes(*other_scopes).send(ready.request)

    assert reply == refused
