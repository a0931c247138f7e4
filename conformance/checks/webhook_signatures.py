"""What receivers verify deliveries by."""

from conformance.engine.marks import for_each_event, requirement, variants

MARGIN = 30  # seconds by which a timestamp keeps clear of the tolerance
LONGER_THAN_A_SECOND = 1.1

TEXTS = {
    "accents": "Żółć, naïve, Größe",
    "emoji": "👩‍🚀 🏳️‍🌈 ✈️",
    "line-separators": "before\u2028between\u2029after",
    "markup": "<b>&amp;</b> <script>",
    "quotes": "\"double\" 'single' back\\slash /",
    "long": "long " * 20,
}


@requirement("WHS-HEADER-SYNTAX")
@for_each_event()
def test_a_delivery_has_every_signature_header_once(delivery, signatures):
    """The delivery of an event is received; each header of the scheme is there once, in the declared form."""
    repeated = signatures.headers & set(delivery.repeated)

    assert not repeated
    assert signatures.wellformed(delivery.headers)


@requirement("WHS-HMAC-V1-VALID")
@for_each_event()
def test_a_delivery_is_signed_with_its_secret(delivery, hook, signatures):
    """The delivery of an event is received; it verifies with the secret that the registration answered."""
    assert signatures.verifies(hook.secret, delivery.headers, delivery.body)


@requirement("WHS-SIGNS-RAW-BODY")
@variants("text", TEXTS)
def test_the_very_bytes_are_signed(hook, worded, signatures):
    """An event is caused whose data holds a difficult text; the signature is that of the bytes as they arrive."""
    assert signatures.verifies(hook.secret, worded.headers, worded.body)


@requirement("WHS-COVERS-ID-AND-TIMESTAMP")
def test_no_signature_leaves_a_part_out(hook, delivery, bound_signatures):
    """A delivery is received; no entry of it is a signature that lacks the id, the timestamp or both."""
    lesser = bound_signatures.lesser_contents(delivery.headers, delivery.body)

    assert bound_signatures.verifies(hook.secret, delivery.headers, delivery.body)
    assert not any(bound_signatures.matches(hook.secret, delivery.headers, content) for content in lesser)


@requirement("WHS-TIMESTAMP-FORM-FRESH")
@for_each_event()
def test_the_timestamp_is_now(delivery, timed_signatures):
    """The delivery of an event is received; its timestamp is in seconds, and close to the clock of the receiver."""
    assert timed_signatures.fresh(delivery.headers, delivery.arrived, margin=MARGIN)


@requirement("WHS-TIMESTAMP-NEW-PER-ATTEMPT")
def test_a_retry_has_its_own_time_and_signature(hook, deliveries, timed_signatures):
    """Attempts fail for more than a second; the last one bears a later time than the first, and is signed for it."""
    attempts = deliveries.retried(hook, deliveries.lasting(LONGER_THAN_A_SECOND))
    first, last = attempts[0], attempts[-1]

    assert timed_signatures.timestamp(last.headers) > timed_signatures.timestamp(first.headers)
    assert timed_signatures.verifies(hook.secret, last.headers, last.body)


@requirement("WHS-TIMESTAMP-NEW-PER-ATTEMPT")
def test_a_retry_has_the_same_body(hook, deliveries):
    """A first attempt fails; the second one has the very same body."""
    first, again = deliveries.retried(hook, 2)

    assert again.body == first.body


@requirement("WHS-ID-STABLE-UNIQUE")
def test_all_attempts_have_one_id(hook, deliveries, identified_signatures):
    """A first attempt fails; the second one has the same id."""
    first, again = deliveries.retried(hook, 2)

    assert identified_signatures.id(again.headers) == identified_signatures.id(first.headers)


@requirement("WHS-ID-STABLE-UNIQUE")
def test_every_event_has_an_id_of_its_own(hook, deliveries, identified_signatures):
    """Ten events are told; their deliveries have ten different ids."""
    found = {identified_signatures.id(deliveries.first(hook).headers) for _ in range(10)}

    assert len(found) == 10


@requirement("WHS-SECRET-FORM")
def test_secrets_have_the_declared_form(subscriber, alice, signatures):
    """Ten receivers are registered; each secret has the prefix, the encoding and the size of the scheme."""
    found = [subscriber.register(alice).secret for _ in range(10)]

    assert all(signatures.sufficient(secret) for secret in found)


@requirement("WHS-SECRET-PER-ENDPOINT")
def test_a_delivery_verifies_with_its_own_secret_alone(hook, sibling, bobs_hook, deliveries, signatures):
    """Two receivers of Alice and one of Bob are registered; a delivery verifies with its own secret only."""
    delivery = deliveries.first(hook)
    secrets = [hook.secret, sibling.secret, bobs_hook.secret]

    assert [signatures.verifies(secret, delivery.headers, delivery.body) for secret in secrets] == [True, False, False]


@requirement("WHS-ROTATION-OVERLAP")
def test_both_secrets_verify_during_the_overlap(hook, overlapping, deliveries, signatures):
    """A secret is rotated and an event caused at once; its delivery verifies with the new and the former secret."""
    delivery = deliveries.first(overlapping)

    assert signatures.verifies(overlapping.secret, delivery.headers, delivery.body)
    assert signatures.verifies(hook.secret, delivery.headers, delivery.body)


@requirement("WHS-ROTATION-OLD-RETIRED")
def test_the_former_secret_is_retired(hook, rotated, overlap, deliveries, signatures):
    """A secret is rotated; after the overlap a delivery verifies with the new one, and with the former no more."""
    last = deliveries.eventually(
        rotated, lambda sent: not signatures.verifies(hook.secret, sent.headers, sent.body), within=overlap
    )

    assert signatures.verifies(rotated.secret, last.headers, last.body)
    assert not signatures.verifies(hook.secret, last.headers, last.body)


@requirement("WHS-NO-SECRET-IN-DELIVERY")
@for_each_event()
def test_a_delivery_gives_no_credential_away(delivery, credentials):
    """The delivery of an event is received; neither the secret nor a credential of Alice stands anywhere in it."""
    assert not [known for known in credentials if known in delivery.whole]
    assert {"authorization", "cookie"}.isdisjoint(delivery.headers)
