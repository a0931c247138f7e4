"""The reference implementation while it runs by itself, for configurations that name its URL."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from threading import Event

import pytest

from doctor.reference import ROOT, answers

CLIENTS = [
    {
        "id": "partner",
        "secret": "the-secret-of-the-partner",
        "tier": "standard",
        "scope": "links:read links:write links:moderate analytics:read jobs:read webhooks:read webhooks:write",
    }
]


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The URL of the reference, which knows a client and trusts no other issuer."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("served")
    arguments = ["--port", str(port), "--database", f"sqlite:///{folder}/links.db", "--conformance"]
    environment = {**os.environ, "LINKS_CLIENTS": json.dumps(CLIENTS), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "reference_impl", "serve", *arguments]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}"
        while not answers(f"{url}/readyz"):
            assert process.poll() is None
            Event().wait(0.05)
        yield url
        process.terminate()


@pytest.fixture(scope="session")
def token(served):
    """An access token of the client, with every scope."""
    form = b"grant_type=client_credentials&client_id=partner&client_secret=the-secret-of-the-partner"
    with urllib.request.urlopen(f"{served}/oauth/token", form, timeout=10) as reply:
        return json.load(reply)["access_token"]
