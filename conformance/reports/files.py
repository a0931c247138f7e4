"""The report in every form, written into one directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reports.html import to_html
from conformance.reports.job_summary import to_markdown
from conformance.reports.json_report import to_json
from conformance.reports.junit import to_junit

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.results.model import Report

WRITERS = {
    "report.json": to_json,
    "junit.xml": to_junit,
    "report.html": to_html,
    "summary.md": to_markdown,
}


def write_reports(report: Report, directory: Path) -> dict[str, Path]:
    """Write the four files and return their paths by name; raises OSError where the directory cannot be written."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = {name: directory / name for name in WRITERS}
    for name, write in WRITERS.items():
        paths[name].write_text(write(report), encoding="utf-8", newline="\n")
    return paths
