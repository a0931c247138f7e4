"""What somebody without the role has made stands in a list of their own, where the list shows one's own things."""

from __future__ import annotations

import pytest

from bad_input.variants import Notes, RefusalError, serving_notes

OVERLAY = """
overlay: 1.0.0
info: {title: Notes that only writers write, version: "1"}
actions:
  - target: $.paths['/notes'].post
    update: {x-roles: [writer], responses: {"403": {$ref: "#/components/responses/Refused"}}}
"""
IDENTITIES = """
[identities.ann]
kind = "token"
token = "env:ANN"
roles = ["writer"]

[identities.ben]
kind = "token"
token = "env:BEN"
roles = []
"""


class ForWriters(Notes):
    """Ann alone may write."""

    def user(self, operation):
        user = super().user(operation)
        if operation == "addNote" and user != "ANN":
            raise RefusalError(403, "You are no writer.")
        return user


@pytest.mark.parametrize(("notes", "verdict"), [(ForWriters, "passed"), (Notes, "failed")])
def test_a_creation_is_refused_to_whoever_has_not_the_role(judge, folder, notes, verdict):
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    target = "overlays = ['overlay.yaml']"
    with serving_notes(notes) as url:
        told = judge(
            "--only", "SCOPE-ROLE-INTERSECTION", "--only", "GRID-REFUSED",
            target=f"url = '{url}'\n{target}", identities=IDENTITIES, deadline=5,
        )  # fmt: skip

    found = {
        (clause["id"], place["verdict"])
        for clause in told.report["clauses"]
        for place in clause["evidence"]
        if place["operation"] == "addNote" and place["verdict"] in {"passed", "failed"}
    }
    assert ("SCOPE-ROLE-INTERSECTION", verdict) in found, told.words
    assert verdict == "failed" or all(each == "passed" for _, each in found), told.words
