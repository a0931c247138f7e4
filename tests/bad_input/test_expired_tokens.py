"""A token that has expired is given by the configuration where the suite cannot make one."""

from __future__ import annotations

import pytest

from bad_input import command
from bad_input.variants import Notes, serving_notes

CLAUSE = "JWT-EXPIRED"
OLD = "token-of-ann-of-last-year-77aa"


class ForgetsToLook(Notes):
    """Takes a token whenever it was issued."""

    def __init__(self, users, text):
        super().__init__({**users, OLD: "ANN"}, text)


@pytest.mark.parametrize(
    ("notes", "given", "verdict"),
    [(Notes, True, "passed"), (ForgetsToLook, True, "failed"), (ForgetsToLook, False, "untestable")],
)
def test_an_expired_token_is_refused(judge, folder, notes, given, verdict):
    (folder / "old").write_text(OLD, encoding="utf-8")
    line = 'expired-token = "file:old"\n' if given else ""
    identities = command.IDENTITIES.replace('token = "env:ANN"\n', f'token = "env:ANN"\n{line}')
    with serving_notes(notes) as url:
        told = judge("--only", CLAUSE, target=f"url = '{url}'", identities=identities, deadline=5)

    assert told.verdicts == {CLAUSE: verdict}, told.words
    assert OLD not in told.words + str(told.report)
    assert given or 'expired-token = "env:EXPIRED_TOKEN"' in str(told.report)
