"""The known faults, and what the check of its clause says of each."""

from __future__ import annotations

import os
import random
import subprocess
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.assembly.documents import catalogue_of
from conformance.assembly.options import Options
from conformance.assembly.run import open_run, shared_between_variants
from conformance.engine.evidence.writer import EvidenceWriter
from conformance.engine.observers import NullObserver
from conformance.engine.runner import run
from conformance.engine.selected_checks import Selection
from conformance.proof.faults import faults_of
from conformance.results.model import Verdict
from conformance.sut import configuration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.harness import Harness
    from conformance.results.model import Outcome, Report

ROOT = Path(__file__).parents[2]
SEED = 1
AMISS = {Verdict.FAILED, Verdict.WARNED}
PATIENCE = "20"  # seconds that a repeated request may take


@dataclass
class Telling(NullObserver):
    """Keeps the first failed outcome, and repeats its decisive exchange while what it is about is there."""

    harness: Harness
    clause: str
    outcome: Outcome | None = None
    repeated: int = 0  # the status that the repeated request got
    answer: str = ""

    def unplanned(self, chapter: str, outcome: Outcome) -> None:
        self.progress(chapter, outcome)

    def progress(self, chapter: str, outcome: Outcome) -> None:
        del chapter
        if self.outcome is None and outcome.clause == self.clause and outcome.verdict in AMISS:
            self.outcome = outcome
            if outcome.exchanges[0].curl:
                self._repeat(outcome.exchanges[0].curl)

    def _repeat(self, line: str) -> None:
        environment = {**os.environ, **self._secrets(line)}
        words = ["bash", "-c", line.replace("curl -i", f"curl -i --no-progress-meter --max-time {PATIENCE}", 1)]
        done = subprocess.run(words, env=environment, capture_output=True, timeout=60, check=False)
        self.answer = (done.stdout + done.stderr).decode("utf-8", "replace")
        heads = [text.split() for text in self.answer.splitlines() if text.startswith("HTTP/")]
        self.repeated = int(heads[-1][1]) if heads else 0

    def _secrets(self, line: str) -> dict[str, str]:
        """The tokens that the line names."""
        writer = EvidenceWriter.at(self.harness)
        for record in self.harness.client.recorder.records:
            curl = writer.curl(record)
            if curl.line() == line:
                return curl.variables
        return {name: secret for secret, name in self.harness.redaction.named() if f"${{{name}}}" in line}


@dataclass(frozen=True)
class Told:
    """A fault, and what was told of it."""

    fault: str
    clause: str
    telling: Telling
    report: Report = field(repr=False)


def targets() -> list[configuration.Configuration]:
    """The configurations whose faults are the proof."""
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["conformance"]["proof"]
    return [configuration.read(ROOT / each) for each in named]


def one_of_each_family() -> frozenset[str]:
    """The ids of faults, one for each family of chapters."""
    drawn: dict[str, str] = {}
    for target in targets():
        clauses = catalogue_of(target, Options())
        families = defaultdict(list)
        for fault in faults_of(target):
            families[clauses[fault.clause].chapter.partition("/")[0]].append(fault.id)
        drawn = {family: random.choice(faults) for family, faults in families.items()} | drawn
    return frozenset(drawn.values())


def chapters() -> list[str]:
    """The chapters that faults are about; the clauses of journeys are told by contracts."""
    folder = ROOT / "spec/requirements"
    return ["journeys", *sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml"))]


def faults_of_chapter(name: str) -> frozenset[str]:
    """The ids of all faults of a chapter."""
    return frozenset(
        fault.id
        for target in targets()
        for clauses in [catalogue_of(target, Options())]
        for fault in faults_of(target)
        if clauses[fault.clause].chapter == name
    )


def walk(chosen: frozenset[str]) -> Iterator[Told]:
    """What is told of these faults."""
    for target in targets():
        faults = [fault for fault in faults_of(target) if fault.id in chosen]
        with shared_between_variants(target, Options()) as shared:
            for fault in faults:
                options = Options(fault=fault.id, seed=SEED, fast=True)
                with open_run(target, options, shared=shared) as harnesses:
                    telling = Telling(harnesses[0], fault.clause)
                    report = run(harnesses, Selection(chosen=frozenset({fault.clause})), SEED, telling)
                yield Told(fault=fault.id, clause=fault.clause, telling=telling, report=report)
