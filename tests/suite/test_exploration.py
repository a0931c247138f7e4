"""Generated requests, without what only the server or another client could mean."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from conformance.contract.operation import Scheme
from conformance.http.messages import FORM, Request
from conformance.requests.exploration import without_second_client

BASIC = Scheme(name="client", kind="basic")
BEARER = Scheme(name="person", kind="bearer")


def sent(body: bytes, *schemes: Scheme, media_type: str = FORM) -> bytes | None:
    """What is sent of this body to an operation that takes these credentials."""
    operation = SimpleNamespace(media_type=media_type, schemes=schemes)
    return without_second_client(Request(method="POST", path="/token", body=body), operation).body


@pytest.mark.parametrize("name", ["client_id", "client_secret"])
def test_a_client_that_authenticates_names_no_other_client(name):
    assert (
        sent(f"grant_type=refresh_token&{name}=web&scope=a+b".encode(), BASIC) == b"grant_type=refresh_token&scope=a+b"
    )


def test_a_form_without_a_client_stays_byte_for_byte():
    assert sent(b"grant_type=refresh_token&scope=a%20b", BASIC) == b"grant_type=refresh_token&scope=a%20b"


def test_a_client_in_another_form_stays():
    assert sent(b"client_id=web", BEARER) == b"client_id=web"
    assert sent(b'{"client_id": "web"}', BASIC, media_type="application/json") == b'{"client_id": "web"}'
