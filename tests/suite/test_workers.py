"""Workers share the checks: each is made once, and a worker that dies is not overlooked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from conformance.assembly.options import Options
from conformance.assembly.run import open_run
from conformance.engine.observers import NullObserver
from conformance.engine.plugin import grouped
from conformance.engine.processes import new_claims, run_in_processes
from conformance.engine.runner import SuiteError, run
from conformance.engine.selected_checks import Selection
from conformance.sut import configuration

ROOT = Path(__file__).parents[2]


def test_each_number_is_claimed_once():
    shared = new_claims()
    first, second = shared(5), shared(5)

    assert sorted([next(first), next(second), next(first), *second, *first]) == [0, 1, 2, 3, 4]


def fall_over(tell):
    tell("begun")
    os._exit(7)


def finish(tell):
    tell("done")


def test_checks_that_share_what_an_operation_answered_are_claimed_together(monkeypatch):
    monkeypatch.setattr("conformance.engine.plugin.operation", lambda item: item.operation)
    uses = [("explorer", "a"), ("owner", "a"), ("provoked_errors", "a"), ("explorer", "b"), ("explorer", "")]
    items = [SimpleNamespace(fixturenames=(name,), operation=operation) for name, operation in uses]

    assert grouped(items) == [[0, 2], [1], [3], [4]]


def test_what_the_workers_tell_is_passed_on_and_a_dead_one_is_not_overlooked():
    told = []

    codes = run_in_processes([fall_over, finish], told.append)

    assert sorted(told) == ["begun", "done"]
    assert codes == [7, 0]


@dataclass
class Doomed:
    """A session whose process dies as soon as it begins."""

    session: object

    def __getattr__(self, name):
        if name == "serving":
            os._exit(7)
        return getattr(self.session, name)


def test_a_run_with_a_dead_worker_is_an_error_of_the_suite_and_what_the_other_found_is_kept():
    settings = configuration.read(ROOT / "tests/plain/conformance.toml")
    chosen = Selection(chosen=frozenset({"AUTH-REQUIRED-EVERY-OPERATION"}))
    kept = []

    with open_run(settings, Options(), 2) as (first, second), pytest.raises(SuiteError, match="code 7"):
        run((first, Doomed(second)), chosen, 1, NullObserver(), keep=kept.append)

    assert "code 7" in kept[-1].stopped
    assert kept[-1].counts["passed"] == 1, "one claimed all places, so that nothing is missing"
