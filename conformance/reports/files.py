"""The report in every form, written into one directory."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conformance.reports.html import to_html
from conformance.reports.job_summary import to_markdown
from conformance.reports.json_report import to_json
from conformance.reports.junit import to_junit
from conformance.reports.sarif import to_sarif

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.contract.reading.source_lines import SourceLines
    from conformance.results.model import Report

HTML, JSON = "report.html", "report.json"
WRITERS = {
    JSON: to_json,
    "junit.xml": to_junit,
    HTML: to_html,
    "summary.md": to_markdown,
}


def write_reports(report: Report, directory: Path, lines: SourceLines | None = None) -> dict[str, Path]:
    """Write the five files and return their paths by name; raises OSError where the directory cannot be written.

    `lines` are those of the contract's operations. A file is whole at any time, also if the process is killed while it
    writes the next one.
    """
    directory.mkdir(parents=True, exist_ok=True)
    writers: dict[str, Callable[[Report], str]] = {**WRITERS, "report.sarif": partial(to_sarif, lines=lines)}
    for name, write in writers.items():
        unfinished = directory / f".{name}"
        unfinished.write_text(write(report), encoding="utf-8", newline="\n")
        unfinished.replace(directory / name)
    return {name: directory / name for name in writers}
