"""Who are you? Asked first, on every protected operation."""

from conformance.engine.expect import refused
from conformance.engine.marks import for_each_operation, for_one_operation, requirement, variants
from conformance.engine.select import bearing, public, secured


@requirement("AUTH-REQUIRED-EVERY-OPERATION")
@for_each_operation(secured)
def test_without_credentials_nothing_is_given(nobody, ready):
    """A request that was just accepted is sent again without credentials; it is refused."""
    reply = nobody.send(ready.request)

    assert reply == refused


@requirement("AUTH-PUBLIC-OPERATIONS-OPEN")
@for_each_operation(public)
def test_what_is_public_needs_no_credentials(nobody, operation, owner, arrange):
    """A valid request without credentials gets a declared success."""
    reply = nobody.send(arrange.request(operation, owner))

    assert operation.succeeded(reply.status)


@requirement("AUTH-SCHEME-CASE-INSENSITIVE")
@for_one_operation(bearing)
@variants("scheme", {"lower": "bearer", "upper": "BEARER"})
def test_the_scheme_is_known_in_any_case(nobody, ready, scheme):
    """The scheme's name in lower and in upper case opens the door as Bearer does."""
    reply = nobody.send(ready.request.with_header("Authorization", f"{scheme} {ready.token}"))

    assert ready.operation.succeeded(reply.status)
