"""A made-up report with everything in it that a report can have, some of it hostile."""

from __future__ import annotations

from conformance.results.model import Blame, Cell, ClauseResult, Due, Exchange, Gap, Outcome, Report, Verdict

HOSTILE = (
    "<script>alert(1)</script> {{7*7}} {% raw %} \u202egnirts\u202c \x00 \x1b[2J\x1b]0;owned\x07 \x9b31m \ud800 ]]> "
    "\ufffe </style></pre>\"'><img src=x onerror=alert(1)> `code` ``` | **bold** [red]rich[/red] "
    "[a](javascript:alert(1)) &amp;"
)
CHAPTERS = {
    "rest": "REST",
    "authentication": "Authentication",
    "jwt": "Access tokens",
    "scopes": "Scopes",
    "idempotency": "Idempotency",
    "webhooks": "Webhooks",
    "quota": "Quota and rate limits",
    "operations": "Operation at large",
}
PLACES = ("listItems", "createItem", "getItem", "updateItem", "deleteItem", "createReceiver", "rotateSecret")


def exchange(*, label: str = "attempt", status: int = 204, body: str = "", identity: str = "alice") -> Exchange:
    url = "http://127.0.0.1:8080/v1/items/itm_01HZX3J9N2"
    return Exchange(
        label=label,
        identity=identity,
        operation="deleteItem",
        method="DELETE",
        url=url,
        request_headers=(("Authorization", "Bearer eyJ…3fA"), ("Accept", "application/json")),
        status=status,
        response_headers=(("Content-Type", "application/problem+json"), ("X-Request-Id", "5b1f0c2e")),
        response_body=body,
        seconds=0.0123,
        curl=f"curl -X DELETE '{url}' -H 'Accept: application/json' -H \"Authorization: Bearer $TOKEN\"",
    )


def outcome(clause: str, verdict: Verdict, place: str = "", **facts: object) -> Outcome:
    return Outcome(clause=clause, place=place, verdict=verdict, seconds=0.25, **facts)


def result(name: str, chapter: str, *outcomes: Outcome, level: str = "MUST", **facts: str) -> ClauseResult:
    return ClauseResult(
        id=name,
        chapter=chapter,
        level=level,
        text=facts.pop("text", "A retry with the same key and the same body is answered as the first request was."),
        source=facts.pop("source", "RFC 9110 §9.2.2"),
        check=facts.pop("check", "Sends the request twice with one key.\nSees one object and the same answer twice."),
        outcomes=outcomes,
        **facts,
    )


def passing(name: str, chapter: str) -> ClauseResult:
    pair = (exchange(label="control", status=200, body='{"id": "itm_1", "visits": 0}'), exchange(status=403))
    outcomes = (outcome(name, Verdict.PASSED, place, exchanges=pair) for place in PLACES)
    return result(name, chapter, *outcomes)


def failing_scope() -> ClauseResult:
    name = "SCOPE-MISSING-403"
    problem = '{"type": "about:blank", "title": "Forbidden", "status": 403, "scopes": ["items:write"]}'
    pair = (exchange(label="control"), exchange(body=problem))
    told = {"expected": "403, and the object is still there", "observed": "204", "exchanges": pair}
    crash = exchange(status=500, body=HOSTILE)
    other = {"expected": "403", "observed": "500 Internal Server Error", "exchanges": (crash,)}
    return result(
        name,
        "scopes",
        outcome(name, Verdict.FAILED, "deleteItem", **told),
        outcome(name, Verdict.FAILED, "updateItem", **told),
        outcome(name, Verdict.FAILED, "rotateSecret", **other),
        outcome(name, Verdict.PASSED, "getItem"),
        text="A request whose token lacks the scope of the operation is refused with 403.",
        source="RFC 6750 §3.1",
        check="A token with every scope but the one of the operation is refused,\nand with that scope it was accepted.",
        looks_like="the variant “reads the scopes of the read route” (reference_impl/faults/authorization/scopes.py)",
    )


def failing_hostile() -> ClauseResult:
    name = "REST-PROBLEM-DETAILS"
    evil = Exchange(
        label="attempt",
        identity=HOSTILE,
        operation="createItem",
        method="POST",
        url=f"http://127.0.0.1:8080/{HOSTILE}",
        request_headers=(("X-Evil", f"a\r\nInjected: {HOSTILE}"),),
        request_body="x" * 9000,
        status=400,
        response_headers=(("Content-Type", HOSTILE),),
        response_body=HOSTILE * 30,
        curl=f"curl -d '{HOSTILE}' http://127.0.0.1:8080/",
    )
    told = {"expected": HOSTILE, "observed": HOSTILE, "reason": HOSTILE, "exchanges": (evil,)}
    broken = outcome(name, Verdict.FAILED, "createItem", **told)
    return result(name, "rest", broken, text="An error is told as problem details.", source="RFC 9457 §3")


def amiss() -> tuple[ClauseResult, ...]:
    login = "The token endpoint answered 401 for the client “alice”; give its secret under [identities.alice]."
    refused = {"reason": login, "blame": Blame.CONFIGURATION}
    late = {"expected": "a Retry-After header", "observed": "no such header", "reason": "429 without Retry-After"}
    return (
        failing_scope(),
        failing_hostile(),
        *(
            result(name, "idempotency", outcome(name, Verdict.BLOCKED, "createItem", **refused))
            for name in ("IDEMPOTENCY-SCOPED", "IDEMPOTENCY-REPLAY")
        ),
        result("QUOTA-RETRY-AFTER", "quota", outcome("QUOTA-RETRY-AFTER", Verdict.WARNED, **late), level="SHOULD"),
        result(
            "WEBHOOK-PRIVATE-ADDRESS",
            "webhooks",
            outcome("WEBHOOK-PRIVATE-ADDRESS", Verdict.UNTESTABLE, reason='Give [receivers] canary = "HOST:PORT".'),
        ),
        result(
            "WEBHOOK-ORDERING",
            "webhooks",
            outcome("WEBHOOK-ORDERING", Verdict.INAPPLICABLE, reason="The contract promises no order of deliveries."),
            level="MAY",
        ),
    )


def grid() -> ClauseResult:
    """Operations and an event by callers, with a cell for every verdict and a hostile name."""
    told = {"exchanges": (exchange(label="control", status=200), exchange(status=403))}
    facts = {
        ("getItem", "expired"): (Verdict.PASSED, told),
        ("getItem", "owner"): (Verdict.PASSED, told),
        ("deleteItem", "expired"): (
            Verdict.FAILED,
            {"expected": "'nothing'", "observed": "'its owner is answered 404 where it was'", **told},
        ),
        ("deleteItem", "owner"): (Verdict.BLOCKED, {"reason": "the control was not accepted"}),
        (HOSTILE, "expired"): (Verdict.UNTESTABLE, {"reason": f"needs minted tokens {HOSTILE}"}),
        (HOSTILE, "owner"): (Verdict.WARNED, {"reason": HOSTILE}),
        ("item.made", "expired"): (Verdict.INAPPLICABLE, {"reason": "an event asks for no credentials"}),
        ("item.made", "owner"): (Verdict.PASSED, told),
    }
    outcomes = [
        outcome("GRID-REFUSED", verdict, f"{row}-{caller}", cell=spot(row, caller, number), **rest)
        for number, ((row, caller), (verdict, rest)) in enumerate(facts.items(), 1)
    ]
    return result("GRID-REFUSED", "grid", *reversed(outcomes), text="Whoever may not gains nothing.")


def spot(row: str, caller: str, number: int) -> Cell:
    return Cell(
        row=row,
        event=row == "item.made",
        caller=caller,
        group={"expired": "Credentials"}.get(caller, "Whose it is"),
        detail="",
        due=Due.ADMITTED if caller == "owner" else Due.REFUSED,
        number=number,
    )


def rich_report(**changes: object) -> Report:
    """Failures, blocked clauses, warnings, untested clauses, gaps, and hostile text everywhere it can come from."""
    passed = [passing(f"{chapter.upper()}-PROMISE-{number}", chapter) for chapter in CHAPTERS for number in range(1, 6)]
    clauses = tuple(sorted((*amiss(), *passed), key=lambda clause: (list(CHAPTERS).index(clause.chapter), clause.id)))
    facts: dict[str, object] = {
        "clauses": clauses,
        "gaps": (
            Gap(
                what="HEAD is answered like GET and the contract does not describe it.",
                places=("listItems", "getItem"),
                mend="paths:\n  /items:\n    head: {operationId: headItems}",
            ),
        ),
        "lifted": ("Receivers on the loopback address are allowed for this run.",),
        "accepted": (f"QUOTA-BURST fails as known: {HOSTILE}",),
        "stale": ("REST-HEAD on getItem no longer fails.",),
    }
    return report(**(facts | changes))


def grid_report() -> Report:
    """A rich report with an authorisation grid."""
    rich = rich_report()
    return rich_report(clauses=(*rich.clauses, grid()), chapters={**CHAPTERS, "grid": "Authorisation grid"})


def report(**changes: object) -> Report:
    facts: dict[str, object] = {
        "suite": "0.1.0",
        "contract": "“Items” 1.0",
        "operations": 41,
        "events": 7,
        "target": "http://127.0.0.1:8080",
        "seed": 4711,
        "started": "2026-03-01T12:00:00Z",
        "seconds": 31.4,
        "requests": 5120,
        "chapters": CHAPTERS,
        "clauses": (),
    }
    return Report(**(facts | changes))
