"""A target that is judged although something about it is odd: it is no error of the suite, and nothing is noise."""

from __future__ import annotations

import pytest

from bad_input import servers
from bad_input.command import PLAIN, started
from bad_input.servers import answer, guarded

CLAUSE = ("--only", "AUTH-REQUIRED-EVERY-OPERATION")
LIST = answer(200, "[]")


@pytest.mark.parametrize("trust", ["verify = false", "ca = 'certificate.pem'"])
def test_a_self_signed_certificate_is_taken_where_the_configuration_says_so(folder, judge, trust):
    tls, _ = servers.self_signed(folder)
    with servers.serving(guarded(LIST, answer(401)), tls) as url:
        told = judge(*CLAUSE, target=f"url = '{url}'\n{trust}")

    assert (told.code, told.err) == (1, ""), "the notes cannot be written there, but they are asked"
    assert told.verdicts == {CLAUSE[1]: "blocked"}


def test_a_location_that_is_none_is_not_the_suites_error(judge):
    made = answer(201, "{}", "application/json", "Location: http://[half")

    def behave(_server, connection, head):
        known = made if head.startswith(b"POST") else LIST
        connection.sendall(known if b"\r\nauthorization:" in head.lower() else answer(401))

    with servers.serving(behave) as url:
        told = judge(*CLAUSE, target=f"url = '{url}'")

    assert (told.code, told.verdicts) == (1, {CLAUSE[1]: "blocked"})
    assert "the reply of addNote (201) does not give id" in told.out


def test_options_that_are_meant_for_another_pytest_change_nothing(judge, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")

    told = judge(*CLAUSE, target=started(PLAIN / "server.py", "--port", "{port}"))

    assert (told.code, told.err, told.verdicts) == (0, "", {CLAUSE[1]: "passed"})
