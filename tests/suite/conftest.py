"""What the tests of the suite share."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.assembly.options import Options
from conformance.assembly.run import open_run
from conformance.engine.observers import NullObserver
from conformance.engine.runner import run
from conformance.engine.selected_checks import Selection
from conformance.http.messages import Reply, Request
from conformance.sut import configuration

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def judge():
    """Runs the suite as the command line does and gives the report."""

    def judged(config, *, workers=1, seed=1, shuffle=False, chosen=None, **options):
        settings = configuration.read(ROOT / config)
        selection = Selection(chosen=chosen, shuffle=seed if shuffle else None)
        with open_run(settings, Options(seed=seed, **options), workers) as sessions:
            return run(sessions, selection, seed, NullObserver())

    return judged


@pytest.fixture
def troubles():
    """The clauses that are not green or grey, with the reason."""

    def found(report):
        red = {"failed", "blocked", "error", "warned"}
        return {
            f"{clause.id} {outcome.place}": f"{outcome.verdict} {outcome.reason} {outcome.expected} {outcome.observed}"
            for clause in report.clauses
            for outcome in clause.outcomes
            if outcome.verdict in red
        }

    return found


@pytest.fixture
def reply():
    """Makes a reply to a GET with this status, this body and these header fields (underscores for hyphens)."""

    def made(status=200, body=b"", **headers):
        fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        request = Request(method="GET", path="/")
        return Reply(request=request, status=status, headers=fields, body=body, url="http://api.example/", seconds=0)

    return made
