"""Journeys over the clinic: what is walked, what is seen, and what is said of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
import yaml

CONFIG = "tests/clinic/conformance.toml"
PATIENT = {"fullName": "Ada Example", "bornOn": "1980-02-29"}
RECEIVER = {"callback": {"type": "string", "x-given": "receiver"}}
ENROL = {
    "stepId": "enrol",
    "operationId": "enrol_observer",
    "requestBody": {"payload": {"callback": "$inputs.callback", "topics": ["patient.registered"]}},
}
REGISTER = {
    "stepId": "register",
    "operationId": "register_patient",
    "requestBody": {"payload": PATIENT},
    "outputs": {"id": "$response.body#/reference"},
}
TOLD = {"stepId": "told", "channelPath": "{$sourceDescriptions.b.url}#/channels/callback", "action": "receive"}
STATUS = {"stepId": "status", "operationId": "get_status"}


def on(status):
    return [{"condition": f"$statusCode == {status}"}]


def read(step="read", **more):
    given = [{"name": "patientId", "in": "path", "value": "$steps.register.outputs.id"}]
    return {"stepId": step, "operationId": "get_patient", "parameters": given, **more}


@pytest.fixture
def outcomes(judge, tmp_path):
    """Walks workflows over the clinic; gives what became of each, by its id."""

    def walked(*workflows, **options):
        sources = [{"name": "a", "url": "a.yaml"}, {"name": "b", "url": "b.yaml", "type": "asyncapi"}]
        document = {"arazzo": "1.1.0", "info": {"title": "T", "version": "1"}, "sourceDescriptions": sources}
        path = tmp_path / "journeys.yaml"
        path.write_text(yaml.safe_dump({**document, "workflows": list(workflows)}))
        chosen = frozenset(f"JOURNEY-{each['workflowId'].upper()}" for each in workflows)
        report = judge(CONFIG, journeys=path, chosen=chosen, **options)
        return {outcome.place: outcome for clause in report.clauses for outcome in clause.outcomes}

    return walked


@pytest.fixture
def outcome(outcomes):
    """What became of one workflow of these steps."""
    return lambda *steps, **more: outcomes({"workflowId": "w", "steps": list(steps), **more})["w"]


def seen(outcome):
    return (outcome.verdict.value, outcome.expected, outcome.observed)


def asked(outcome):
    return [(exchange.label, exchange.identity, exchange.status) for exchange in outcome.exchanges]


def test_each_step_is_kept_as_evidence(outcome):
    walked = outcome(REGISTER, read(), read("pry", **{"x-as": "stranger", "successCriteria": on(403)}))

    assert walked.verdict == "passed"
    assert asked(walked) == [("step register", "ann", 201), ("step read", "ann", 200), ("step pry", "ben", 403)]


def test_a_step_that_fails_says_what_was_to_be_seen(outcome):
    walked = outcome(REGISTER, read(successCriteria=on(404)), STATUS)

    verdict, expected, observed = seen(walked)
    assert (verdict, expected) == ("failed", "step read: $statusCode == 404")
    assert observed.startswith("step read: $statusCode is 200; GET /patients/")
    assert [label for label, *_ in asked(walked)] == ["step register", "step read"]
    assert walked.exchanges[-1].curl.startswith("curl -i -X GET")


def test_without_criteria_the_declared_success_is_expected(outcome):
    walked = outcome({**REGISTER, "requestBody": {"payload": {"fullName": 3}}})

    assert seen(walked)[:2] == ("failed", "step register: 201")
    assert "answered 400" in walked.observed


def test_scopes_can_be_taken_away(outcome):
    lesser = {"x-as": {"part": "owner", "scopes": ["patient.view"]}, "successCriteria": on(403)}

    assert outcome({**REGISTER, **lesser}).verdict == "passed"


def test_a_retry_is_tried_so_often_and_fails(outcome):
    retry = [{"name": "again", "type": "retry", "retryAfter": 0.01, "retryLimit": 3}]
    walked = outcome({**STATUS, "successCriteria": on(202), "onFailure": retry})

    assert seen(walked)[:2] == ("failed", "step status: $statusCode == 202")
    assert len(walked.exchanges) == 4


def test_many_tries_of_one_step_do_not_push_out_the_others(outcome):
    retry = [{"name": "again", "type": "retry", "retryAfter": 0.01, "retryLimit": 20}]
    walked = outcome(REGISTER, {**STATUS, "successCriteria": on(202), "onFailure": retry})

    assert [label for label, *_ in asked(walked)] == ["step register", "step status"]


def test_what_follows_a_retry_is_done_once_it_is_exhausted(outcome):
    onward = [
        {"name": "again", "type": "retry", "retryLimit": 1, "criteria": on(200)},
        {"name": "onward", "type": "goto", "stepId": "read"},
    ]
    walked = outcome(REGISTER, {**STATUS, "successCriteria": on(202), "onFailure": onward}, read())

    assert walked.verdict == "passed"
    assert [label for label, *_ in asked(walked)] == ["step register", "step status", "step read"]


def test_an_action_that_does_not_fit_is_passed_over(outcome):
    never = [{"name": "again", "type": "retry", "retryLimit": 9, "criteria": on(503)}]
    walked = outcome({**STATUS, "successCriteria": on(202), "onFailure": never})

    assert (walked.verdict, len(walked.exchanges)) == ("failed", 1)


def test_a_retry_lasts_until_the_bound(outcome):
    retry = [{"name": "again", "type": "retry", "retryAfter": 1, "x-within": "event"}]
    walked = outcome({**STATUS, "successCriteria": on(202), "onFailure": retry})

    assert walked.verdict == "failed"
    assert len(walked.exchanges) >= 5  # the bound is five seconds


def test_a_success_may_end_the_journey_or_go_on_elsewhere(outcomes):
    end = {**STATUS, "onSuccess": [{"name": "enough", "type": "end"}]}
    leap = {**STATUS, "onSuccess": [{"name": "leap", "type": "goto", "stepId": "last", "criteria": on(200)}]}
    wrong = read("wrong", parameters=[{"name": "patientId", "in": "path", "value": "none"}])
    last = {**STATUS, "stepId": "last"}
    walked = outcomes(
        {"workflowId": "ends", "steps": [end, wrong]}, {"workflowId": "leaps", "steps": [leap, wrong, last]}
    )

    assert [walked[name].verdict for name in ("ends", "leaps")] == ["passed", "passed"]


def test_going_round_in_circles_ends(outcome):
    walked = outcome({**STATUS, "onSuccess": [{"name": "round", "type": "goto", "stepId": "status"}]})

    assert seen(walked) == ("failed", "step status: an end", "step status: 500 steps, without an end")


def test_an_event_is_awaited_and_verified(outcome):
    topic = [{"condition": "$message.payload#/patient/reference == $steps.register.outputs.id"}]
    walked = outcome(ENROL, REGISTER, {**TOLD, "successCriteria": topic}, inputs={"properties": RECEIVER})

    assert walked.verdict == "passed"


def test_an_event_that_does_not_come_is_missed(outcome):
    other = [{"condition": "$message.payload#/topic == 'patient.changed'"}]
    told = {**TOLD, "timeout": 500, "successCriteria": other}
    walked = outcome(ENROL, REGISTER, told, inputs={"properties": RECEIVER})

    verdict, expected, observed = seen(walked)
    assert verdict == "failed"
    assert expected == "step told: a message within 0.5 s, $message.payload#/topic == 'patient.changed'"
    assert observed == "step told: 1 deliveries of it, of the last $message.payload#/topic is 'patient.registered'"


def test_an_event_with_a_wrong_signature_is_refused(outcomes):
    steps = [ENROL, REGISTER, TOLD]
    walked = outcomes(
        {"workflowId": "w", "steps": steps, "inputs": {"properties": RECEIVER}}, fault="SignsAnotherSpelling"
    )

    assert seen(walked["w"])[:2] == ("failed", "step told: a signature that the secret of the receiver verifies")


def test_a_receiver_that_is_out_of_reach_accuses_no_clause(outcomes):
    workflow = {"workflowId": "w", "steps": [ENROL, REGISTER, TOLD], "inputs": {"properties": RECEIVER}}
    walked = outcomes(workflow, receiver_url="https://hooks.example")["w"]

    assert (walked.verdict, walked.blame) == ("blocked", "configuration")
    assert "receiver could not be registered" in walked.reason


MAKES = {"workflowId": "made", "steps": [REGISTER], "outputs": {"id": "$steps.register.outputs.id"}}
TAKES = {"stepId": "register", "workflowId": "made", "outputs": {"id": "$outputs.id"}}


def test_workflows_are_made_of_others(outcomes):
    named = {"stepId": "named", "workflowId": "named", "parameters": [{"name": "who", "value": "Ben Example"}]}
    naming = {
        "workflowId": "named",
        "inputs": {"properties": {"who": {"type": "string", "default": "Ann Example"}}},
        "steps": [
            {
                **REGISTER,
                "requestBody": {"payload": {**PATIENT, "fullName": "$inputs.who"}},
                "outputs": {"who": "$response.body#/fullName"},
            }
        ],
        "outputs": {"who": "$steps.register.outputs.who"},
    }
    walk = {
        "workflowId": "w",
        "dependsOn": ["made"],
        "steps": [
            TAKES,
            read(),
            {**named, "successCriteria": [{"condition": "$outputs.who == 'Ben Example'"}]},
            {**STATUS, "successCriteria": [{"condition": "$workflows.made.outputs.id != null"}]},
        ],
    }

    assert {place: found.verdict for place, found in outcomes(walk, MAKES, naming).items()} == {
        "w": "passed",
        "made": "passed",
        "named": "passed",
    }


@pytest.mark.parametrize(("arranges", "verdict"), [(False, "failed"), (True, "blocked")])
def test_what_only_arranges_accuses_no_clause(outcomes, arranges, verdict):
    broken = {**MAKES, "steps": [{**REGISTER, "successCriteria": on(204)}], "x-arranges": arranges}
    walked = outcomes({"workflowId": "w", "steps": [TAKES, read()]}, broken)

    assert walked["w"].verdict == verdict
    assert "step register: $statusCode == 204" in walked["w"].reason + walked["w"].expected
    assert ("made" in walked) is not arranges


@pytest.mark.parametrize(
    ("workflow", "words"),
    [
        ({"inputs": {"properties": {"who": {"type": "string"}}}, "steps": [STATUS]}, "needs the input who"),
        ({"x-as": "partner", "steps": [REGISTER]}, 'kind "client-credentials"'),
        ({"x-as": "colleague", "steps": [REGISTER]}, "somebody else of the tenant of ann"),
    ],
)
def test_what_nobody_can_play_is_untestable(outcomes, workflow, words):
    walked = outcomes({"workflowId": "w", **workflow})["w"]

    assert walked.verdict == "untestable"
    assert words in walked.reason


def test_nobody_has_no_credentials(outcome):
    assert outcome({**REGISTER, "x-as": "nobody", "successCriteria": on(401)}).verdict == "passed"


def test_unique_texts_are_unique_and_moments_lie_ahead(outcomes):
    given = {
        "text": {"type": "string", "x-given": "unique"},
        "uuid": {"type": "string", "format": "uuid", "x-given": "unique"},
        "early": {"type": "string", "format": "date-time", "x-given": {"after": -60}},
        "late": {"type": "string", "format": "date-time", "x-given": {"after": 60}},
    }
    told = {**REGISTER, "requestBody": {"payload": {**PATIENT, "remarks": "{$inputs.text} {$inputs.uuid}"}}}
    order = [
        {"condition": "$inputs.early < $response.body#/registeredAt && $response.body#/registeredAt < $inputs.late"}
    ]
    workflows = [
        {"workflowId": name, "inputs": {"properties": given}, "steps": [{**told, "successCriteria": order}]}
        for name in "ab"
    ]
    walked = outcomes(*workflows)
    sent = [walked[name].exchanges[-1].request_body for name in "ab"]

    assert [walked[name].verdict for name in "ab"] == ["passed", "passed"]
    assert all(one != other for one, other in pairwise(sent))
