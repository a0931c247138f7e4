"""Idempotency keys: their syntax, their scope, and that a replay needs authorization."""

from conformance.fixtures.effects.similar_keys import LIKENESSES
from conformance.judgement.expectations import accepted, no_server_error, refused, replay_of, status
from conformance.marks import for_each_operation, for_each_scope, requirement, variants
from conformance.selection.bodies import taking_json
from conformance.selection.operations import (
    addressed,
    bearer_authenticated,
    both,
    key_optional,
    key_required,
    keyed,
    private_read,
    scoped,
    unaddressed,
)
from conformance.selection.promises import keyed_by_principal, keyed_registration

MALFORMED_KEYS = {
    "empty": "",
    "quoted nothing": '""',
    "control character": "0d9e1b6c\x015c1f4b0e9b7e",
    "beyond ASCII": "0d9e1b6c\xe95c1f4b0e9b7e",
}
MALFORMED_BODIES = {"unfinished": b'{"', "of another type": b"[]"}


@requirement("IDEM-KEY-REQUIRED")
@for_each_operation(key_required)
def test_without_the_required_key_nothing_is_done(keyed_request):
    """The request without its key gets the declared refusal, and its owner sees no effect."""
    before = keyed_request.state()
    reply = keyed_request.without_key().send()

    assert reply == keyed_request.refusal("missing")
    assert keyed_request.state() == before


@requirement("IDEM-KEY-OPTIONAL")
@for_each_operation(key_optional)
def test_an_optional_key_can_be_left_out(keyed_request):
    """The request without its key is carried out."""
    reply = keyed_request.without_key().send()

    assert reply == accepted(keyed_request.operation)


@requirement("IDEM-KEY-SYNTAX")
@for_each_operation(keyed)
@variants("form", MALFORMED_KEYS)
def test_a_key_of_another_form_is_refused(malformed_key_request):
    """A key that the contract does not permit gets the declared refusal, and its owner sees no effect."""
    before = malformed_key_request.state()
    reply = malformed_key_request.send()

    assert reply == malformed_key_request.refusal("malformed")
    assert malformed_key_request.state() == before


@requirement("IDEM-KEY-SYNTAX")
@for_each_operation(keyed)
def test_a_key_that_is_too_long_is_refused(overlong_key_request):
    """A key of one character more than max-length gets the declared refusal, and its owner sees no effect."""
    before = overlong_key_request.state()
    reply = overlong_key_request.send()

    assert reply == overlong_key_request.refusal("malformed")
    assert overlong_key_request.state() == before


@requirement("IDEM-KEY-SYNTAX")
@for_each_operation(keyed)
def test_two_keys_are_refused(keyed_request, key):
    """Two fields with two keys get the declared refusal, and the owner sees no effect."""
    before = keyed_request.state()
    reply = keyed_request.with_second_key(key).send()

    assert reply == keyed_request.refusal("malformed")
    assert keyed_request.state() == before


@requirement("IDEM-KEYS-TOLD-APART")
@for_each_operation(keyed)
@variants("likeness", LIKENESSES)
def test_keys_that_look_alike_are_two(keyed_request, similar_keys):
    """Two keys, as long as may be and with other last characters, or in other case; two requests are carried out."""
    first, second = similar_keys
    made = keyed_request.with_key(first).send()
    reply = keyed_request.another().with_key(second).send()

    assert made == accepted(keyed_request.operation)
    assert reply == accepted(keyed_request.operation)
    assert reply != replay_of(made)


@requirement("IDEM-SCOPED-TO-PRINCIPAL")
@for_each_operation(keyed)
def test_somebody_else_may_choose_the_same_key(bob, keyed_request):
    """A key that Alice has used comes with another request of Bob's; it is carried out."""
    keyed_request.first()
    reply = keyed_request.same_key_by(bob).send()

    assert reply == accepted(keyed_request.operation)


@requirement("IDEM-SCOPED-TO-PRINCIPAL")
@for_each_operation(keyed_by_principal)
def test_a_colleague_may_choose_the_same_key(colleague, keyed_request):
    """A key that somebody has used comes with another request of a colleague of the same tenant; it is carried out."""
    keyed_request.first()
    reply = keyed_request.same_key_by(colleague).send()

    assert reply == accepted(keyed_request.operation)


@requirement("IDEM-SCOPED-TO-PRINCIPAL")
@for_each_operation(both(keyed, unaddressed))
def test_somebody_else_is_not_given_the_answer(bob, keyed_request):
    """Bob sends what Alice sent, with her key; a success means that he sees the effect among his own things."""
    keyed_request.first()
    his = keyed_request.sent_by(bob)
    before = his.state()
    reply = his.send()

    assert his.is_carried_out(reply, before) == reply.success


@requirement("IDEM-SCOPED-TO-PRINCIPAL")
@for_each_operation(both(keyed, unaddressed))
def test_the_same_subject_of_another_issuer_is_not_given_the_answer(keyed_by_partner, equal_subject):
    """A client of the target uses a key; an equal subject of another issuer sends the same, and sees its own effect."""
    keyed_by_partner.first()
    theirs = keyed_by_partner.sent_by(equal_subject)
    before = theirs.state()
    reply = theirs.send()

    assert theirs.is_carried_out(reply, before) == reply.success


@requirement("IDEM-SCOPED-TO-OPERATION")
@for_each_operation(keyed)
def test_a_key_used_on_another_operation_brings_nothing_back(request_with_used_key, answer_to_used_key):
    """With a key used on another operation, a request is carried out, or refused where that may be the same key."""
    before = request_with_used_key.state()
    reply = request_with_used_key.send()

    assert reply == answer_to_used_key
    assert request_with_used_key.is_carried_out(reply, before) == reply.success


@requirement("IDEM-SCOPED-TO-OPERATION")
@for_each_operation(both(keyed, addressed))
def test_a_key_used_on_another_object_brings_nothing_back(keyed_request):
    """With a key that was used on another object, a request is carried out or refused, not answered idly."""
    keyed_request.first()
    other = keyed_request.same_key_by(keyed_request.owner)
    before = other.state()
    reply = other.send()

    assert reply == no_server_error
    assert other.is_carried_out(reply, before) == reply.success


@requirement("IDEM-REPLAY-NEEDS-AUTH")
@for_each_operation(keyed)
def test_nothing_is_replayed_without_credentials(nobody, keyed_request):
    """A request that was carried out is repeated without credentials; it is refused."""
    keyed_request.first()
    reply = keyed_request.repeated_by(nobody)

    assert reply == refused


@requirement("IDEM-REPLAY-NEEDS-AUTH")
@for_each_operation(both(keyed, bearer_authenticated))
def test_nothing_is_replayed_to_a_forged_token(owner_with_tampered_token, keyed_request):
    """A request that was carried out is repeated with a token that was tampered with; it is refused."""
    keyed_request.first()
    reply = keyed_request.repeated_by(owner_with_tampered_token)

    assert reply == refused


@requirement("IDEM-REPLAY-NEEDS-AUTH")
@for_each_scope(both(keyed, scoped))
def test_nothing_is_replayed_without_the_scope(owner, keyed_request, scope):
    """A request that was carried out is repeated with a token of its owner that lacks one scope; it is refused."""
    keyed_request.first()
    reply = keyed_request.repeated_by(owner.without_scopes(*keyed_request.operation.lacking(scope)))

    assert reply == refused


@requirement("IDEM-REJECTED-NOT-STORED")
@for_each_operation(keyed)
def test_a_request_without_credentials_leaves_its_key_free(nobody, keyed_request):
    """A request is refused for want of credentials and sent again with them; it is carried out."""
    keyed_request.rejected(nobody)
    reply = keyed_request.send()

    assert reply == accepted(keyed_request.operation)


@requirement("IDEM-REJECTED-NOT-STORED")
@for_each_scope(both(keyed, scoped))
def test_a_request_without_the_scope_leaves_its_key_free(owner, keyed_request, scope):
    """A request is refused for want of a scope and sent again with it; it is carried out."""
    keyed_request.rejected(owner.without_scopes(*keyed_request.operation.lacking(scope)))
    reply = keyed_request.send()

    assert reply == accepted(keyed_request.operation)


@requirement("IDEM-REJECTED-NOT-STORED")
@for_each_operation(both(keyed, taking_json))
@variants("body", MALFORMED_BODIES)
def test_a_malformed_request_leaves_its_key_free(keyed_request, body):
    """A request is refused for its body and sent again with a valid one under the same key; it is carried out."""
    keyed_request.with_body(body).rejected(keyed_request.owner)
    reply = keyed_request.send()

    assert reply == accepted(keyed_request.operation)


@requirement("IDEM-REJECTED-NOT-STORED")
@for_each_operation(keyed_registration)
def test_a_request_that_a_rule_refuses_leaves_its_key_free(keyed_request, request_against_a_rule):
    """A request is refused twice for what it names, alike, and sent with a permitted value and its key; it is done."""
    first, again = request_against_a_rule.send(), request_against_a_rule.send()
    reply = keyed_request.send()

    assert again == status(first.status)
    assert reply == accepted(keyed_request.operation)


@requirement("IDEM-SAFE-METHODS-IGNORE")
@for_each_operation(private_read)
def test_a_key_brings_no_former_state_back(keyed_read):
    """An object is read with a key, changed, and read with the key again: what is seen is what is there now."""
    before = keyed_read.read()
    keyed_read.change_object()
    again = keyed_read.read()

    assert again.text != before.text
