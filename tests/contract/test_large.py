"""A contract of a thousand operations and 13 MB is read, explained and shown within bounds that a person bears."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import capabilities
import pytest

SECONDS, MEGABYTES = 20, 600
MEASURED = """
import json, resource, sys
from conformance.cli import main
code = main(sys.argv[1:])
sys.stderr.write(json.dumps([code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]))
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
    begun = time.monotonic()
    command = [sys.executable, "-c", MEASURED, *arguments]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)

    code, megabytes = json.loads(told.stderr)
    assert code == 0
    assert time.monotonic() - begun < SECONDS
    assert megabytes < MEGABYTES
