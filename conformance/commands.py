"""What each command of the command line does."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from conformance.assembly.documents import catalogue_of, contract_of
from conformance.assembly.options import Options
from conformance.assembly.run import open_run
from conformance.docs import build
from conformance.doctor.examination import examine, preflight
from conformance.doctor.findings import exit_code
from conformance.engine.runner import run as run_checks
from conformance.engine.worker import Selection
from conformance.errors import ConfigurationError
from conformance.init.files import begin
from conformance.proof.proof import Proof, table
from conformance.proof.traceability import Trace, explained, listed
from conformance.reports.files import write_reports
from conformance.reports.terminal import Terminal
from conformance.results.baseline import apply
from conformance.results.baseline import read as read_baseline
from conformance.sut import configuration

if TYPE_CHECKING:
    import argparse

    from conformance.contract.requirements import Catalogue
    from conformance.sut.configuration import Configuration

CODES = {"conformant": 0, "not conformant": 1, "suite error": 3, "not judged": 4}


class Documents(TypedDict):
    """What takes the place of the configured documents."""

    contract: Path | None
    asyncapi: Path | None
    overlays: tuple[Path, ...]
    journeys: Path | None


def run(given: argparse.Namespace) -> int:
    """Judges a target and writes the reports."""
    settings = configured(given)
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    options = Options(
        url=given.url,
        fault=given.fault,
        receiver_url=given.receiver_url,
        seed=seed,
        examples=given.examples,
        **documents(given),
    )
    baseline = read_baseline(given.baseline) if given.baseline else ()
    clauses = catalogue_of(settings, options)
    insist_on_clauses([entry.clause for entry in baseline], clauses)
    selection = Selection(chosen=chosen(given.only, clauses), shuffle=seed if given.shuffle else None)
    insist_on_fault(settings, given.fault)
    insist_on_folder(given.report_dir)
    with Terminal(quiet=given.quiet) as terminal:
        with open_run(settings, options, given.workers) as harnesses:
            first = None if given.no_doctor else preflight
            report = apply(run_checks(harnesses, selection, seed, terminal, first), baseline)
        paths = write_reports(report, given.report_dir)
        terminal.finished(report, paths["report.html"])
    return CODES[report.verdict]


def init(given: argparse.Namespace) -> int:
    """Writes a commented configuration from what a URL shows of itself."""
    begun = begin(given.url, contract=given.contract, output=given.output)
    sys.stdout.write(f"Written: {', '.join(map(str, begun.files))}. Read the comments: they ask for what is missing.\n")
    if begun.variables:
        sys.stdout.write(f"Set {', '.join(begun.variables)} in the environment.\n")
    sys.stdout.write(f"Then: conformance doctor --config {given.output}\n")
    return 0


def doctor(given: argparse.Namespace) -> int:
    """Looks at target, contract and configuration before a run, and says of each trouble what to do."""
    options = Options(url=given.url, receiver_url=given.receiver_url, **documents(given))
    found = []
    with open_run(configured(given), options) as (harness,), harness.serving():
        for finding in examine(harness):
            sys.stdout.write(f"{finding.line}\n")
            sys.stdout.flush()
            found.append(finding)
    return exit_code(found)


def prove(given: argparse.Namespace) -> int:
    """Runs the suite on every faulty variant and prints the kill matrix."""
    proof = Proof(proving(given), Options(**documents(given)), frozenset(given.only))
    insist_on_folder(given.json.parent if given.json else Path())
    result = proof.run(workers=given.workers, progress=sys.stdout.write)
    sys.stdout.write(table(result))
    if given.json:
        given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0 if result["killed"] == result["faults"] else 1


def list_clauses(given: argparse.Namespace) -> int:
    """Prints the clauses, chapter by chapter."""
    for chapter in catalogue_of(configured(given), Options(**documents(given))).chapters:
        sys.stdout.write(f"\n{chapter.title}\n")
        for clause in chapter.clauses:
            sys.stdout.write(f"  {clause.id:32} {clause.level:6} {clause.text}\n")
    return 0


def explain(given: argparse.Namespace) -> int:
    """Prints clause, source, check, faults and the operations it applies to."""
    insist_on_clauses([given.id], catalogue_of(configured(given), Options(**documents(given))))
    sys.stdout.write(explained(trace_of(given), given.id))
    return 0


def coverage(given: argparse.Namespace) -> int:
    """Prints which clause is checked and proven; fails where a MUST is neither proven nor untestable."""
    trace = trace_of(given)
    sys.stdout.write(json.dumps(trace.counts) + "\n" if given.json else trace.table)
    return 1 if trace.guesses else 0


def build_docs(given: argparse.Namespace) -> int:
    """Writes the documentation site."""
    insist_on_folder(given.directory)
    build(proving(given), given.directory, Options(**documents(given)))
    sys.stdout.write(f"The site is in {given.directory}; open {given.directory / 'index.html'}.\n")
    return 0


def trace_of(given: argparse.Namespace) -> Trace:
    """Clauses, checks and faults of everything that is configured."""
    options = Options(**documents(given))
    settings = configured(given)
    return Trace.of(proving(given), contract_of(settings, options), catalogue_of(settings, options))


def documents(given: argparse.Namespace) -> Documents:
    """The documents that the command line names."""
    return {
        "contract": given.contract,
        "asyncapi": given.asyncapi,
        "overlays": tuple(given.overlay),
        "journeys": given.journeys,
    }


def configured(given: argparse.Namespace) -> Configuration:
    """The configuration named on the command line, found here, or named in pyproject.toml."""
    if given.config:
        return configuration.read(given.config)
    if Path("conformance.toml").is_file():
        return configuration.read(Path("conformance.toml"))
    named = _project().get("config")
    return configuration.read(Path(str(named))) if named else configuration.parse({}, Path(), "the command line")


def proving(given: argparse.Namespace) -> tuple[Configuration, ...]:
    """The configurations whose variants prove the checks: several may stand in pyproject.toml under `proof`."""
    named = () if given.config else _project().get("proof", ())
    return tuple(configuration.read(Path(each)) for each in named) or (configured(given),)


def _project() -> dict[str, Any]:
    project = Path("pyproject.toml")
    if not project.is_file():
        return {}
    try:
        table = tomllib.loads(project.read_text(encoding="utf-8")).get("tool", {}).get("conformance", {})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"pyproject.toml cannot be read as TOML: {error}. Mend it there.") from None
    return dict(table)


def insist_on_clauses(names: list[str], clauses: Catalogue) -> None:
    """Raises ConfigurationError if one of the names is no clause's."""
    for name in names:
        if name not in clauses:
            raise ConfigurationError(f"There is no clause {name}. `conformance list` shows them all.")


def insist_on_folder(folder: Path) -> None:
    """Raises ConfigurationError unless files can be written there: better now than after the run."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ConfigurationError(f"Nothing can be written into {folder}: {error.strerror}. Name another.") from None


def insist_on_fault(settings: Configuration, fault: str) -> None:
    """Raises ConfigurationError if the target lists its faulty variants, but not this one."""
    names = [known.id for known in listed(settings)] if fault else []
    if names and fault not in names:
        raise ConfigurationError(f"The target has no variant {fault}. It has: {', '.join(sorted(names))}.")


def chosen(only: list[str], clauses: Catalogue) -> frozenset[str] | None:
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
