"""The GitHub action, as far as it can be run without GitHub: its shell, with the files that GitHub gives it."""

from __future__ import annotations

import http.server
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import capabilities
import pytest
import yaml
from loopback import serving

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step.get("name"): step for step in ACTION["runs"]["steps"]}
CONTRACT = {
    "openapi": "3.1.1",
    "info": {"title": "One", "version": "1"},
    "x-normative": True,
    "paths": {
        "/": {"get": {"operationId": "look", "security": [], "responses": {"200": {"description": "Here."}}}},
    },
}
CONFIGURATION = """
[target]
contract = "openapi.json"

[identities.alice]
kind = "token"
token = "env:ALICE_TOKEN"
"""


class Here(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Nothing."""


def filled(text, inputs):
    return re.sub(r"\${{ inputs\.([a-z-]+) }}", lambda match: inputs[match[1]], text)


@pytest.fixture
def job(tmp_path):
    """Runs the step that judges, as GitHub would: with inputs filled in, `bash -eo pipefail`, a summary file."""
    (tmp_path / "openapi.json").write_text(json.dumps(CONTRACT))
    (tmp_path / "conformance.toml").write_text(CONFIGURATION)
    program = tmp_path / "conformance/bin/conformance"
    program.parent.mkdir(parents=True)
    program.symlink_to(Path(sys.executable).with_name("conformance"))
    summary = tmp_path / "summary.md"
    summary.touch()

    def run(**inputs):
        given = {name: entry["default"] for name, entry in ACTION["inputs"].items()} | inputs
        step = STEPS["Judge"]
        environment = {name: filled(text, given) for name, text in step["env"].items()}
        environment |= {"RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(summary), "ALICE_TOKEN": "a"}
        done = subprocess.run(
            [capabilities.program("bash"), "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return done, summary.read_text(encoding="utf-8")

    return run


def test_a_judged_target_gives_its_exit_code_and_a_summary(job, tmp_path):
    with serving(Here) as url:
        done, summary = job(url=url, config="conformance.toml", **{"report-dir": "the report"})
    assert done.returncode in {0, 1}, done.stderr
    report = json.loads((tmp_path / "the report/report.json").read_text(encoding="utf-8"))
    assert report["verdict"] == ("conformant", "not conformant")[done.returncode]
    assert summary == (tmp_path / "the report/summary.md").read_text(encoding="utf-8")


def test_a_target_that_does_not_answer_is_told_in_the_summary(job):
    done, summary = job(url="http://127.0.0.1:9", contract="openapi.json")

    assert done.returncode == 4
    assert "127.0.0.1:9" in summary


def test_a_wrong_configuration_ends_with_its_own_code(job):
    done, summary = job(config="nowhere.toml")

    assert done.returncode == 2
    assert "nowhere.toml" in done.stderr
    assert summary == ""


def test_the_report_is_kept_whatever_the_verdict():
    step = STEPS["Keep the report"]

    assert step["if"] == "always()"
    assert step["with"]["path"] == "${{ inputs.report-dir }}"


def test_no_input_is_written_into_a_script():
    """A script that holds an expression can be made to run what an input holds."""
    assert not [step["name"] for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")]


def test_every_input_reaches_a_step_and_the_guide():
    steps = json.dumps(ACTION["runs"]["steps"])
    guide = (ROOT / "docs/ci.md").read_text(encoding="utf-8")

    for name in ACTION["inputs"]:
        assert f"inputs.{name} }}}}" in steps
        assert f"| `{name}` |" in guide


def test_the_example_workflow_uses_inputs_that_there_are():
    guide = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    workflow = yaml.safe_load(re.search(r"^```yaml\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)[1])
    step = next(step for step in workflow["jobs"]["conformance"]["steps"] if "api-conformance" in step.get("uses", ""))

    assert set(step["with"]) <= set(ACTION["inputs"])
