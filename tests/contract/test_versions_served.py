"""A service that publishes one contract in four versions gets one verdict, over HTTP and by the command line."""

from __future__ import annotations

import pytest
from bad_input import command
from loopback import serving_app

from contract import shelf

VERSIONS = ("swagger", "openapi30", "openapi31", "openapi32")
CONFIGURATION = """
[target]
url = "{url}"

[identities.ann]
kind = "token"
keys = {{key = "env:ANN_KEY"}}

[identities.ben]
kind = "token"
keys = {{key = "env:BEN_KEY"}}
"""
ENVIRONMENT = {"ANN_KEY": "key-of-ann-5b1d", "BEN_KEY": "key-of-ben-07fe"}
CHAPTERS = ("http", "authentication", "authorization")


@pytest.fixture
def judged(tmp_path):
    """What a run says of a shelf by the document of a version, which it reads at its URL."""

    def judge(items, version):
        with serving_app(shelf.create_app(items)) as url:
            (tmp_path / "conformance.toml").write_text(CONFIGURATION.format(url=url))
            only = [word for chapter in CHAPTERS for word in ("--only", chapter)]
            where = ("--contract", f"{url}/{version}.json")
            return command.conformance("run", *where, *only, "--seed", "7", folder=tmp_path, environment=ENVIRONMENT)

    return judge


def test_a_sound_service_is_conformant_by_every_version(judged):
    told = {version: judged(shelf.Shelf(), version) for version in VERSIONS}

    assert {version: each.code for version, each in told.items()} == dict.fromkeys(VERSIONS, 0)
    assert all(each.verdicts == told["openapi31"].verdicts for each in told.values())


@pytest.mark.parametrize("version", VERSIONS)
def test_a_wrong_answer_fails_by_every_version(judged, version):
    told = judged(shelf.TellsNumbersAsTexts(), version)

    assert told.verdicts["REST-RESPONSE-CONFORMS-SCHEMA"] == "failed"


def test_a_configuration_is_begun_from_what_a_service_publishes(tmp_path):
    with serving_app(shelf.create_app(shelf.Shelf())) as url:
        begun = command.conformance("init", url, folder=tmp_path)
        names = [line.partition(" =")[0] for line in begun.out.splitlines() if line.startswith("Set ")]
        looked = command.conformance("doctor", folder=tmp_path, environment=variables(begun.out))

    assert (begun.code, (tmp_path / "swagger.json").is_file()) == (0, True), names
    assert "contract: Shelf 1" in looked.out
    assert looked.code == 0


def variables(told):
    """The environment that a beginning asks for."""
    asked = next(line for line in told.splitlines() if line.startswith("Set "))
    keys = iter(ENVIRONMENT.values())
    return {name: next(keys) for name in asked.removeprefix("Set ").partition(" in the")[0].split(", ")}


def test_a_contract_that_moved_or_is_not_there_is_told(tmp_path):
    with serving_app(shelf.create_app(shelf.Shelf())) as url:
        gone = command.conformance("run", url, "--contract", f"{url}/gone.json", folder=tmp_path)
        far = command.conformance("run", url, "--contract", "http://127.0.0.1:9/openapi.json", folder=tmp_path)

    assert (gone.code, far.code) == (2, 2)
    assert f"The contract at {url}/gone.json cannot be read: the answer is 404." in gone.err
    assert "The contract at http://127.0.0.1:9/openapi.json cannot be read: Connection refused." in far.err
