"""Signatures that receivers verify with a public key."""

from conformance.checks.webhooks.signatures import TEXTS
from conformance.marks import for_each_event, requirement, variants
from conformance.signatures.private_keys import reveals_private_key


@requirement("WHS-ASYMMETRIC-V1A")
@for_each_event()
def test_a_delivery_is_signed_by_its_key_pair(delivery, hook, asymmetric_signatures):
    """The delivery of an event is received; it verifies with the public key that the registration answered."""
    assert asymmetric_signatures.well_formed(delivery)
    assert asymmetric_signatures.verifies(hook, delivery)


@requirement("WHS-ASYMMETRIC-V1A")
def test_a_retry_is_signed_by_the_key_pair_too(hook, deliveries, asymmetric_signatures):
    """A delivery fails once; both attempts verify with the public key."""
    attempts = deliveries.attempts_until_accepted(hook, 2)

    assert [asymmetric_signatures.verifies(hook, attempt) for attempt in attempts] == [True, True]


@requirement("WHS-ASYMMETRIC-V1A")
@variants("text", TEXTS)
def test_the_key_pair_signs_the_very_bytes(hook, text_delivery, asymmetric_signatures):
    """An event is triggered whose data holds a difficult text; the key pair signed the bytes as they arrive."""
    assert asymmetric_signatures.verifies(hook, text_delivery)


@requirement("WHS-PUBLIC-KEY-FORM")
def test_public_keys_have_the_declared_form(hook, second_hook, asymmetric_signatures):
    """Two receivers are registered; each public key has the prefix, the encoding and the size of the scheme."""
    assert asymmetric_signatures.well_formed_key(hook.public_key)
    assert asymmetric_signatures.well_formed_key(second_hook.public_key)


@requirement("WHS-PRIVATE-KEY-KEPT")
def test_the_private_key_is_shown_nowhere(hook, delivery, registrations, asymmetric_signatures):
    """A receiver is registered, read, listed, pinged and called; nothing that it is shown holds its private key."""
    shown = [
        hook.reply.full_text,
        delivery.full_text,
        *(reply.full_text for reply in registrations.replies_about(hook)),
    ]

    assert [text for text in shown if reveals_private_key(text, asymmetric_signatures.key(hook.public_key))] == []
