"""What a full run costs, beside the bare requests and beside `schemathesis run`, on this machine in one go.

Prints seconds, requests and the ratios between them; ratios are what can be compared between machines.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import urllib3

from conformance.assembly.options import Options
from conformance.assembly.run import open_run
from conformance.engine.observers import NullObserver
from conformance.engine.runner import run
from conformance.engine.worker import Selection
from conformance.proof.proof import Proof
from conformance.sut import configuration

if TYPE_CHECKING:
    from conformance.harness import Harness
    from conformance.http.messages import Reply, Request

ROOT = Path(__file__).parents[1]
SETTINGS = configuration.read(ROOT / "reference_impl/conformance.toml")
CASES = re.compile(r"([\d,]+) generated")


@dataclass(frozen=True)
class Measured:
    """So many requests in so many seconds."""

    requests: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    def __str__(self) -> str:
        return f"{self.requests:6} requests  {self.seconds:7.2f} s  {self.rate:7.0f} requests/s"


def suite_and_replay() -> tuple[Measured, Measured]:
    """A full run by one worker, and its very requests sent again by a bare client to the same target."""
    with open_run(SETTINGS, Options(seed=1)) as sessions:
        taped = tape(sessions[0])
        begun = time.perf_counter()
        report = run(sessions, Selection(), 1, NullObserver())
        suite = Measured(report.requests, time.perf_counter() - begun)
        return suite, replay(sessions[0], taped)


def shared_suite(workers: int) -> Measured:
    """A full run by several workers."""
    with open_run(SETTINGS, Options(seed=1), workers) as sessions:
        begun = time.perf_counter()
        report = run(sessions, Selection(), 1, NullObserver())
        return Measured(report.requests, time.perf_counter() - begun)


def tape(session: Harness) -> list[Request]:
    """The list in which every request of the session will stand, in the order of sending."""
    taped: list[Request] = []
    exchange = session.client.exchange

    def taping(request: Request, *, identity: str = "nobody", label: str = "attempt") -> Reply:
        taped.append(request)
        return exchange(request, identity=identity, label=label)

    session.client.exchange = taping
    return taped


def replay(session: Harness, taped: list[Request]) -> Measured:
    """One connection, one request after another, nothing looked at."""
    pool = urllib3.connection_from_url(session.client.url, maxsize=1)
    begun = time.perf_counter()
    for request in taped:
        headers = urllib3.HTTPHeaderDict(request.headers)
        pool.urlopen(request.method, request.path, body=request.body, headers=headers, redirect=False, retries=False)
    return Measured(len(taped), time.perf_counter() - begun)


def schemathesis_run() -> Measured:
    """`schemathesis run` with its defaults and a token that may everything."""
    with open_run(SETTINGS, Options(seed=1)) as (session,), session.serving(), tempfile.TemporaryDirectory() as scratch:
        token = session.actors.principal(0).token
        command = [Path(sys.executable).with_name("schemathesis"), "run", ROOT / "spec/openapi.yaml"]
        command += ["--url", session.client.url, "--header", f"Authorization: Bearer {token}"]
        command += ["--seed", "1", "--no-color"]
        begun = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, cwd=scratch, check=False)
        seconds = time.perf_counter() - begun
    found = CASES.search(done.stdout)
    if found is None:
        raise SystemExit(f"schemathesis did not say how many cases it generated:\n{done.stdout[-2000:]}")
    return Measured(int(found[1].replace(",", "")), seconds)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--without-proof", action="store_true", help="leave the proof out, which takes longest")
    given = options.parse_args()
    suite, bare = suite_and_replay()
    shared = shared_suite(2)
    other = schemathesis_run()
    runs = {"full run, one worker": suite, "full run, two workers": shared}
    for name, measured in {**runs, "bare replay": bare, "schemathesis run": other}.items():
        print(f"{name:24} {measured}")
    for name, measured in runs.items():
        print(f"{name:24} {measured.seconds / bare.seconds:5.2f} × the seconds of the bare replay")
        print(f"{name:24} {measured.rate / other.rate:5.2f} × the requests per second of schemathesis run")
    if not given.without_proof:
        result = Proof((SETTINGS,), Options()).run(workers=None, progress=str)
        print(f"proof of {result['faults']} faults: {result['seconds']} s")


if __name__ == "__main__":
    main()
