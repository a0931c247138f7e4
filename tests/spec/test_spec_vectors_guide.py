"""What the guide to the vectors says is complete, and its code runs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import capabilities
import pytest

LOOPS = {"python": "receiver.py", "javascript": "receiver.mjs"}
CREDULOUS = {
    "python": "def verify(*_):\n    return True\n",
    "javascript": "export function verify() { return true; }\n",
}


def block(text, language):
    return re.search(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[1]


def column(text, heading):
    """What stands between backticks in the first column of the table under a heading."""
    table = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    return [word for cell in cells for word in re.findall(r"`([\w-]+)`", cell)]


@pytest.fixture
def guide(spec_path):
    return (spec_path / "vectors/README.md").read_text(encoding="utf-8")


@pytest.fixture
def members(spec_path):
    schema = json.loads((spec_path / "vectors/signatures.schema.json").read_text(encoding="utf-8"))
    return schema["items"]["properties"]


@pytest.fixture
def looped(guide, spec_path, tmp_path):
    """Runs the loop of a language over the vectors, with the code of a receiver."""

    def run(language, receiver):
        program = capabilities.node() if language == "javascript" else sys.executable
        shutil.copy(spec_path / "vectors/signatures.json", tmp_path)
        (tmp_path / LOOPS[language]).write_text(receiver, encoding="utf-8")
        loop = tmp_path / LOOPS[language].replace("receiver", "loop")
        loop.write_text(block(guide, language), encoding="utf-8")
        command = [program, loop.name]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)

    return run


@pytest.mark.parametrize("language", LOOPS)
def test_a_careful_receiver_comes_through(looped, spec_path, language):
    receiver = block((spec_path.parent / "docs/webhooks.md").read_text(encoding="utf-8"), language)
    done = looped(language, receiver)

    assert (done.stdout, done.stderr, done.returncode) == ("all as they should be\n", "", 0)


@pytest.mark.parametrize("language", LOOPS)
def test_a_credulous_receiver_is_told_what_it_should_have_refused(looped, vectors, language):
    done = looped(language, CREDULOUS[language])
    refused = [each["name"] for each in vectors if each["scheme"] == "standard-webhooks" and not each["valid"]]

    assert done.returncode == 1
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == refused


def test_every_scheme_is_named(guide, schemes):
    assert set(column(guide.replace("# Vectors", "## Vectors"), "Vectors")) == schemes.keys()


def test_every_member_is_explained(guide, members):
    assert set(column(guide, "The members of a record")) == members.keys()


def test_every_reason_is_explained_and_in_use(guide, members, vectors):
    reasons = column(guide, "What the reasons mean")

    assert reasons == members["reason"]["enum"]
    assert {vector["reason"] for vector in vectors if not vector["valid"]} == set(reasons)
