"""A value that only one object may have, wherever in the body it stands."""

from __future__ import annotations

from threading import RLock

import pytest

from bad_input.variants import Notes, RefusalError, serving_notes

CLAUSE = "ROB-UNIQUE-CODE-RACE"
OVERLAY = """
overlay: 1.0.0
info: {title: Notes with slugs, version: "1"}
actions:
  - target: $.components.schemas.Text
    update:
      required: [meta]
      properties: {meta: {type: object, required: [slug], properties: {slug: {type: string, maxLength: 40}}}}
  - target: $.paths['/notes'].post.requestBody.content['application/json'].example
    update: {meta: {slug: water}}
  - target: $.paths['/notes'].post
    update: {x-unique: [/meta/slug], responses: {"409": {$ref: "#/components/responses/Refused"}}}
"""


class WithSlugs(Notes):
    """A slug is in the envelope of a note, and taken once."""

    free = False

    def __init__(self, *given):
        super().__init__(*given)
        self.slugs = set()
        self.whole = RLock()

    def add_note(self):
        with self.whole:
            return super().add_note()

    def parsed(self, content):
        body = super().parsed(content)
        if not isinstance(body, dict) or not isinstance(body.get("meta"), dict):
            raise RefusalError(400, "There is no slug.")
        self.slug = body.pop("meta").get("slug")
        return body

    def text(self):
        text = super().text()
        if self.slug in self.slugs and not self.free:
            raise RefusalError(409, "That slug is taken.")
        self.slugs.add(self.slug)
        return text


class TakesSlugsTwice(WithSlugs):
    """Does not look whether a slug is taken."""

    free = True


@pytest.mark.parametrize(("notes", "verdict"), [(WithSlugs, "passed"), (TakesSlugsTwice, "failed")])
def test_one_of_many_gets_a_value_within_an_object(judge, folder, notes, verdict):
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    with serving_notes(notes) as url:
        told = judge("--only", CLAUSE, target=f"url = '{url}'\noverlays = ['overlay.yaml']", deadline=5)

    assert told.verdicts == {CLAUSE: verdict}, told.words
