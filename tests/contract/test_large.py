"""A contract of a thousand operations and 13 MB is read, explained and shown within bounds that a person bears."""

from __future__ import annotations

import json
import subprocess
import sys

import capabilities
import pytest

SECONDS, MEGABYTES = 20, 600
# The seconds are those of a core, whatever else the machine does. The peak of memory is that of the program alone:
# the one of getrusage counts the process from which it was started too.
MEASURED = """
import json, sys, time
from pathlib import Path
from conformance.cli import main
code = main(sys.argv[2:])
peak = next(line for line in Path(sys.argv[1]).read_text().splitlines() if line.startswith("VmHWM:"))
sys.stderr.write(json.dumps([code, time.process_time(), int(peak.split()[1]) // 1024]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder whose configuration names GitHub's contract, in OpenAPI 3.0."""
    document = capabilities.npm_package("@octokit/openapi") / "generated" / "api.github.com.json"
    folder = tmp_path_factory.mktemp("github")
    (folder / "conformance.toml").write_text(f'[target]\nurl = "http://127.0.0.1:9"\ncontract = "{document}"\n')
    return folder


@pytest.mark.parametrize(
    "arguments", [["explain", "REST-RESPONSE-CONFORMS-SCHEMA"], ["docs", "build", "site"]], ids=["explain", "docs"]
)
def test_githubs_contract_is_read(folder, arguments):
    command = [sys.executable, "-c", MEASURED, str(capabilities.process_status()), *arguments]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)

    code, seconds, megabytes = json.loads(told.stderr)
    assert code == 0
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
