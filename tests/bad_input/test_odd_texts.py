"""Every text of a body is tried with a NUL, also that of a member which nobody has to send."""

from __future__ import annotations

import pytest

from bad_input.variants import Notes, RefusalError, serving_notes

OVERLAY = """
overlay: 1.0.0
info: {title: Notes with remarks, version: "1"}
actions:
  - target: $.components.schemas.Text
    update: {properties: {remark: {type: string}, also: {type: string}}}
"""


class Remarked(Notes):
    """Refuses what its database has no room for."""

    error = 400

    def parsed(self, content):
        body = super().parsed(content)
        if isinstance(body, dict):
            body.pop("also", None)
            if "\0" in str(body.pop("remark", "")).replace("\\x00", "\0"):
                raise RefusalError(self.error, "There is a NUL in the remark.")
        return body


class Chokes(Remarked):
    """Sends it to its database."""

    error = 500


@pytest.mark.parametrize(("notes", "verdict"), [(Remarked, "passed"), (Chokes, "failed")])
def test_a_nul_in_any_text_is_no_error_of_the_server(judge, folder, notes, verdict):
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    with serving_notes(notes) as url:
        target = f"url = '{url}'\noverlays = ['overlay.yaml']"
        told = judge("--only", "ROB-NO-5XX-ON-INPUT", "--examples", "1", target=target, deadline=5)

    assert told.verdicts == {"ROB-NO-5XX-ON-INPUT": verdict}, told.words
