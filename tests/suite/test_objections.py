"""What a server says against a request is told, in the forms that frameworks have for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.http.messages import Request
from conformance.requests.objections import objection

REQUEST = Request(method="POST", path="/").with_json({"equipment": 11, "purpose": "x"})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"detail": "There is none."}', "There is none"),
        (b'{"errors": [{"message": "Too many."}]}', "Too many"),
        (b'{"equipment": ["Invalid pk.", "More."], "purpose": "Why?"}', "equipment: Invalid pk.; purpose: Why?"),
    ],
)
def test_it_is_repeated(reply, body, told):
    answer = replace(reply(400, body), request=REQUEST)

    assert f"it says “{told}”" in objection(answer)


def test_values_that_were_sent_are_left_out(reply):
    request = REQUEST.with_json({"lines": [{"customer": "zq7x1c"}], "purpose": "x"})
    answer = replace(reply(422, b'{"detail": "No customer zq7x1c, or x."}'), request=request)

    assert "it says “No customer …, or x”" in objection(answer)


def test_members_that_nobody_sent_say_nothing(reply):
    assert "it says" not in objection(replace(reply(400, b'{"id": "7"}'), request=REQUEST))
