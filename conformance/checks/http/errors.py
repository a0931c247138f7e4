"""Errors: a refusal tells a program what is wrong, and discloses nothing else (RFC 9457)."""

from conformance.judgement.expectation import each
from conformance.judgement.expectations import naming_its_status, problem, problem_document, refused, success
from conformance.judgement.oauth_expectations import oauth_error
from conformance.marks import for_each_operation, for_one_operation, given, requirement, variants
from conformance.requests.provoked_errors import titles
from conformance.selection.bodies import taking_json
from conformance.selection.operations import (
    any_operation,
    both,
    declaring_problems,
    with_request_id,
)


@requirement("ERR-PROBLEM-MEDIA-TYPE")
@for_each_operation(declaring_problems)
def test_refusals_are_problem_documents(refusals):
    """The operation is made to refuse for each reason that can be arranged; every refusal is a problem document."""
    others = {condition: reply for condition, reply in refusals.items() if reply != problem_document}

    assert others == {}


@requirement("ERR-PROBLEM-STATUS-MATCHES")
@for_each_operation(declaring_problems)
def test_the_status_member_is_the_status(refusals):
    """The operation is made to refuse for each reason; a status member is the number on the status line."""
    replies = list(refusals.values())

    assert replies == each(naming_its_status)


@requirement("ERR-PROBLEM-TYPE-STABLE")
@for_each_operation(declaring_problems)
def test_equal_failures_have_equal_types(refusals, repeated_refusals, unlisted_types):
    """The operation is made to refuse for each reason, twice; the types are the same, and of those that are listed."""
    first = {condition: reply.member("type") for condition, reply in refusals.items()}
    second = {condition: reply.member("type") for condition, reply in repeated_refusals.items()}

    assert first == second
    assert unlisted_types(refusals.values()) == []


@requirement("ERR-PROBLEM-TYPE-STABLE")
@for_each_operation(declaring_problems)
def test_failures_of_different_status_have_different_types(refusals):
    """The operation is made to refuse for each reason; no type is shared by two statuses, unless it is about:blank."""
    kinds = {(reply.status, reply.member("type") or "about:blank") for reply in refusals.values()}
    typed = [kind for _, kind in kinds if kind != "about:blank"]

    assert len(typed) == len(set(typed))


@requirement("ERR-VALIDATION-POINTERS")
@for_each_operation(taking_json)
def test_each_offending_member_is_pointed_at(owner, violation):
    """A body with two members that the schema forbids is sent; the refusal points at both."""
    reply = owner.send(violation.request)

    assert reply == refused
    assert violation.reported(reply) == violation.expected


@requirement("ERR-VALIDATION-POINTERS")
@for_each_operation(taking_json)
def test_a_member_with_odd_signs_in_its_name_is_pointed_at(owner, odd_member):
    """A member is added that the schema forbids, with / and ~ in its name; the refusal points at it (RFC 6901)."""
    reply = owner.send(odd_member.request)

    assert reply == refused
    assert odd_member.reported(reply) == odd_member.expected


@requirement("ERR-VALIDATION-POINTERS")
@for_each_operation(taking_json)
def test_an_element_of_a_list_is_pointed_at(owner, odd_element):
    """The last element of a list is one that the schema forbids; the refusal points at it by its number."""
    reply = owner.send(odd_element.request)

    assert reply == refused
    assert odd_element.reported(reply) == odd_element.expected


@requirement("ERR-VALIDATION-POINTERS")
def test_a_forbidden_address_is_pointed_at(refused_registration, registration_pointers, subscriber):
    """A receiver is registered at an address that must not be called; the refusal points at its URL."""
    assert subscriber.subscription.url in registration_pointers.within(refused_registration)


@requirement("ERR-MALFORMED-JSON-400")
@for_each_operation(taking_json)
@variants("content", {"brace": b"{", "tail": b'{"x": 1}}'})
def test_what_is_not_json_is_refused(owner, ready, unparsed, content):
    """Something that is not well-formed JSON is sent as such; it is refused."""
    reply = owner.send(ready.request.with_body(content))

    assert reply == unparsed


@requirement("ERR-MALFORMED-JSON-400")
@for_each_operation(taking_json)
@given("normative")
@variants("content", {"nan": b'{"x": NaN}', "bytes": b'{"x": "\xff\xfe"}'})
def test_what_some_parsers_take_for_json_is_refused(owner, ready, unparsed, content):
    """NaN, or bytes that are no UTF-8, are sent where many a parser takes them; they are refused."""
    reply = owner.send(ready.request.with_body(content))

    assert reply == unparsed


@requirement("ERR-MALFORMED-JSON-400")
@for_each_operation(taking_json)
def test_half_a_body_has_no_effect(owner, ready, unparsed):
    """A body that was just accepted is sent without its last byte; it is refused and nothing is done."""
    reply = owner.send(ready.request.with_body(ready.request.body[:-1]))

    assert reply == unparsed
    assert not ready.has_effect()


@requirement("ERR-NO-INTERNALS")
@for_each_operation(any_operation)
def test_refusals_reveal_nothing_of_the_inside(all_refusals, exploration, disclosed_internals):
    """The operation is made to refuse, by reason and by generated requests; no answer shows anything internal."""
    replies = [*all_refusals, *exploration.replies]

    assert disclosed_internals(replies) == []


@requirement("ERR-OAUTH-SHAPE")
def test_the_token_endpoint_refuses_as_oauth_says(client, token_requests):
    """Token requests that should not be granted are sent; each refusal has the form of RFC 6749."""
    replies = {reason: client.send(request) for reason, request in token_requests.items()}

    assert {reason: reply for reason, reply in replies.items() if reply not in (oauth_error, success)} == {}


@requirement("ERR-PROBLEM-TITLE-STABLE")
@for_each_operation(declaring_problems)
def test_a_type_has_one_title(refusals, repeated_refusals, exploration):
    """The operation is made to refuse by reason, again about other things, and by generated requests; titles stay."""
    found = titles([*refusals.values(), *repeated_refusals.values(), *exploration.replies])

    assert {kind: words for kind, words in found.items() if len(words) > 1} == {}


@requirement("ERR-PROBLEM-TITLE-STABLE")
def test_a_type_has_one_title_wherever_it_comes_from(refusals_everywhere):
    """All operations are made to refuse by reason, actions also upon objects in other states; a type has one title."""
    found = titles(refusals_everywhere)

    assert {kind: words for kind, words in found.items() if len(words) > 1} == {}


@requirement("ERR-UNROUTED-PROBLEM")
@for_one_operation(declaring_problems)
@given("normative")
def test_a_path_that_leads_nowhere_is_a_problem(owner, unrouted_requests):
    """Paths beside and below those of the contract are asked for; the answer to each is 404 as a problem document."""
    replies = [owner.send(request) for request in unrouted_requests]

    assert replies == each(problem(404))


@requirement("ERR-UNROUTED-PROBLEM")
@for_one_operation(declaring_problems)
@given("normative")
def test_a_path_that_leads_nowhere_is_a_problem_for_everybody(nobody, unrouted_requests):
    """The same paths are asked for without credentials; the answer is 404, or 401, as a problem document."""
    replies = [nobody.send(request) for request in unrouted_requests]

    assert replies == each(problem(401, 404))


@requirement("ERR-CORRELATION")
@for_each_operation(both(declaring_problems, with_request_id))
@given("request_id_in_problems")
def test_a_problem_document_names_its_exchange(refusals, request_ids):
    """The operation is made to refuse for each reason; each problem document holds the request id of its answer."""
    anonymous = {condition: reply for condition, reply in refusals.items() if request_ids.of(reply) not in reply.text}

    assert anonymous == {}
