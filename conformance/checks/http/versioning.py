"""What is in use today works tomorrow, and whoever uses what will go is told in time."""

from conformance.effects.link_headers import followed
from conformance.judgement.expectations import accepted, refused, success
from conformance.marks import for_each_operation, given, requirement
from conformance.selection.operations import both, scoped, secured, writing_json
from conformance.selection.promises import (
    announcing_deprecation,
    announcing_sunset,
    deprecated,
    not_deprecated,
    versioned,
)


@requirement("VER-DEPRECATION-HEADER")
@for_each_operation(announcing_deprecation)
def test_the_deprecation_is_told_wherever_it_is_declared(answers, retirement):
    """The operation is made to accept and, for each reason, to refuse; each answer bears the declared date."""
    assert [reply for reply in answers if not retirement.is_told(reply)] == []


@requirement("VER-DEPRECATION-HEADER")
@for_each_operation(not_deprecated)
@given("dated")
def test_nothing_else_is_called_deprecated(answers):
    """An operation that is to stay is made to accept and, for each reason, to refuse; no answer bears Deprecation."""
    assert [reply for reply in answers if reply.header("Deprecation")] == []


@requirement("VER-SUNSET")
@for_each_operation(announcing_sunset)
def test_the_sunset_is_a_date_after_the_deprecation(ready, retirement):
    """The operation accepts a request; the Sunset of its answer is an HTTP date, and not before the Deprecation."""
    assert retirement.sunset(ready.control) >= retirement.deprecation(ready.control)


@requirement("VER-SUNSET")
@for_each_operation(announcing_sunset)
def test_what_is_said_of_the_sunset_can_be_read(nobody, policies):
    """The operation accepts a request; the Link of its answer leads to the policy, which everybody can read."""
    replies = [followed(policy, nobody) for policy in policies]

    assert replies != []
    assert [reply for reply in replies if reply != success] == []


@requirement("VER-UNKNOWN-VERSION")
@for_each_operation(versioned)
def test_an_unknown_version_is_refused(owner, another_version):
    """What was just read is asked for in version 999; it is refused."""
    reply = owner.send(another_version)

    assert reply == refused


@requirement("VER-DEPRECATED-STILL-WORKS")
@for_each_operation(deprecated)
def test_what_is_deprecated_is_still_done(owner, still_due):
    """A valid request is sent to a deprecated operation before its Sunset; it is accepted."""
    reply = owner.send(still_due.request)

    assert reply == accepted(still_due.operation)


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
def test_an_unknown_member_is_met_as_declared(owner, extended):
    """A body that was just accepted is sent with one member more; it is refused or accepted, as its schema says."""
    reply = owner.send(extended.request)

    assert reply == extended.expected
