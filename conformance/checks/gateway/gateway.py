"""Behaviour of every operation at the gateway: request ids, forged header fields, trace context."""

from conformance.judgement.expectation import each
from conformance.judgement.expectations import accepted, refused
from conformance.marks import for_each_operation, for_one_operation, given, requirement, variants
from conformance.selection.operations import (
    any_operation,
    both,
    keyed,
    private,
    reading,
    scoped,
    secured,
    with_request_id,
)
from conformance.selection.promises import with_next_link
from conformance.selection.quota import secured_reading_with_quota

TRACEPARENTS = (
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-00000000000000000000000000000000-0000000000000000-00",  # neither id may be all zeros
    "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",  # hexadecimal digits are small letters
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",  # a version that is forbidden
    "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-brings",
    "00-" + "0af7" * 500,
    "none",
)
STRANGE_REQUEST_IDS = ("<script>alert(1)</script>", "x" * 5000, "a%0d%0aSet-Cookie: b=c")


@requirement("GW-REQUEST-ID")
@for_each_operation(with_request_id)
def test_every_reply_has_a_unique_request_id(answers, request_ids):
    """The operation is made to accept and to refuse for each reason; each answer bears a new id of declared form."""
    malformed = [reply for reply in answers if not request_ids.has_declared_form(reply)]

    assert malformed == []
    assert len({request_ids.of(reply) for reply in answers}) == len(answers)


@requirement("GW-REQUEST-ID")
@for_each_operation(with_request_id)
def test_a_request_id_in_the_body_is_that_of_the_header(answers, request_ids):
    """The operation is made to refuse for each reason; an id in the body is the one in the field."""
    others = [value for reply in answers for value in request_ids.differing_ids(reply)]

    assert others == []


@requirement("GW-REQUEST-ID")
@for_each_operation(both(keyed, with_request_id))
def test_an_answer_that_is_given_again_has_an_id_of_its_own(keyed_request, request_ids):
    """A keyed request is carried out and repeated; both answers bear an id in the field, and not the same."""
    first, again = keyed_request.first(), keyed_request.send()

    assert request_ids.has_declared_form(again)
    assert request_ids.of(again) != request_ids.of(first)


@requirement("GW-REQUEST-ID-NOT-INJECTED")
@for_each_operation(with_request_id)
def test_a_malformed_request_id_is_not_returned(owner, ready, request_ids):
    """Request ids that no server would make are sent along; each answer bears one of the declared form."""
    sent = {strange: ready.another().with_header(request_ids.name, strange) for strange in STRANGE_REQUEST_IDS}
    replies = {strange: owner.send(request) for strange, request in sent.items()}

    assert list(replies.values()) == each(accepted(ready.operation))
    assert [reply for reply in replies.values() if not request_ids.has_declared_form(reply)] == []
    assert [reply for strange, reply in replies.items() if strange in reply.full_text] == []


@requirement("GW-INTERNAL-HEADERS-IGNORED")
@for_each_operation(secured)
def test_a_forged_identity_is_refused_without_credentials(nobody, ready, request_with_forged_identity):
    """A request is sent without credentials, but with the fields in which gateways name the caller; it is refused."""
    reply = ready.send_beside_twin(nobody, request_with_forged_identity)

    assert reply == refused


@requirement("GW-INTERNAL-HEADERS-IGNORED")
@for_each_operation(private)
def test_a_forged_identity_gives_no_access_to_objects_of_others(bob, ready, request_with_forged_identity):
    """Bob asks for what is Alice's and names her in the fields of gateways; he is refused and has changed nothing."""
    before = ready.state()

    reply = ready.send_beside_twin(bob, request_with_forged_identity)

    assert reply == refused
    assert ready.state() == before


@requirement("GW-INTERNAL-HEADERS-IGNORED")
@for_each_operation(scoped)
def test_forged_scopes_are_ignored(owner, ready, request_with_forged_scopes):
    """A request is sent with a token of no scope, but with fields that list every scope; it is refused."""
    reply = ready.send_beside_twin(owner.with_scopes(), request_with_forged_scopes)

    assert reply == refused


@requirement("GW-HOST-NOT-TRUSTED")
@for_each_operation(any_operation)
@given("normative")
def test_a_forged_host_is_not_reflected(owner, requests_with_forged_host, reflections):
    """Requests name another host, in Host or in all fields of proxies; each is refused, or not told of it."""
    replies = [owner.send(request) for request in requests_with_forged_host]

    assert reflections(replies) == []


@requirement("GW-HOST-NOT-TRUSTED")
@for_each_operation(with_next_link)
@given("normative")
def test_a_forged_host_leads_no_link_away(pages_with_forged_host, reflections):
    """Pages with a next one name another host, in Host or in all fields of proxies; no answer names it."""
    assert reflections(pages_with_forged_host) == []


@requirement("GW-TRACE-CONTEXT")
@for_each_operation(reading)
def test_any_traceparent_is_accepted(owner, ready):
    """What was just read is asked for with traceparents, valid ones or not; it is given as before."""
    replies = [owner.send(ready.request.with_header("traceparent", traceparent)) for traceparent in TRACEPARENTS]

    assert replies == each(accepted(ready.operation))


@requirement("GW-QUOTA-OF-PRINCIPAL")
@for_one_operation(secured_reading_with_quota)
@variants("other", {"colleague": "colleague", "stranger": "bob"})
@given("normative")
def test_what_others_ask_for_is_not_charged(charges_beside):
    """Three times somebody else asks five times between two requests of the owner, who is not charged for all that."""
    assert min(charges_beside) <= 5
