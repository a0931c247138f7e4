"""Documents in several files and under several names: references lead where the specification has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.contract import openapi
from conformance.contract.document import ContractError

HEAD = "openapi: 3.1.0\ninfo: {title: Things, version: '1'}\n"
ANSWER = "responses: {'200': {description: Done, content: {application/json: {schema: %s}}}}"
THINGS = HEAD + "paths: {/things: {get: {operationId: list, " + ANSWER + "}}}\n"


def answered(contract):
    """The schema that the answer of the one operation has, its references followed."""
    return contract.schema(contract.operations[0].answer(200).content["application/json"]["schema"])


SPLIT = {
    "a whole file": ("{$ref: thing.yaml}", {"thing.yaml": "{title: Thing}"}),
    "a part of a file": (
        "{$ref: 'all.yaml#/Thing'}",
        {"all.yaml": "{Thing: {title: Thing}, Other: {$ref: gone.yaml}}"},
    ),
    "JSON": ("{$ref: thing.json}", {"thing.json": '{"title": "Thing"}'}),
    "a folder below": ("{$ref: schemas/thing.yaml}", {"schemas/thing.yaml": "{title: Thing}"}),
    "a file of a file": (
        "{$ref: schemas/thing.yaml}",
        {
            "schemas/thing.yaml": "{$ref: 'base.yaml#/$defs/base'}",
            "schemas/base.yaml": "{$defs: {base: {title: Thing}}}",
        },
    ),
    "a name with a blank": ("{$ref: 'a%20thing.yaml'}", {"a thing.yaml": "{title: Thing}"}),
    "back to the first file": (
        "{$ref: 'thing.yaml#/Thing'}",
        {"thing.yaml": "{Thing: {$ref: 'openapi.yaml#/components/schemas/Thing'}}"},
    ),
}
COMPONENTS = "components: {schemas: {Thing: {title: Thing}}}\n"


@pytest.mark.parametrize(("schema", "files"), SPLIT.values(), ids=SPLIT)
def test_a_document_may_be_split_over_files(written, schema, files):
    folder = written({"openapi.yaml": THINGS % schema + COMPONENTS, **files})

    assert answered(openapi.read(folder / "openapi.yaml")) == {"title": "Thing"}


NAMED = {
    "an $anchor": ("{$ref: '#thing'}", "{Thing: {$anchor: thing, title: Thing}}"),
    "an absolute $id": ("{$ref: 'https://example.com/thing'}", "{T: {$id: 'https://example.com/thing', title: Thing}}"),
    "a relative $id": ("{$ref: thing.json}", "{Thing: {$id: thing.json, title: Thing}}"),
    "an $anchor of an $id": (
        "{$ref: 'https://example.com/all#thing'}",
        "{All: {$id: 'https://example.com/all', $defs: {thing: {$anchor: thing, title: Thing}}}}",
    ),
    "a pointer into an $id": (
        "{$ref: 'https://example.com/all#/$defs/thing'}",
        "{All: {$id: 'https://example.com/all', $defs: {thing: {title: Thing}}}}",
    ),
    "relative to an $id": (
        "{$ref: 'https://example.com/folder/all'}",
        (
            "{All: {$id: 'https://example.com/folder/all', $ref: thing}, "
            "T: {$id: 'https://example.com/folder/thing', title: Thing}}"
        ),
    ),
    "within an $id": (
        "{$ref: 'https://example.com/all'}",
        "{All: {$id: 'https://example.com/all', $ref: '#/$defs/thing', $defs: {thing: {title: Thing}}}}",
    ),
    "a urn": ("{$ref: 'urn:example:thing'}", "{Thing: {$id: 'urn:example:thing', title: Thing}}"),
}


@pytest.mark.parametrize(("schema", "components"), NAMED.values(), ids=NAMED)
def test_schemas_are_found_by_their_names(read, schema, components):
    contract = read(THINGS % schema + f"components: {{schemas: {components}}}\n")

    assert answered(contract)["title"] == "Thing"


def test_a_document_may_name_itself(written):
    folder = written(
        {
            "openapi.yaml": "$self: https://example.com/api/openapi.yaml\n"
            + THINGS.replace("3.1.0", "3.2.0") % "{$ref: schemas/thing.yaml}",
            "schemas/thing.yaml": "{title: Thing}",
        }
    )

    assert answered(openapi.read(folder / "openapi.yaml")) == {"title": "Thing"}


TEXTS = {
    "an example": "{type: object, examples: [{$ref: '#/nowhere'}]}",
    "a default": "{type: object, default: {$ref: gone.yaml}}",
    "a constant": "{const: {$ref: 'https://example.com/x', $id: a}}",
    "an enumeration": "{enum: [{$ref: '#/nowhere'}]}",
    "an extension": "{type: object, x-note: {$ref: '#/nowhere'}}",
}


@pytest.mark.parametrize("schema", TEXTS.values(), ids=TEXTS)
def test_a_reference_in_a_value_is_a_text(read, schema):
    assert "$ref" in str(answered(read(THINGS % schema)))


def test_members_may_be_called_like_keywords(read):
    schema = "{properties: {example: {$ref: '#/components/schemas/Thing'}, $ref: {type: string}}}"
    contract = read(THINGS % schema + COMPONENTS)

    assert contract.schema(answered(contract)["properties"]["example"]) == {"title": "Thing"}


WRONG = {
    "openapi.yaml": """\
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    get:
      operationid: list
      parameters:
        - {name: page, in: query, schema: {type: number, minimum: few}}
        - $ref: "#/components/parameters/Gone"
      responses:
        "200":
          description: Done
          content: {application/json: {schema: {$ref: "thing.json"}}}
    put:
      responses: {"200": {}}
""",
    "thing.json": """\
{
  "type": "object",
  "properties": {
    "size": {
      "type": "huge"
    },
    "next": {"$ref": "gone.json"}
  }
}
""",
}


def test_all_errors_are_told_at_once_each_with_its_line(written, monkeypatch):
    monkeypatch.chdir(written(WRONG))
    with pytest.raises(ContractError) as found:
        openapi.read(Path("openapi.yaml"))

    told = str(found.value).splitlines()
    assert told[0] == "6 errors"
    assert [line.split(": ")[0] for line in told[1:]] == [
        "openapi.yaml:6",
        "openapi.yaml:8",
        "openapi.yaml:9",
        "openapi.yaml:15",
        "thing.json:5",
        "thing.json:7",
    ]


UNREADABLE = {
    "a name twice in YAML": ("o.yaml", "openapi: 3.1.0\ninfo: {}\ninfo: {}\n", ":3: this is not YAML: the name 'info'"),
    "a name twice in JSON": ("o.json", '{"x": 1,\n"a": {"b": 1,\n"b": 2}}', ":3: this is not JSON: the name 'b'"),
    "a comment in JSON": ("o.json", '{"openapi": "3.1.0" # no\n}', ":1: this is not JSON"),
    "NaN in JSON": ("o.json", '{"openapi":\nNaN}', ":2: this is not JSON: NaN"),
    "YAML in JSON": ("o.json", "openapi: 3.1.0\n", ":1: this is not JSON"),
    "no text": ("o.json", "", ":1: this is not JSON"),
}


@pytest.mark.parametrize(("name", "text", "told"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_text_that_breaks_the_rules_of_its_language_is_told(tmp_path, name, text, told):
    (tmp_path / name).write_text(text)

    with pytest.raises(ContractError, match=told):
        openapi.read(tmp_path / name)


AGAINST = {
    "a scheme that is not there": (
        "paths: {/a: {get: {security: [{door: []}], responses: {'200': {description: Done}}}}}\n",
        "openapi.yaml:3: The contract requires the security scheme door",
    ),
    "a circle": (
        (
            "paths: {/a: {get: {responses: {'200': {$ref: '#/components/responses/A'}}}}}\n"
            "components:\n  responses:\n    A: {$ref: '#/components/responses/A'}\n"
        ),
        "openapi.yaml:6: The contract's reference #/components/responses/A leads back to itself",
    ),
    "an $anchor that is nowhere": (
        "paths: {/a: {get: {responses: {'200': {description: D, content: {a/b: {schema: {$ref: '#x'}}}}}}}}\n",
        "openapi.yaml:3: The contract refers to #x, but no schema has this $anchor",
    ),
    "another host": (
        "paths:\n  /a:\n    $ref: 'https://example.com/a.yaml'\n",
        "openapi.yaml:5: The contract refers to https://example.com/a.yaml, and a contract on disk is read from disk",
    ),
}


@pytest.mark.parametrize(("text", "told"), AGAINST.values(), ids=AGAINST)
def test_what_leads_nowhere_is_told_with_its_line(written, monkeypatch, text, told):
    monkeypatch.chdir(written({"openapi.yaml": HEAD + text}))

    with pytest.raises(ContractError) as found:
        openapi.read(Path("openapi.yaml"))
    assert told in str(found.value)


def test_a_reference_that_an_overlay_brings_is_looked_at(written):
    overlay = "overlay: 1.0.0\nactions: [{target: \"$.paths['/things'].get\", update: {parameters: [{$ref: '#/x'}]}}]\n"
    folder = written({"openapi.yaml": THINGS % "{type: object}", "overlay.yaml": overlay})

    with pytest.raises(ContractError, match="refers to #/x, but has nothing there"):
        openapi.read(folder / "openapi.yaml", None, [folder / "overlay.yaml"])
