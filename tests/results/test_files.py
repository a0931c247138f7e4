from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from sample_report import rich_report

from conformance.reports.files import write_reports


def test_every_form_of_the_report_is_written_into_a_new_directory(tmp_path):
    paths = write_reports(rich_report(), tmp_path / "new" / "directory")
    assert sorted(paths) == ["junit.xml", "report.html", "report.json", "report.sarif", "summary.md"]
    assert json.loads(paths["report.json"].read_text())["verdict"] == "not conformant"
    assert ET.parse(paths["junit.xml"]).getroot().tag == "testsuites"
    assert paths["report.html"].read_text(encoding="utf-8").startswith("<!doctype html>")
    assert paths["summary.md"].read_text(encoding="utf-8").startswith("# Not conformant")


def test_the_same_report_is_written_the_same_way_again(tmp_path):
    first = {name: path.read_bytes() for name, path in write_reports(rich_report(), tmp_path).items()}
    second = {name: path.read_bytes() for name, path in write_reports(rich_report(), tmp_path).items()}
    assert first == second
