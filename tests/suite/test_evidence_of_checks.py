"""Which exchange decided a place, and whether it shows the failure alone."""

from __future__ import annotations

import pytest

from conformance.engine.evidence.assertion import Assertion, Raised
from conformance.engine.evidence.writer import Evidence, EvidenceWriter
from conformance.http.client import Record
from conformance.http.messages import Reply, Request
from conformance.http.redaction import Redaction
from conformance.judgement.expectation import each
from conformance.judgement.expectations import challenge, refused, status
from conformance.judgement.remarks import Remark
from conformance.results.model import Verdict

CHECK = "A request is sent again without a token; it is refused."


def record(code, label="attempt", *, method="GET", path="/things/1", body=b"", headers=(), **facts):
    request = Request(method=method, path=path, headers=tuple(headers), **facts)
    reply = Reply(request=request, status=code, headers=(), body=body, url="http://t/1", seconds=0)
    return Record(label=label, identity="ann", request=request, url="http://t/1", reply=reply)


CONTROL, FIRST, SECOND = record(200, "control"), record(404), record(200)
RECORDS = (CONTROL, FIRST, SECOND)


def failure(body, *records):
    """The evidence of an assertion in a function, as pytest would tell of it: (comparisons, function)."""
    relation, left, right = body
    assertion = Assertion()
    assertion.compared(relation, left, right)
    found = assertion.evidence(Raised(check=CHECK))
    texts = () if found else assertion.texts
    evidence = Evidence(records=records or RECORDS, judged=found, alone=assertion.of_one_reply, texts=texts)
    return evidence, assertion.told(Raised(check=CHECK), evidence.came)


@pytest.mark.parametrize(
    ("body", "decisive"),
    [
        (("==", FIRST.reply, refused), FIRST),
        (("==", [FIRST.reply, SECOND.reply], each(refused)), SECOND),
        (("==", [SECOND.reply], []), SECOND),
        (("==", {"a reason": SECOND.reply}, {}), SECOND),
        (("==", Remark("the answer shows it", CONTROL.reply), "nothing"), CONTROL),
        (("==", 1, 2), SECOND),
    ],
)
def test_the_decisive_exchange_is_that_of_what_was_compared_else_the_last_attempt(body, decisive):
    assert failure(body)[0].decisive is decisive


def test_the_answer_that_holds_what_was_observed_is_decisive():
    shown = record(200, body=b'{"issuer": "https://elsewhere.example"}')
    evidence, _ = failure(("==", "https://elsewhere.example", "https://t"), shown, SECOND)
    assert evidence.decisive is shown
    assert evidence.several == ""


def test_it_stands_first_and_is_marked():
    evidence, _ = failure(("==", FIRST.reply, status(200)))
    writer = EvidenceWriter(redaction=Redaction())
    told = writer.exchanges(evidence, Verdict.FAILED)
    assert [(each.status, each.decisive) for each in told] == [(404, True), (200, False), (200, False)]


def test_a_reply_of_an_earlier_check_is_told_too():
    evidence, _ = failure(("==", record(500).reply, refused))
    assert evidence.decisive.reply.status == 500


def test_what_is_expected_of_header_fields_is_told_of_what_came():
    _, told = failure(("==", FIRST.reply, status(401) & challenge("Bearer")))
    assert told == ("401, WWW-Authenticate: Bearer", "404 with no WWW-Authenticate")


def test_where_nothing_is_to_be_found_the_check_says_what_it_was_to_see():
    assert failure(("==", ["a version"], []))[1] == ("it is refused", "a version")


@pytest.mark.parametrize(
    ("records", "judged", "several"),
    [
        ((CONTROL, SECOND), SECOND, ""),
        ((record(201, method="DELETE"),), None, "gone"),
        ((record(200, method="PUT", headers=[("If-Match", '"1"')]),), None, "If-Match"),
        ((record(200, "step make"), record(200, "step read")), None, "step"),
        ((record(200, body=b'{"code": "abcdef123456"}'), record(200, path="/token?code=abcdef123456")), None, "before"),
        (
            (record(200, headers=[("Idempotency-Key", "k1")]), record(422, headers=[("Idempotency-Key", "k1")])),
            None,
            "before",
        ),
        ((FIRST, SECOND), SECOND, ""),
    ],
)
def test_a_sentence_says_why_it_takes_several_requests(records, judged, several):
    last = judged or records[-1]
    evidence = Evidence(records=records, judged=[last.reply], alone=True)
    assert several in evidence.several
    assert bool(evidence.several) is bool(several)


def test_what_several_answers_show_together_is_said():
    assert "together" in failure(("==", 1, 2))[0].several
