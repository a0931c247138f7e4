"""One identity only: what needs two principals is untestable and says what is missing, the rest is judged."""

from __future__ import annotations

import pytest
from bad_input import command


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    alone = command.IDENTITIES.partition("[identities.ben]")[0]
    chapters = ("--only", "ownership", "--only", "authentication")
    return command.judge(tmp_path_factory.mktemp("alone"), *chapters, target=command.started(command.PLAIN / "server.py", "--port", "{port}"), identities=alone)


def test_ownership_is_untestable_with_the_line_that_would_help(told):
    missing = {
        clause["id"]: clause["reason"]
        for clause in told.report["clauses"]
        if clause["chapter"] == "ownership" and clause["verdict"] == "untestable"
    }

    assert missing
    assert any("[identities.bob]" in reason for reason in missing.values())
    assert all("needs 2 principals" in reason for reason in missing.values())


def test_the_rest_is_judged(told):
    assert told.code == 0, told.words
    assert told.verdicts["AUTH-REQUIRED-EVERY-OPERATION"] == "passed"


def test_the_run_says_what_could_not_be_tested(told):
    assert "Add [identities.bob]" in told.out
