"""Judges a target and writes the reports."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.assembly.documents import catalogue_of, contract_location, contract_of
from conformance.assembly.run import open_run
from conformance.commands.settings import configuration_of, options_of
from conformance.commands.validation import check_clauses, check_writable
from conformance.contract.reading.source_lines import SourceLines
from conformance.doctor.examination import preflight
from conformance.engine import runner
from conformance.engine.limits import time_limit, was_asked_for
from conformance.engine.selected_checks import Selection, last_failed, operations_named
from conformance.errors import ConfigurationError
from conformance.proof.faults import faults_of
from conformance.reports.files import HTML, JSON, write_reports
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
    begun = time.monotonic()
    settings = configuration_of(given)
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    options = options_of(
        given, url=given.url, fault=given.fault, receiver_url=given.receiver_url, seed=seed, examples=given.examples
    )
    at_least = percentage(given.at_least or settings.target.at_least or "0%", "--at-least")
    known = baseline.read(given.baseline) if given.baseline else ()
    clauses = catalogue_of(settings, options)
    check_clauses([entry.clause for entry in known], clauses)
    named = given.operation or given.path or given.tag
    # Looked up before a target is started, which may take long.
    contract = contract_of(settings, options) if named else None
    selection = Selection(
        chosen=chosen(given.only, given.level, clauses),
        operations=operations_named(contract, ids=given.operation, paths=given.path, tags=given.tag)
        if contract
        else None,
        places=last_failed(given.report_dir / JSON) if given.last_failed else None,
        shuffle=seed if given.shuffle else None,
        breadth_first=given.max_time is not None,
        fail_fast=given.fail_fast,
    )
    check_variant(settings, given.fault)
    check_writable(given.report_dir)

    with Terminal(quiet=given.quiet) as terminal:
        with open_run(settings, options, given.workers) as harnesses:
            lines = SourceLines(contract=harnesses[0].contract, location=contract_location(settings, options))

            def keep(report: Report) -> Report:
                """Writes the report as the baseline and the demanded share make it."""
                kept = baseline.apply(replace(report, at_least=at_least), known)
                write_reports(kept, given.report_dir, lines)
                return kept

            first = None if given.no_doctor else preflight
            try:
                limit = time_limit(given.max_time, since=begun)
                report = runner.run(harnesses, selection, seed, terminal, first, keep, limit)
            except runner.RunInterruptedError as interruption:
                report = interruption.report
            report = keep(report)
        terminal.finished(report, given.report_dir / HTML)
    return exit_code(report)


def exit_code(report: Report) -> int:
    """The code of the verdict; of its own where the run did not end by itself, unless it was to and could judge."""
    cut = report.stopped and not (was_asked_for(report.stopped) and report.verdict != "not judged")
    return STOPPED if cut else CODES[report.verdict]


def chosen(only: Sequence[str], levels: Sequence[str], clauses: Catalogue) -> frozenset[str] | None:
    """The clauses of these levels that ids, chapters or families of chapters stand for; None for all."""
    if not only and not levels:
        return None
    found = {
        clause.id
        for clause in clauses
        if (not only or clause.names & set(only)) and (not levels or clause.level in levels)
    }
    unknown = set(only).difference(*(clause.names for clause in clauses))
    if unknown:
        raise ConfigurationError(
            f"There is no clause or chapter {', '.join(sorted(unknown))}. `conformance list` shows them."
        )
    if not found:
        raise ConfigurationError(f"No clause of {', '.join(only) or 'the suite'} is a {' or '.join(levels)}.")
    return frozenset(found)


def check_variant(settings: Configuration, fault: str) -> None:
    """Raises ConfigurationError if the target lists its faulty variants, but not this one."""
    names = [known.id for known in faults_of(settings)] if fault else []
    if names and fault not in names:
        raise ConfigurationError(f"The target has no variant {fault}. It has: {', '.join(sorted(names))}.")
