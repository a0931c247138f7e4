from __future__ import annotations

from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from sample_report import HOSTILE, failing_scope, outcome, report, result, rich_report

from conformance.reports.job_summary import to_markdown
from conformance.results.model import Verdict

OURS = {"h1", "h2", "h3", "p", "code", "pre", "ul", "li", "strong", "table", "thead", "tbody", "tr", "th", "td"}


class Page(HTMLParser):
    """What a reader of the summary gets."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))

    def handle_starttag(self, tag, _attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def test_it_tells_the_verdict_the_counts_and_the_failures():
    page = Page(to_markdown(rich_report()))
    for told in ("Not conformant", "2 clauses failed.", "SCOPE-MISSING-403", "403, and the object is still there"):
        assert told in page.text
    assert page.tags.count("td") == len(Verdict)
    assert "curl -X DELETE 'http://127.0.0.1:8080/v1/items/itm_01HZX3J9N2'" in page.text


def test_it_tells_what_was_not_tested_and_why():
    text = Page(to_markdown(rich_report())).text
    assert 'untestable: Give [receivers] canary = "HOST:PORT".: WEBHOOK-PRIVATE-ADDRESS' in text
    assert "(to be mended in the configuration): IDEMPOTENCY-REPLAY, IDEMPOTENCY-SCOPED" in text


@pytest.mark.parametrize("hostile", [HOSTILE, "```\n# x\n<b>", "`" * 9, "- x\n\n1. y", "[x]: javascript:1", "<!--", ""])
@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.BLOCKED, Verdict.UNTESTABLE])
def test_hostile_text_is_only_text(hostile, verdict):
    facts = {"reason": hostile, "expected": hostile, "observed": hostile}
    clause = result("X", "rest", outcome("X", verdict, hostile, **facts), looks_like=hostile)
    page = Page(to_markdown(report(clauses=(clause, failing_scope()), target=hostile, lifted=(hostile,))))
    assert set(page.tags) <= OURS
    assert page.tags.count("h1") == 1
    assert "SCOPE-MISSING-403" in page.text


def test_a_thousand_failures_stay_below_a_megabyte():
    long = "x" * 5000
    clauses = (
        result(f"X-{number}", "rest", outcome(f"X-{number}", Verdict.FAILED, expected=long, observed=long, reason=long))
        for number in range(1000)
    )
    text = to_markdown(report(clauses=tuple(clauses)))
    assert len(text.encode()) < 1_000_000
    assert "960 other failures" in text
