"""Exchanges as they stand in a report: what is secret masked, what is long cut."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from conformance.journeys.walk import STEP_LABEL
from conformance.results.model import Exchange, Verdict

if TYPE_CHECKING:
    from conformance.http.client import Record
    from conformance.http.redaction import Redaction

LONGEST = 2000  # characters of a body
MOST = 12  # exchanges kept of an outcome that is not green


def exchanges(records: list[Record], redaction: Redaction, verdict: Verdict) -> tuple[Exchange, ...]:
    """The last exchanges of a check; for a green one the last control and the last attempt are enough."""
    if verdict is Verdict.PASSED:
        last = {record.label: record for record in records if record.label != "arrangement"}
        return tuple(_exchange(record, redaction) for record in (last or {"": records[-1]}).values())
    kept = records if len(records) <= MOST else _last_tries(records)
    return tuple(_exchange(record, redaction) for record in kept[-MOST:])


def _last_tries(records: list[Record]) -> list[Record]:
    """Without the tries of a journey's step but the last, lest they push out what came before."""
    following = [*(record.label for record in records[1:]), ""]
    pairs = zip(records, following, strict=True)
    return [record for record, label in pairs if label != record.label or not label.startswith(STEP_LABEL)]


def _exchange(record: Record, redaction: Redaction) -> Exchange:
    request, reply = record.request, record.reply
    return Exchange(
        label=record.label,
        identity=record.identity,
        operation=request.operation,
        method=request.method,
        url=redaction(record.url),
        request_headers=tuple((name, redaction(value)) for name, value in request.headers),
        request_body=redaction(_cut(request.body or b"")),
        status=reply.status if reply else 0,
        response_headers=tuple((name, redaction(value)) for name, value in reply.headers) if reply else (),
        response_body=redaction(_cut(reply.body) if reply else record.failure),
        seconds=reply.seconds if reply else 0.0,
        resent=record.resent,
        curl="" if record.label == "delivery" else redaction(_curl(record)),
    )


def _cut(body: bytes) -> str:
    text = body[: LONGEST * 4].decode("utf-8", "replace")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(body)} bytes)"


def _curl(record: Record) -> str:
    """A line that repeats the exchange, with $TOKEN in the place of the credential."""
    request = record.request
    words = ["curl", "-i", "-X", request.method, shlex.quote(record.url)]
    for name, value in request.headers:
        if name.lower() == "authorization":
            words += ["-H", f'"Authorization: {value.partition(" ")[0]} $TOKEN"']
        else:
            words += ["-H", shlex.quote(f"{name}: {value}")]
    if request.body:
        words += ["--data-binary", _quoted(_cut(request.body))]
    return " ".join(words)


def _quoted(text: str) -> str:
    """One word for a shell, in one line: line breaks are written as ANSI-C escapes."""
    if not {"\n", "\r"} & set(text):
        return shlex.quote(text)
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"$'{escaped}'"
