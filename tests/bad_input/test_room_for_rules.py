"""A contract leaves room for rules that its schemas do not tell; a configuration may call operations public."""

from __future__ import annotations

import pytest
from flask import request

from bad_input.variants import Notes, RefusalError, serving_notes

VALID = "ROB-VALID-ACCEPTED"


class OnlyPlainText(Notes):
    """Refuses what is no plain text, of which its schema says nothing."""

    def text(self):
        text = super().text()
        if not (text.isascii() and text.isprintable()):
            raise RefusalError(400, "Write plainly.")
        return text


class NothingShort(Notes):
    """Refuses the shortest texts that its schema permits."""

    def text(self):
        text = super().text()
        if len(text) == 1:
            raise RefusalError(400, "Write more.")
        return text


class ListedToEverybody(Notes):
    """Shows the list of notes, empty for strangers, whoever asks."""

    def user(self, operation):
        try:
            return super().user(operation)
        except RefusalError:
            if operation != "listNotes":
                raise
            return "nobody"


class SharedNeedsAnOwner(Notes):
    """Wants the owner of what is shared, which its schema calls optional."""

    def parsed(self, content):
        body = super().parsed(content)
        if isinstance(body, dict) and body.pop("kind", "own") == "shared" and "shared_with" not in body:
            raise RefusalError(400, "Shared with whom? That is required for shared notes.")
        if isinstance(body, dict):
            body.pop("shared_with", None)
        return body


class NothingIsShared(Notes):
    """Refuses a kind that its schema lists."""

    def parsed(self, content):
        body = super().parsed(content)
        if isinstance(body, dict) and body.pop("kind", "own") == "shared":
            raise RefusalError(400, "There is no such kind.")
        if isinstance(body, dict):
            body.pop("shared_with", None)
        return body


KINDS = """
overlay: 1.0.0
info: {title: Notes of two kinds, version: "1"}
actions:
  - target: $.components.schemas.Text
    update: {properties: {kind: {enum: [own, shared]}, shared_with: {type: string}}}
"""


@pytest.mark.parametrize(("notes", "verdict"), [(SharedNeedsAnOwner, "passed"), (NothingIsShared, "failed")])
def test_a_member_may_need_another_one(judge, folder, notes, verdict):
    (folder / "overlay.yaml").write_text(KINDS, encoding="utf-8")
    target = "overlays = ['overlay.yaml']"
    with serving_notes(notes) as url:
        told = judge("--only", VALID, "--examples", "30", target=f"url = '{url}'\n{target}", deadline=5)

    assert told.verdicts == {VALID: verdict}, told.words


@pytest.mark.parametrize(("notes", "verdict"), [(OnlyPlainText, "passed"), (NothingShort, "failed")])
def test_only_what_a_schema_bounds_is_held_against_a_refusal(judge, notes, verdict):
    with serving_notes(notes) as url:
        told = judge("--only", VALID, "--examples", "30", target=f"url = '{url}'", deadline=5)

    assert told.verdicts == {VALID: verdict}, told.words
    if verdict == "passed":
        (gap,) = told.report["gaps"]
        assert gap["what"] == "the schemas permit requests that are answered 400"


class ReadsWhateverItsLabel(Notes):
    """Takes every body for JSON, whatever it is labelled as."""

    def text(self):
        request.environ["CONTENT_TYPE"] = "application/json"
        request.headers.environ["CONTENT_TYPE"] = "application/json"
        return super().text()


@pytest.mark.parametrize(("declared", "verdict"), [(True, "failed"), (False, "inapplicable")])
def test_a_label_is_looked_at_where_the_contract_declares_415(judge, folder, declared, verdict):
    targets = ("$.paths['/notes'].post.responses['415']", "$.paths['/notes/{id}'].put.responses['415']")
    lines = "".join(f'  - {{target: "{target}", remove: true}}\n' for target in targets)
    text = f"overlay: 1.0.0\ninfo: {{title: Any label, version: '1'}}\nactions:\n{lines}"
    (folder / "overlay.yaml").write_text(text, encoding="utf-8")
    overlays = "" if declared else "overlays = ['overlay.yaml']"
    with serving_notes(ReadsWhateverItsLabel) as url:
        told = judge("--only", "REST-UNSUPPORTED-MEDIA-415", target=f"url = '{url}'\n{overlays}", deadline=5)

    assert told.verdicts == {"REST-UNSUPPORTED-MEDIA-415": verdict}, told.words


@pytest.mark.parametrize(("public", "verdict"), [("['listNotes']", "passed"), ("[]", "failed")])
def test_what_the_configuration_calls_public_may_be_open(judge, public, verdict):
    with serving_notes(ListedToEverybody) as url:
        told = judge("--only", "AUTH-REQUIRED-EVERY-OPERATION", target=f"url = '{url}'\npublic = {public}", deadline=5)

    assert told.verdicts == {"AUTH-REQUIRED-EVERY-OPERATION": verdict}, told.words
