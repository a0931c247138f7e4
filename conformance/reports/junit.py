"""The report as JUnit XML: a suite for each chapter, a test case for each clause, what failed first."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from conformance.results.digest import failed_first
from conformance.results.model import Cause, ClauseResult, Report, Verdict
from conformance.results.share import partly, share
from conformance.results.untrusted_text import listed, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
ELEMENTS = {
    Verdict.FAILED: "failure",
    Verdict.ERROR: "error",
    Verdict.WARNED: "system-out",
    Verdict.BLOCKED: "skipped",
    Verdict.INAPPLICABLE: "skipped",
    Verdict.UNTESTABLE: "skipped",
}


def to_junit(report: Report) -> str:
    """The report as an XML 1.0 document; whatever keeps the run from being conformant fails in it."""
    root = ET.Element("testsuites", name=visible(report.contract, keep=""), time=f"{report.seconds:.3f}")
    clauses = failed_first(report.clauses)
    for name in _chapters(report, clauses):
        cases = [_clause_case(clause) for clause in clauses if clause.chapter == name]
        _suite(root, report, report.chapters.get(name, name), cases)
    for name, cases in _about_the_run(report).items():
        if cases:
            _suite(root, report, name, cases)
    ET.indent(root)
    return f"{DECLARATION}\n{ET.tostring(root, encoding='unicode')}\n"


def _chapters(report: Report, clauses: list[ClauseResult]) -> dict[str, None]:
    """The chapters that have clauses: those in which one failed, by the gravest of each, then the others as read."""
    failed = [clause.chapter for clause in clauses if clause.verdict is Verdict.FAILED]
    there = {clause.chapter for clause in clauses}
    return dict.fromkeys(name for name in (*failed, *report.chapters, *sorted(there)) if name in there)


def _about_the_run(report: Report) -> dict[str, list[ET.Element]]:
    """What is wrong with the run as a whole, by the name of a suite."""
    whole = [("the target can be judged", report.unanswered), ("the run came to its end", report.stopped)]
    return {
        "Run": [_case(name, "error", reason) for name, reason in whole if reason],
        "Share": [_case(f"at least {report.at_least:g} % are tried", "failure", f"It was {share(report.places)}.")]
        if report.too_little
        else [],
        "Baseline": [_case(entry, "failure", "The baseline is stale.") for entry in report.stale],
    }


def _suite(root: ET.Element, report: Report, name: str, cases: list[ET.Element]) -> None:
    suite = ET.SubElement(root, "testsuite", name=visible(name, keep=""), tests=str(len(cases)))
    for attribute, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(element) is not None for case in cases)))
    suite.set("time", f"{sum(float(case.get('time', 0)) for case in cases):.3f}")
    suite.set("timestamp", visible(report.started, keep=""))
    for case in cases:
        case.set("classname", suite.get("name", ""))
    suite.extend(cases)


def _clause_case(clause: ClauseResult) -> ET.Element:
    seconds = sum(outcome.seconds for outcome in clause.outcomes)
    message = clause.reason or next((cause.observed for cause in clause.causes), "") or clause.text
    details = "\n\n".join("\n".join(_details(cause)) for cause in clause.causes)
    if partly(clause):
        details += f"\n\n{partly(clause)}"
    if clause.looks_like:
        details += f"\n\nlooks like {clause.looks_like}"
    element = ELEMENTS.get(clause.verdict, "")
    prefix = f"{clause.verdict}: " if clause.verdict in {Verdict.BLOCKED, Verdict.UNTESTABLE} else ""
    case = _case(clause.id, element, prefix + message, details=details, seconds=seconds)
    if not element and partly(clause):
        ET.SubElement(case, "system-out").text = partly(clause)
    return case


def _case(name: str, element: str, message: str, *, details: str = "", seconds: float = 0) -> ET.Element:
    case = ET.Element("testcase", name=visible(name, keep=""), time=f"{seconds:.3f}")
    if element == "system-out":
        ET.SubElement(case, element).text = visible(f"warned: {message}\n{details}")
    elif element:
        child = ET.SubElement(case, element, message=visible(message, keep=""))
        if element != "skipped":
            child.text = visible(details)
    return case


def _details(cause: Cause) -> Iterator[str]:
    if cause.check:
        yield cause.check
    if places := listed(cause.places):
        yield places
    for label, value in (("expected", cause.expected), ("observed", cause.observed), ("because", cause.reason)):
        if value:
            yield f"{label:<10}{value}"
    for label, value in (("repeat", cause.repeat), ("", cause.several), ("explained", cause.explained_by)):
        if value:
            yield f"{label:<10}{value}"
    for exchange in cause.exchanges:
        if exchange.curl and not exchange.decisive:
            yield f"{exchange.label:<10}{exchange.curl}"
