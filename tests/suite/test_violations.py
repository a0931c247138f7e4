"""Where refusals point, read against where the body was wrong."""

from __future__ import annotations

import json

import pytest

from conformance.errors import InapplicableError
from conformance.fixtures.http.errors import Violation
from conformance.http.messages import Request
from conformance.requests.provoked_errors import Pointers

REQUEST = Request(method="POST", path="/things", operation="createThing")
POINTERS = Pointers(array="errors", member="pointer")


@pytest.fixture
def surplus():
    return Violation(request=REQUEST, expected={"/a~1b~0c"}, pointers=POINTERS, surplus=True)


@pytest.fixture
def pointing(reply):
    """A refusal that points there."""
    return lambda *to: reply(400, json.dumps({"errors": [{"pointer": each} for each in to]}).encode())


def test_pointers_are_compared_with_those_of_the_wrong_members(surplus, pointing):
    assert surplus.reported(pointing("/a~1b~0c", "/other")) == {"/a~1b~0c"}
    assert surplus.reported(pointing("/a/b~c")) == set()
    assert surplus.reported(pointing()) == set()


@pytest.mark.parametrize("root", ["", "#"])
def test_whoever_points_at_the_object_for_a_member_too_many_is_not_blamed(surplus, pointing, root):
    with pytest.raises(InapplicableError, match="createThing points at the object"):
        surplus.reported(pointing(root))
