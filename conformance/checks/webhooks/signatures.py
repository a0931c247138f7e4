"""The signatures by which receivers verify deliveries."""

from conformance.marks import for_each_event, given, requirement, variants
from conformance.signatures.content_digest import matches

MARGIN = 30  # seconds within the tolerance
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
    repeated = signatures.headers & set(delivery.repeated_headers)

    assert repeated == set()
    assert signatures.well_formed(delivery)


@requirement("WHS-HMAC-V1-VALID")
@for_each_event()
def test_a_delivery_is_signed_with_its_secret(delivery, hook, signatures):
    """The delivery of an event is received; it verifies with the secret that the registration answered."""
    assert signatures.verifies(hook, delivery)


@requirement("WHS-SIGNS-RAW-BODY")
@variants("text", TEXTS)
def test_the_raw_body_is_signed(hook, text_delivery, signatures):
    """An event is triggered whose data holds a difficult text; the signature is that of the bytes as they arrive."""
    assert signatures.verifies(hook, text_delivery)


@requirement("WHS-COVERS-ID-AND-TIMESTAMP")
def test_no_signature_leaves_a_part_out(hook, delivery, signatures_over_metadata):
    """A delivery is received; no signature in it leaves out the id, the timestamp, or what else the scheme signs."""
    assert signatures_over_metadata.verifies(hook, delivery)
    assert not signatures_over_metadata.verifies_partial_content(hook, delivery)


@requirement("WHS-TIMESTAMP-FORM-FRESH")
@for_each_event()
def test_the_timestamp_is_now(delivery, signatures_with_tolerance):
    """The delivery of an event is received; its timestamp is in seconds, and close to the clock of the receiver."""
    assert signatures_with_tolerance.fresh(delivery, delivery.arrived, margin=MARGIN)


@requirement("WHS-TIMESTAMP-NEW-PER-ATTEMPT")
def test_a_retry_has_its_own_time_and_signature(hook, deliveries, timestamped_signatures):
    """Attempts fail for more than a second; the last one bears a later time than the first, and is signed for it."""
    attempts = deliveries.attempts_until_accepted(hook, deliveries.attempt_after(LONGER_THAN_A_SECOND))
    first, last = attempts[0], attempts[-1]

    assert timestamped_signatures.timestamp(last) > timestamped_signatures.timestamp(first)
    assert timestamped_signatures.verifies(hook, last)


@requirement("WHS-TIMESTAMP-NEW-PER-ATTEMPT")
def test_a_retry_has_the_same_body(hook, deliveries):
    """A first attempt fails; the second one has the very same body."""
    first, again = deliveries.attempts_until_accepted(hook, 2)

    assert again.body == first.body


@requirement("WHS-TIMESTAMP-NEW-PER-ATTEMPT")
def test_a_retry_tells_of_its_own_time(hook_answering, subscriber, deliveries, signatures_with_id):
    """An object is changed, and again after the first attempt, as all fail; a retry has the body of the first."""
    hook = hook_answering(500)
    changes = subscriber.changes(hook, 2)
    first = deliveries.wait_for(hook, next(changes))
    next(changes)
    retry = deliveries.next_repeat(hook, lambda call: signatures_with_id.same_id(call, first))

    assert retry.body == first.body


@requirement("WHS-ID-STABLE-UNIQUE")
def test_all_attempts_have_one_id(hook, deliveries, signatures_with_id):
    """A first attempt fails; the second one has the same id."""
    first, again = deliveries.attempts_until_accepted(hook, 2)

    assert signatures_with_id.id(again) == signatures_with_id.id(first)


@requirement("WHS-ID-STABLE-UNIQUE")
def test_every_event_has_an_id_of_its_own(hook, deliveries, signatures_with_id):
    """Ten events are delivered; their deliveries have ten different ids."""
    found = {signatures_with_id.id(deliveries.of_new_event(hook)) for _ in range(10)}

    assert len(found) == 10


@requirement("WHS-SECRET-FORM")
@given("shown_secret")
def test_secrets_have_the_declared_form(subscriber, alice, shared_secret_signatures):
    """Ten receivers are registered; each secret has the prefix, the encoding and the size of the scheme."""
    found = [subscriber.register(alice).secret for _ in range(10)]

    assert all(shared_secret_signatures.well_formed_key(secret) for secret in found)


@requirement("WHS-SECRET-PER-ENDPOINT")
def test_a_delivery_verifies_with_its_own_secret_alone(
    hook, second_hook, bobs_hook, deliveries, shared_secret_signatures
):
    """Two receivers of Alice and one of Bob are registered; a delivery to each of hers verifies with its own secret."""
    told = [deliveries.of_new_event(hook), deliveries.of_new_event(second_hook)]
    owners = (hook, second_hook, bobs_hook)
    verified = [[shared_secret_signatures.verifies(owner, delivery) for owner in owners] for delivery in told]

    assert verified == [[True, False, False], [False, True, False]]


@requirement("WHS-ROTATION-OVERLAP")
def test_both_secrets_verify_during_the_overlap(hook, overlapping_hook, deliveries, shared_secret_signatures):
    """A secret is rotated and an event triggered at once; its delivery verifies with the new and the former secret."""
    delivery = deliveries.of_new_event(overlapping_hook)

    assert shared_secret_signatures.verifies(overlapping_hook, delivery)
    assert shared_secret_signatures.verifies(hook, delivery)


@requirement("WHS-ROTATION-OVERLAP")
def test_both_secrets_verify_in_retries_and_pings(
    hook, overlapping_hook, registrations, deliveries, shared_secret_signatures
):
    """A secret is rotated; a delivery that fails once, and a ping, verify with the new and the former secret."""
    first, again = deliveries.attempts_until_accepted(overlapping_hook, 2)
    ping = deliveries.wait_for(overlapping_hook, registrations.ping(overlapping_hook))
    sent = (first, again, ping)

    assert [shared_secret_signatures.verifies(overlapping_hook, each) for each in sent] == [True] * 3
    assert [shared_secret_signatures.verifies(hook, each) for each in sent] == [True] * 3


@requirement("WHS-ROTATION-OVERLAP")
def test_the_former_secret_is_that_before_the_last_rotation(
    overlapping_hook, registrations, deliveries, shared_secret_signatures
):
    """A secret is rotated twice; a delivery verifies with the last one, and with the one before."""
    last = registrations.rotate_secret(overlapping_hook)
    delivery = deliveries.of_new_event(last)

    assert shared_secret_signatures.verifies(last, delivery)
    assert shared_secret_signatures.verifies(overlapping_hook, delivery)


@requirement("WHS-ROTATION-OVERLAP")
def test_each_rotation_has_an_overlap_of_its_own(overlapping_hook, late_delivery, shared_secret_signatures):
    """A secret is rotated in the overlap of another rotation; its own overlap ends no earlier for that."""
    assert shared_secret_signatures.verifies(overlapping_hook, late_delivery)


@requirement("WHS-ROTATION-OLD-RETIRED")
def test_the_former_secret_is_retired(hook, rotated_hook, overlap, deliveries, shared_secret_signatures):
    """A secret is rotated; after the overlap a delivery verifies with the new one, and with the former no more."""
    last = deliveries.of_new_events_until(
        rotated_hook, lambda delivery: not shared_secret_signatures.verifies(hook, delivery), within=overlap
    )

    assert shared_secret_signatures.verifies(rotated_hook, last)
    assert not shared_secret_signatures.verifies(hook, last)


@requirement("WHS-NO-SECRET-IN-DELIVERY")
@for_each_event()
def test_a_delivery_holds_no_credential(delivery, credentials):
    """The delivery of an event is received; neither the secret nor a credential of Alice stands anywhere in it."""
    assert [known for known in credentials if known in delivery.full_text] == []
    assert {"authorization", "cookie"}.isdisjoint(delivery.headers)


@requirement("WHS-CONTENT-DIGEST")
@for_each_event()
def test_the_digest_is_that_of_the_body(delivery, digest_of):
    """The delivery of an event is received; its digest is that of the bytes of its body."""
    assert matches(digest_of(delivery), delivery.body)


@requirement("WHS-CONTENT-DIGEST")
@variants("text", TEXTS)
def test_the_digest_is_that_of_the_raw_body(text_delivery, digest_of):
    """An event is triggered whose data holds a difficult text; the digest is that of the bytes as they arrive."""
    assert matches(digest_of(text_delivery), text_delivery.body)


@requirement("WHS-REPLAY-WINDOW-DOCUMENTED")
def test_the_contract_says_what_a_receiver_must_know(delivery, signatures, subscriber):
    """A signed delivery is received; the contract states its tolerated age, and what a rotation of the secret means."""
    rotates = bool(subscriber.subscription.rotate)

    assert signatures.entries(delivery) != []
    assert signatures.scheme.unstated(rotates=rotates) == []
