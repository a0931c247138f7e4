"""Judges a target and writes the reports."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.assembly.documents import catalogue_of
from conformance.assembly.run import open_run
from conformance.commands.settings import configuration_of, options_of
from conformance.commands.validation import check_clauses, check_writable
from conformance.doctor.examination import preflight
from conformance.engine import runner
from conformance.engine.worker import Selection
from conformance.errors import ConfigurationError
from conformance.proof.faults import faults_of
from conformance.reports.files import HTML, write_reports
from conformance.reports.terminal import Terminal
from conformance.results import baseline
from conformance.results.share import percentage

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from conformance.contract.requirements import Catalogue
    from conformance.results.model import Report
    from conformance.sut.configuration import Configuration

CODES = {"conformant": 0, "not conformant": 1, "suite error": 3, "not judged": 4}
STOPPED = 5


def execute(given: argparse.Namespace) -> int:
    settings = configuration_of(given)
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    options = options_of(
        given, url=given.url, fault=given.fault, receiver_url=given.receiver_url, seed=seed, examples=given.examples
    )
    at_least = percentage(given.at_least or settings.target.at_least or "0%", "--at-least")
    known = baseline.read(given.baseline) if given.baseline else ()
    clauses = catalogue_of(settings, options)
    check_clauses([entry.clause for entry in known], clauses)
    selection = Selection(chosen=chosen(given.only, clauses), shuffle=seed if given.shuffle else None)
    check_variant(settings, given.fault)
    check_writable(given.report_dir)

    def keep(report: Report) -> Report:
        """Writes the report as the baseline and the demanded share make it."""
        kept = baseline.apply(replace(report, at_least=at_least), known)
        write_reports(kept, given.report_dir)
        return kept

    with Terminal(quiet=given.quiet) as terminal:
        with open_run(settings, options, given.workers) as harnesses:
            first = None if given.no_doctor else preflight
            try:
                report = keep(runner.run(harnesses, selection, seed, terminal, first, keep))
            except runner.RunInterruptedError as interruption:
                report = keep(interruption.report)
        terminal.finished(report, given.report_dir / HTML)
    return STOPPED if report.stopped else CODES[report.verdict]


def chosen(only: Sequence[str], clauses: Catalogue) -> frozenset[str] | None:
    """The clauses that ids, chapters or families of chapters stand for; None for all."""
    if not only:
        return None
    found = {clause.id for clause in clauses if clause.names & set(only)}
    unknown = set(only).difference(*(clause.names for clause in clauses))
    if unknown:
        raise ConfigurationError(
            f"There is no clause or chapter {', '.join(sorted(unknown))}. `conformance list` shows them."
        )
    return frozenset(found)


def check_variant(settings: Configuration, fault: str) -> None:
    """Raises ConfigurationError if the target lists its faulty variants, but not this one."""
    names = [known.id for known in faults_of(settings)] if fault else []
    if names and fault not in names:
        raise ConfigurationError(f"The target has no variant {fault}. It has: {', '.join(sorted(names))}.")
