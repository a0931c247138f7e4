"""Contracts are read as YAML 1.2 and as JSON have it, not as YAML 1.1 does."""

from __future__ import annotations

import pytest

from conformance.contract.document import ContractError
from conformance.contract.reading.parsing import parsed

YAML = {
    "no": "no",
    "on": "on",
    "yes": "yes",
    "true": True,
    "False": False,
    "~": None,
    "null": None,
    "012": 12,
    "0o14": 12,
    "0x1F": 31,
    "-7": -7,
    "1e-05": 1e-05,
    ".5": 0.5,
    "1_000": "1_000",
    "10:20": "10:20",
    "2024-01-01": "2024-01-01",
}


@pytest.mark.parametrize(("text", "value"), YAML.items())
def test_a_plain_scalar_is_what_the_core_schema_makes_of_it(tmp_path, text, value):
    path = tmp_path / "contract.yaml"
    path.write_text(f"value: {text}\n{text}: x\n")

    document = parsed(path)

    assert (document["value"], type(document["value"])) == (value, type(value))


def test_keys_are_texts_and_merges_are_made(tmp_path):
    path = tmp_path / "contract.yaml"
    path.write_text("base: &base {yes: 1}\n200: {<<: *base, no: 2}\n")

    assert parsed(path) == {"base": {"yes": 1}, "200": {"yes": 1, "no": 2}}


def test_json_is_read_as_json(tmp_path):
    path = tmp_path / "contract.json"
    path.write_text('{"letter": "\\ud83d\\ude00", "number": 1e-05}')

    assert parsed(path) == {"letter": "\N{GRINNING FACE}", "number": 1e-05}


@pytest.mark.parametrize("text", ['{"half": "\\ud83d"}', '{"a": ' * 5000 + "1" + "}" * 5000])
def test_json_that_cannot_be_used_is_told(tmp_path, text):
    path = tmp_path / "contract.json"
    path.write_text(text)

    with pytest.raises(ContractError):
        parsed(path)
