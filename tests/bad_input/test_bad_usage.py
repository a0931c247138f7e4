"""A command line that asks for what is not there: exit code 2, and a sentence that says what there is."""

from __future__ import annotations

import pytest

from bad_input.command import conformance

NOWHERE = "url = 'http://127.0.0.1:9'"
UNKNOWN = {
    "a clause": (("--only", "AUTH-NONE"), "There is no clause or chapter AUTH-NONE"),
    "a fault of a target at a URL": (("--fault", "Wrong"), "--fault needs a target that the suite starts"),
    "a baseline": (("--baseline", "gone.toml"), "There is no baseline at gone.toml"),
    "a share": (("--at-least", "most"), "--at-least is 'most'. Give a percentage, such as 90%."),
    "a receiver": (("--receiver-url", "there"), "'there' cannot be used as a URL"),
}
NUMBERS = ["--workers=0", "--workers=-1", "--examples=0", "--examples=many", "--seed=x"]
BASELINES = {
    "no TOML": ("a = = b", "cannot be read as TOML"),
    "no entries": ("known = 3", "is no baseline"),
    "another table": ("[[knwon]]\nclause = 'A'", "is no baseline"),
    "a text for an entry": ("known = ['A']", "entry 1"),
    "no reason": ("[[known]]\nclause = 'SCOPE-MISSING-403'", "entry 1"),
    "an empty reason": ("[[known]]\nclause = 'SCOPE-MISSING-403'\nreason = ''", "entry 1"),
    "a number for a clause": ("[[known]]\nclause = 3\nreason = 'x'", "entry 1"),
    "an unknown clause": ("[[known]]\nclause = 'AUTH-NONE'\nreason = 'x'", "There is no clause AUTH-NONE"),
}


def refused(told, words):
    assert (told.code, told.report, told.out) == (2, None, "")
    assert told.err.startswith("conformance: ")
    assert told.err.count("\n") == 1, "one sentence"
    assert words in told.err


@pytest.mark.parametrize(("arguments", "words"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_not_there_is_named(judge, arguments, words):
    refused(judge(*arguments, target=NOWHERE), words)


@pytest.mark.parametrize("argument", NUMBERS)
def test_a_number_that_makes_no_sense_is_refused(judge, argument):
    told = judge(argument, target=NOWHERE)

    assert (told.code, told.report) == (2, None)
    assert f"error: argument {argument.partition('=')[0]}" in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize(("text", "words"), BASELINES.values(), ids=BASELINES)
def test_a_baseline_that_is_none_is_refused(folder, judge, text, words):
    (folder / "known.toml").write_text(text)

    refused(judge("--baseline", "known.toml", target=NOWHERE), words)


def test_a_clause_that_is_not_there_cannot_be_explained(tmp_path):
    refused(conformance("explain", "AUTH-NONE", folder=tmp_path), "There is no clause AUTH-NONE")


def test_reports_that_could_not_be_written_are_said_before_the_run(folder, judge):
    (folder / "report").write_text("A file stands where the folder should be.")

    told = judge(target=NOWHERE)

    assert (told.code, told.out) == (2, "")
    assert "Nothing can be written into report" in told.err


def test_a_target_without_variants_cannot_prove_anything(folder):
    (folder / "conformance.toml").write_text(f"[target]\ncontract = 'openapi.yaml'\n{NOWHERE}\n")

    refused(conformance("prove", folder=folder), "lists no faulty variants")


@pytest.mark.parametrize("command", ["prove", "coverage"])
@pytest.mark.parametrize("printed", ["none", "[1]", '[{"id": "Wrong"}]'])
def test_variants_that_are_no_list_are_refused(folder, command, printed):
    target = f"contract = 'openapi.yaml'\ncommand = ['true']\nvariants = ['echo', '{printed}']"
    (folder / "conformance.toml").write_text(f"[target]\n{target}\n")

    refused(conformance(command, folder=folder), "`variants` does not print a JSON list")


def test_a_command_that_is_not_there_is_refused(tmp_path):
    told = conformance("judge", folder=tmp_path)

    assert told.code == 2
    assert "invalid choice: 'judge'" in told.err
