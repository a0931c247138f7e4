"""The report as one HTML page that needs nothing else: no other file, no network, no script to be read."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from conformance.results import digest
from conformance.results.grid_matrix import matrix
from conformance.results.model import ClauseResult, Exchange, Report, Verdict
from conformance.results.share import partly
from conformance.results.untrusted_text import cut, listed, one_line, plural, visible

OPEN = 8  # so many failures are shown unfolded; more would bury one another
CAUSES = 5  # causes of a clause that are shown with their exchanges
BODY = {True: 4000, False: 1200}  # characters of a body that are shown, by whether the clause is amiss
AMISS = (Verdict.ERROR, Verdict.FAILED, Verdict.BLOCKED, Verdict.WARNED)


def to_html(report: Report) -> str:
    """The report as a self-contained page; foreign text in it is inert."""
    environment = Environment(
        loader=PackageLoader("conformance.reports", "page"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(line=_line, brief=_brief, pretty=_pretty, plural=plural, listed=listed)
    environment.filters["capitalized"] = _capitalized
    environment.globals.update(MARKS=digest.MARKS, AMISS=AMISS, BODY=BODY, CAUSES=CAUSES)
    script = environment.get_template("report.js").render()
    return environment.get_template("report.html.j2").render(
        report=report,
        clauses=digest.failed_first(report.clauses),
        headline=digest.headline(report),
        mend_first=digest.mend_first(report),
        broken=digest.by_reason(report, Verdict.ERROR),
        untested=digest.by_reason(report, Verdict.UNTESTABLE, Verdict.INAPPLICABLE),
        warned=digest.by_reason(report, Verdict.WARNED),
        chapters=digest.chapter_counts(report),
        unfold=sum(clause.verdict in AMISS for clause in report.clauses) <= OPEN,
        matrix=matrix(report),
        tried=_tried,
        explains=digest.explains,
        partly=partly,
        example=_example,
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )


def _tried(clause: ClauseResult) -> list[tuple[Verdict, str, list[str]]]:
    """Verdict, reason and places of the clause, the places with the same verdict and reason together."""
    groups: dict[tuple[Verdict, str], list[str]] = {}
    for outcome in clause.outcomes:
        groups.setdefault((outcome.verdict, outcome.reason), []).append(outcome.place or "the target as a whole")
    return [(verdict, reason, places) for (verdict, reason), places in groups.items()]


def _example(clause: ClauseResult) -> tuple[Exchange, ...]:
    """The last two exchanges, control and attempt, of one place of a clause that is not amiss."""
    return next((outcome.exchanges[-2:] for outcome in clause.decisive if outcome.exchanges), ())


def _shown(value: Any) -> Any:
    return value if isinstance(value, Markup) else visible(str(value))


def _line(text: str) -> str:
    """Text that must not begin a new line, such as the value of a header."""
    return visible(text, keep="")


def _brief(text: str) -> str:
    return one_line(text, 120)


def _capitalized(text: str) -> str:
    """The sentence with a capital in front, and the others as they are."""
    return text[:1].upper() + text[1:]


def _pretty(body: str, limit: int) -> str:
    """A body of JSON indented, if that changes nothing but white space; cut where it is long."""
    try:
        indented = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return cut(body, limit)
    return cut(indented if "".join(indented.split()) == "".join(body.split()) else body, limit)
