"""Versioning: deprecation and sunset (RFC 9745, RFC 8594), unknown versions and unknown members."""

from conformance.effects.link_headers import follow_link, link_targets
from conformance.judgement.expectation import each
from conformance.judgement.expectations import accepted, refused, success
from conformance.marks import for_each_operation, given, requirement
from conformance.selection.bodies import writing_json
from conformance.selection.operations import (
    both,
    scoped,
    secured,
)
from conformance.selection.promises import (
    announcing_deprecation,
    announcing_sunset,
    deprecated,
    list_taking_if_none_match,
    not_deprecated,
    versioned,
    with_next_link,
)


@requirement("VER-DEPRECATION-HEADER")
@for_each_operation(announcing_deprecation)
def test_the_deprecation_is_told_wherever_it_is_declared(answers, deprecation):
    """The operation is made to accept and, for each reason, to refuse; each answer bears the declared date."""
    assert [reply for reply in answers if not deprecation.agrees_with_contract(reply)] == []


@requirement("VER-DEPRECATION-HEADER")
@for_each_operation(not_deprecated)
@given("deprecation_declared")
def test_nothing_else_is_called_deprecated(answers):
    """An operation that is to stay is made to accept and, for each reason, to refuse; no answer bears Deprecation."""
    assert [reply for reply in answers if reply.header("Deprecation")] == []


@requirement("VER-SUNSET")
@for_each_operation(announcing_sunset)
def test_the_sunset_is_a_date_after_the_deprecation(ready, deprecation):
    """The operation accepts a request; the Sunset of its answer is an HTTP date, and not before the Deprecation."""
    assert deprecation.sunset(ready.control) >= deprecation.deprecation(ready.control)


@requirement("VER-SUNSET")
@for_each_operation(announcing_sunset)
def test_what_is_said_of_the_sunset_can_be_read(nobody, policy_urls):
    """The operation accepts a request; the Link of its answer leads to the policy, which everybody can read."""
    replies = [follow_link(policy, nobody) for policy in policy_urls]

    assert replies != []
    assert replies == each(success)


@requirement("VER-SUNSET")
@for_each_operation(both(announcing_sunset, with_next_link))
def test_a_page_leads_to_the_policy_as_well_as_to_the_next_one(pagination):
    """A list is read in pages of one; the Link of the first leads to the next page, and to what is said of the end."""
    pagination.fill(2)
    first = pagination.page_of_size(1)

    assert pagination.next_link(first) != ""
    assert link_targets(first, "deprecation", "sunset") != []


@requirement("VER-DEPRECATION-HEADER")
@for_each_operation(both(announcing_deprecation, list_taking_if_none_match))
def test_an_unchanged_list_is_deprecated_too(list_tags, deprecation):
    """A list is read with its tag in If-None-Match; the answer bears the date that is declared for it."""
    reply = list_tags.if_none_match(list_tags.current)

    assert deprecation.agrees_with_contract(reply)


@requirement("VER-UNKNOWN-VERSION")
@for_each_operation(versioned)
@given("normative")
def test_an_unknown_version_is_refused(owner, unknown_version_request):
    """What was just read is asked for in version 999; it is refused."""
    reply = owner.send(unknown_version_request)

    assert reply == refused


@requirement("VER-DEPRECATED-STILL-WORKS")
@for_each_operation(deprecated)
def test_what_is_deprecated_is_still_done(owner, request_before_sunset):
    """A valid request is sent to a deprecated operation before its Sunset; it is accepted."""
    reply = owner.send(request_before_sunset.request)

    assert reply == accepted(request_before_sunset.operation)


@requirement("VER-DEPRECATED-STILL-WORKS")
@for_each_operation(both(deprecated, secured))
def test_what_is_deprecated_is_still_guarded(nobody, ready):
    """A request that a deprecated operation accepted comes without credentials; it is refused."""
    reply = nobody.send(ready.request)

    assert reply == refused


@requirement("VER-DEPRECATED-STILL-WORKS")
@for_each_operation(both(deprecated, scoped))
def test_what_is_deprecated_still_needs_its_scopes(owner, ready):
    """A request that a deprecated operation accepted comes with a token of no scope; it is refused."""
    reply = owner.with_scopes().send(ready.request)

    assert reply == refused


@requirement("VER-TOLERANT-READER")
@for_each_operation(writing_json)
def test_an_unknown_member_is_met_as_declared(owner, extended_request):
    """A body that was just accepted is sent with one member more; it is refused or accepted, as its schema says."""
    reply = owner.send(extended_request.request)

    assert reply == extended_request.expected


@requirement("VER-TOLERANT-READER")
def test_an_unknown_member_of_a_login_is_met_as_declared(nobody, extended_login):
    """A login that was just accepted is sent with one member more; it is refused or accepted, as its schema says."""
    reply = nobody.send(extended_login.request)

    assert reply == extended_login.expected
