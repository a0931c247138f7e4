"""Which keys are taken, whose they are, and what they never open."""

from conformance.judgement.expectations import no_server_error, refused
from conformance.marks import for_each_operation, for_each_scope, requirement, variants
from conformance.selection.operations import (
    addressed,
    bearer_authenticated,
    both,
    key_optional,
    key_required,
    keyed,
    private_read,
    scoped,
    taking_json,
    unaddressed,
)

FORMS = {
    "empty": "",
    "quoted nothing": '""',
    "control character": "0d9e1b6c\x015c1f4b0e9b7e",
    "beyond ASCII": "0d9e1b6c\xe95c1f4b0e9b7e",
}
UNREADABLE = {"unfinished": b'{"', "of another type": b"[]"}


@requirement("IDEM-KEY-REQUIRED")
@for_each_operation(key_required)
def test_without_the_required_key_nothing_is_done(keyed):
    """The request without its key gets the declared refusal, and its owner sees no effect."""
    before = keyed.state()
    reply = keyed.without_key().send()

    assert reply == keyed.refusal("missing")
    assert keyed.state() == before


@requirement("IDEM-KEY-OPTIONAL")
@for_each_operation(key_optional)
def test_an_optional_key_can_be_left_out(keyed):
    """The request without its key is carried out."""
    reply = keyed.without_key().send()

    assert keyed.operation.succeeded(reply.status)


@requirement("IDEM-KEY-SYNTAX")
@for_each_operation(keyed)
@variants("form", FORMS)
def test_a_key_of_another_form_is_refused(misformed):
    """A key that the contract does not permit gets the declared refusal, and its owner sees no effect."""
    before = misformed.state()
    reply = misformed.send()

    assert reply == misformed.refusal("malformed")
    assert misformed.state() == before


@requirement("IDEM-KEY-SYNTAX")
@for_each_operation(keyed)
def test_a_key_that_is_too_long_is_refused(overlong):
    """A key of one character more than max-length gets the declared refusal, and its owner sees no effect."""
    before = overlong.state()
    reply = overlong.send()

    assert reply == overlong.refusal("malformed")
    assert overlong.state() == before


@requirement("IDEM-KEY-SYNTAX")
@for_each_operation(keyed)
def test_two_keys_are_refused(keyed, key):
    """Two fields with two keys get the declared refusal, and the owner sees no effect."""
    before = keyed.state()
    reply = keyed.also_bearing(key).send()

    assert reply == keyed.refusal("malformed")
    assert keyed.state() == before


@requirement("IDEM-SCOPED-TO-PRINCIPAL")
@for_each_operation(keyed)
def test_somebody_else_may_choose_the_same_key(bob, keyed):
    """A key that Alice has used comes with another request of Bob's; it is carried out."""
    keyed.first()
    reply = keyed.by(bob).send()

    assert keyed.operation.succeeded(reply.status)


@requirement("IDEM-SCOPED-TO-PRINCIPAL")
@for_each_operation(both(keyed, unaddressed))
def test_somebody_else_is_not_given_the_answer(bob, keyed):
    """Bob sends what Alice sent, with her key; a success means that he sees the effect among his own things."""
    keyed.first()
    his = keyed.sent_by(bob)
    before = his.state()
    reply = his.send()

    assert (his.state() != before) == reply.success


@requirement("IDEM-SCOPED-TO-OPERATION")
@for_each_operation(keyed)
def test_a_key_used_on_another_operation_brings_nothing_back(used_elsewhere):
    """With a key that was used on another operation, a request is carried out or refused, not answered idly."""
    before = used_elsewhere.state()
    reply = used_elsewhere.send()

    assert reply == no_server_error
    assert (used_elsewhere.state() != before) == reply.success


@requirement("IDEM-SCOPED-TO-OPERATION")
@for_each_operation(both(keyed, addressed))
def test_a_key_used_on_another_object_brings_nothing_back(keyed):
    """With a key that was used on another object, a request is carried out or refused, not answered idly."""
    keyed.first()
    other = keyed.by(keyed.owner)
    before = other.state()
    reply = other.send()

    assert reply == no_server_error
    assert (other.state() != before) == reply.success


@requirement("IDEM-REPLAY-NEEDS-AUTH")
@for_each_operation(keyed)
def test_nothing_is_replayed_without_credentials(nobody, keyed):
    """A request that was carried out is repeated without credentials; it is refused."""
    keyed.first()
    reply = nobody.send(keyed.request)

    assert reply == refused


@requirement("IDEM-REPLAY-NEEDS-AUTH")
@for_each_operation(both(keyed, bearer_authenticated))
def test_nothing_is_replayed_to_a_forged_token(forger, keyed):
    """A request that was carried out is repeated with a token that was tampered with; it is refused."""
    keyed.first()
    reply = forger.send(keyed.request)

    assert reply == refused


@requirement("IDEM-REPLAY-NEEDS-AUTH")
@for_each_scope(both(keyed, scoped))
def test_nothing_is_replayed_without_the_scope(owner, keyed, scope):
    """A request that was carried out is repeated with a token of its owner that lacks one scope; it is refused."""
    keyed.first()
    reply = owner.without_scopes(scope).send(keyed.request)

    assert reply == refused


@requirement("IDEM-REJECTED-NOT-STORED")
@for_each_operation(keyed)
def test_a_request_without_credentials_leaves_its_key_free(nobody, keyed):
    """A request is refused for want of credentials and sent again with them; it is carried out."""
    keyed.rejected(nobody)
    reply = keyed.send()

    assert keyed.operation.succeeded(reply.status)


@requirement("IDEM-REJECTED-NOT-STORED")
@for_each_scope(both(keyed, scoped))
def test_a_request_without_the_scope_leaves_its_key_free(owner, keyed, scope):
    """A request is refused for want of a scope and sent again with it; it is carried out."""
    keyed.rejected(owner.without_scopes(scope))
    reply = keyed.send()

    assert keyed.operation.succeeded(reply.status)


@requirement("IDEM-REJECTED-NOT-STORED")
@for_each_operation(both(keyed, taking_json))
@variants("body", UNREADABLE)
def test_a_malformed_request_leaves_its_key_free(keyed, body):
    """A request is refused for its body and sent again with a valid one under the same key; it is carried out."""
    keyed.with_body(body).rejected(keyed.owner)
    reply = keyed.send()

    assert keyed.operation.succeeded(reply.status)


@requirement("IDEM-SAFE-METHODS-IGNORE")
@for_each_operation(private_read)
def test_a_key_brings_no_former_state_back(rereading):
    """An object is read with a key, changed, and read with the key again: what is seen is what is there now."""
    rereading.read()
    now = rereading.changed()
    again = rereading.read()

    assert again.json == now.json
