"""The guides: what they list is complete, and their code runs."""

from __future__ import annotations

import base64
import http.server
import json
import os
import re
import subprocess
from dataclasses import fields
from pathlib import Path

import capabilities
import pytest
from loopback import serving

from conformance import cli
from conformance.contract.arazzo import document as arazzo
from conformance.reports.files import WRITERS
from conformance.results.baseline import read as read_baseline
from conformance.results.model import Verdict
from conformance.sut import configuration, identities

DOCS = Path(__file__).parents[2] / "docs"
VECTORS = json.loads((DOCS.parent / "spec/vectors/signatures.json").read_text(encoding="utf-8"))
OURS = [vector for vector in VECTORS if vector["scheme"] == "standard-webhooks"]


def guide(name):
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def code(name, language):
    """The first block of a language in a guide."""
    return re.search(rf"^```{language}\n(.*?)^```", guide(name), re.MULTILINE | re.DOTALL)[1]


@pytest.mark.parametrize("vector", OURS, ids=lambda vector: vector["name"])
def test_the_python_snippet_reaches_the_verdict(vector):
    names = {}
    exec(code("webhooks", "python"), names)
    body = base64.b64decode(vector["body_base64"])

    assert names["verify"](body, vector["headers"], vector["secret"], now=vector["now"]) is vector["valid"]


def test_the_javascript_snippet_reaches_every_verdict(tmp_path):
    node = capabilities.node()
    (tmp_path / "verify.mjs").write_text(code("webhooks", "javascript"))
    (tmp_path / "vectors.json").write_text(json.dumps(OURS))
    (tmp_path / "judge.mjs").write_text(
        'import { readFileSync } from "node:fs";\n'
        'import { verify } from "./verify.mjs";\n'
        'const vectors = JSON.parse(readFileSync("vectors.json", "utf8"));\n'
        'const said = (v) => verify(Buffer.from(v.body_base64, "base64"), v.headers, v.secret, v.now);\n'
        "console.log(JSON.stringify(Object.fromEntries(vectors.map((v) => [v.name, said(v)]))));\n"
    )
    done = subprocess.run([node, "judge.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=30)

    assert json.loads(done.stdout) == {vector["name"]: vector["valid"] for vector in OURS}


def test_the_shell_snippet_prints_the_signature(tmp_path):
    bash, _ = capabilities.program("bash"), capabilities.program("openssl")
    for vector in OURS[:3]:
        (tmp_path / "body.json").write_bytes(base64.b64decode(vector["body_base64"]))
        headers = vector["headers"]
        given = {"WEBHOOK_ID": headers["webhook-id"], "WEBHOOK_TIMESTAMP": headers["webhook-timestamp"]}
        environment = {**os.environ, **given, "SECRET": vector["secret"]}
        command = [bash, "-c", code("webhooks", "sh")]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True, timeout=30)

        assert f"v1,{done.stdout.decode().strip()}" == headers["webhook-signature"]


class Lossy(http.server.BaseHTTPRequestHandler):
    """Breaks the first connection, refuses the second request for now, answers the third."""

    def do_POST(self):
        keys = self.server.keys
        keys.append(self.headers["Idempotency-Key"])
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if len(keys) == 1:
            self.connection.close()
            return
        self.send_response(503 if len(keys) == 2 else 201)
        self.send_header("Retry-After", "0.01")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing."""


def test_the_retry_snippet_keeps_its_key_until_there_is_an_answer(monkeypatch):
    keys = []
    monkeypatch.setattr(http.server.ThreadingHTTPServer, "keys", keys, raising=False)
    names = {}
    exec(code("idempotency", "python"), names)
    with serving(Lossy) as url:
        answer = names["post"](f"{url}/v1/orders", "token", {"size": 3})

    assert answer == {"size": 3}
    assert len(keys) == 3
    assert len(set(keys)) == 1


@pytest.fixture
def commands(capsys):
    """What `--help` prints for every command, by the words that call it."""

    def helped(words):
        with pytest.raises(SystemExit):
            cli.main([*words, "--help"])
        text = capsys.readouterr().out
        nested = re.findall(r"^    ([a-z]+)\s", text, re.MULTILINE) if " COMMAND ..." in text else ()
        return {" ".join(("conformance", *words)): text} | {
            name: told for word in nested for name, told in helped((*words, word)).items()
        }

    return helped(())


def options(commands):
    return {option for text in commands.values() for option in re.findall(r"(?<![\w-])--[a-z-]+", text)}


def test_every_command_and_option_is_documented(commands):
    text = guide("cli")

    assert len(commands) > 6
    assert [name for name in commands if name not in text] == []
    assert [option for option in sorted(options(commands)) if f"`{option}" not in text] == []


def test_no_option_is_documented_that_there_is_not(commands):
    assert set(re.findall(r"`(--[a-z-]+)", guide("cli"))) <= options(commands)


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("target", configuration.Target),
        ("identities", identities.Identity),
        ("issuer", configuration.Issuer),
        ("receiver", configuration.Receiver),
        ("bounds", configuration.Bounds),
    ],
)
def test_every_key_is_documented(section, kind):
    sections = re.split(r"^\[+(?=[a-z])", code("configuration", "toml"), flags=re.MULTILINE)
    text = "\n".join(part for part in sections if part.startswith(section))
    keys = re.findall(r"^([a-z-]+) =", text, re.MULTILINE)
    tables = re.findall(r"^[a-z]+\.(?:[a-z]+\.)?([a-z]+)\]", text, re.MULTILINE)

    assert {field.name.replace("_", "-") for field in fields(kind)} - {"name"} <= {*keys, *tables}


def test_every_section_is_documented():
    text = code("configuration", "toml")
    names = {field.name for field in fields(configuration.Configuration)} - {"folder", "lifted", "given"}
    sections = sorted(names | {"values", "objects"})

    assert "\nlifted = " in text
    assert all(re.search(rf"^\[{name}[.\]]", text, re.MULTILINE) for name in sections)


def test_examples_of_configuration_are_valid(tmp_path):
    blocks = re.findall(r"^```toml\n(.*?)^```", guide("configuration") + guide("judging"), re.MULTILINE | re.DOTALL)
    for block in blocks:
        path = tmp_path / "conformance.toml"
        path.write_text(block)

        assert configuration.read(path)


def test_the_example_of_a_journey_is_valid(tmp_path):
    path = tmp_path / "journeys.yaml"
    path.write_text(code("journeys", "yaml"))

    assert [clause.id for clause in arazzo.chapter(path).clauses] == ["ORDER-PAID-ONCE"]


def test_the_example_of_a_baseline_is_valid(tmp_path):
    path = tmp_path / "known-failures.toml"
    path.write_text(code("baseline", "toml"))

    assert [known.operation for known in read_baseline(path)] == ["", "exportOrders"]


def test_every_file_and_verdict_of_a_report_is_documented():
    text = guide("report")

    assert [name for name in WRITERS if f"`{name}`" not in text] == []
    assert [verdict.value for verdict in Verdict if f"\n| {verdict.value} |" not in text] == []


def test_the_overview_names_every_guide():
    named = set(re.findall(r"\]\(([a-z-]+\.md)\)", guide("README")))

    assert named == {path.name for path in DOCS.glob("*.md")} - {"README.md"}
