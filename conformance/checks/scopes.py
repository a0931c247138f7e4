"""May you? Asked second."""

from conformance.engine.expect import refused
from conformance.engine.marks import for_each_scope, requirement
from conformance.engine.select import scoped


@requirement("SCOPE-MISSING-403")
@for_each_scope(scoped)
def test_a_missing_scope_is_refused(owner, ready, scope):
    """A request that was just accepted is sent with a token that lacks one required scope; it is refused."""
    reply = owner.without(scope).send(ready.request)

    assert reply == refused
