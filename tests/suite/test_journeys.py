"""Journeys over the clinic: the steps that are executed, and what is expected and observed of them."""

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
RECEIVE = {"stepId": "receive", "channelPath": "{$sourceDescriptions.b.url}#/channels/callback", "action": "receive"}
STATUS = {"stepId": "status", "operationId": "get_status"}


def on(status):
    return [{"condition": f"$statusCode == {status}"}]


def read(step="read", **more):
    given = [{"name": "patientId", "in": "path", "value": "$steps.register.outputs.id"}]
    return {"stepId": step, "operationId": "get_patient", "parameters": given, **more}


@pytest.fixture
def outcomes(judge, tmp_path):
    """Walks workflows over the clinic and gives their outcomes by id."""

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
    """Walks one workflow of these steps and gives its outcome."""
    return lambda *steps, **more: outcomes({"workflowId": "w", "steps": list(steps), **more})["w"]


def judgement(outcome):
    return (outcome.verdict.value, outcome.expected, outcome.observed)


def requests(outcome):
    return [(exchange.label, exchange.identity, exchange.status) for exchange in outcome.exchanges]


def test_each_step_is_kept_as_evidence(outcome):
    walked = outcome(REGISTER, read(), read("pry", **{"x-as": "stranger", "successCriteria": on(403)}))

    assert walked.verdict == "passed"
    assert requests(walked) == [("step register", "ann", 201), ("step read", "ann", 200), ("step pry", "ben", 403)]


def test_a_failed_step_says_what_was_expected(outcome):
    walked = outcome(REGISTER, read(successCriteria=on(404)), STATUS)

    verdict, expected, observed = judgement(walked)
    assert (verdict, expected) == ("failed", "step read: $statusCode == 404")
    assert observed.startswith("step read: $statusCode is 200; GET /patients/")
    assert [label for label, *_ in requests(walked)] == ["step read", "step register"]
    assert walked.exchanges[0].curl.startswith("curl -i -X GET")


def test_without_criteria_the_declared_success_is_expected(outcome):
    walked = outcome({**REGISTER, "requestBody": {"payload": {"fullName": 3}}})

    assert judgement(walked)[:2] == ("failed", "step register: 201")
    assert "answered 400" in walked.observed


def test_scopes_can_be_taken_away(outcome):
    fewer_scopes = {"x-as": {"part": "owner", "scopes": ["patient.view"]}, "successCriteria": on(403)}

    assert outcome({**REGISTER, **fewer_scopes}).verdict == "passed"


def test_a_retry_ends_at_its_limit(outcome):
    retry = [{"name": "again", "type": "retry", "retryAfter": 0.01, "retryLimit": 3}]
    walked = outcome({**STATUS, "successCriteria": on(202), "onFailure": retry})

    assert judgement(walked)[:2] == ("failed", "step status: $statusCode == 202")
    assert len(walked.exchanges) == 4


def test_retries_of_one_step_leave_room_for_the_others_as_evidence(outcome):
    retry = [{"name": "again", "type": "retry", "retryAfter": 0.01, "retryLimit": 20}]
    walked = outcome(REGISTER, {**STATUS, "successCriteria": on(202), "onFailure": retry})

    assert [label for label, *_ in requests(walked)] == ["step status", "step register"]


def test_the_next_failure_action_is_taken_after_an_exhausted_retry(outcome):
    onward = [
        {"name": "again", "type": "retry", "retryLimit": 1, "criteria": on(200)},
        {"name": "onward", "type": "goto", "stepId": "read"},
    ]
    walked = outcome(REGISTER, {**STATUS, "successCriteria": on(202), "onFailure": onward}, read())

    assert walked.verdict == "passed"
    assert [label for label, *_ in requests(walked)] == ["step register", "step status", "step read"]


def test_an_action_whose_criteria_fail_is_skipped(outcome):
    never = [{"name": "again", "type": "retry", "retryLimit": 9, "criteria": on(503)}]
    walked = outcome({**STATUS, "successCriteria": on(202), "onFailure": never})

    assert (walked.verdict, len(walked.exchanges)) == ("failed", 1)


def test_a_retry_lasts_until_the_bound(outcome):
    retry = [{"name": "again", "type": "retry", "retryAfter": 1, "x-within": "event"}]
    walked = outcome({**STATUS, "successCriteria": on(202), "onFailure": retry})

    assert walked.verdict == "failed"
    assert len(walked.exchanges) >= 5  # the bound is five seconds


def test_a_success_action_may_end_the_workflow_or_go_to_a_step(outcomes):
    end = {**STATUS, "onSuccess": [{"name": "enough", "type": "end"}]}
    leap = {**STATUS, "onSuccess": [{"name": "leap", "type": "goto", "stepId": "last", "criteria": on(200)}]}
    wrong = read("wrong", parameters=[{"name": "patientId", "in": "path", "value": "none"}])
    last = {**STATUS, "stepId": "last"}
    walked = outcomes(
        {"workflowId": "ends", "steps": [end, wrong]}, {"workflowId": "leaps", "steps": [leap, wrong, last]}
    )

    assert [walked[name].verdict for name in ("ends", "leaps")] == ["passed", "passed"]


def test_an_endless_loop_is_ended(outcome):
    walked = outcome({**STATUS, "onSuccess": [{"name": "round", "type": "goto", "stepId": "status"}]})

    assert judgement(walked) == ("failed", "step status: an end", "step status: 500 steps, without an end")


def test_an_event_is_awaited_and_verified(outcome):
    topic = [{"condition": "$message.payload#/patient/reference == $steps.register.outputs.id"}]
    walked = outcome(ENROL, REGISTER, {**RECEIVE, "successCriteria": topic}, inputs={"properties": RECEIVER})

    assert walked.verdict == "passed"


def test_an_event_that_does_not_come_fails_its_step(outcome):
    other = [{"condition": "$message.payload#/topic == 'patient.changed'"}]
    step = {**RECEIVE, "timeout": 500, "successCriteria": other}
    walked = outcome(ENROL, REGISTER, step, inputs={"properties": RECEIVER})

    verdict, expected, observed = judgement(walked)
    assert verdict == "failed"
    assert expected == "step receive: a message within 0.5 s, $message.payload#/topic == 'patient.changed'"
    assert observed == "step receive: 1 deliveries of it, of the last $message.payload#/topic is 'patient.registered'"


def test_an_event_with_a_wrong_signature_is_refused(outcomes):
    steps = [ENROL, REGISTER, RECEIVE]
    walked = outcomes(
        {"workflowId": "w", "steps": steps, "inputs": {"properties": RECEIVER}}, fault="SignsAnotherSpelling"
    )

    assert judgement(walked["w"])[:2] == (
        "failed",
        "step receive: a signature that the secret of the receiver verifies",
    )


def test_a_receiver_that_is_out_of_reach_fails_no_clause(outcomes):
    workflow = {"workflowId": "w", "steps": [ENROL, REGISTER, RECEIVE], "inputs": {"properties": RECEIVER}}
    walked = outcomes(workflow, receiver_url="https://hooks.example")["w"]

    assert (walked.verdict, walked.blame) == ("blocked", "configuration")
    assert "receiver could not be registered" in walked.reason


MAKES = {"workflowId": "made", "steps": [REGISTER], "outputs": {"id": "$steps.register.outputs.id"}}
TAKES = {"stepId": "register", "workflowId": "made", "outputs": {"id": "$outputs.id"}}


def test_a_step_may_execute_another_workflow(outcomes):
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
def test_a_workflow_that_only_arranges_fails_no_clause(outcomes, arranges, verdict):
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
def test_a_missing_actor_or_input_is_untestable(outcomes, workflow, words):
    walked = outcomes({"workflowId": "w", **workflow})["w"]

    assert walked.verdict == "untestable"
    assert words in walked.reason


def test_nobody_has_no_credentials(outcome):
    assert outcome({**REGISTER, "x-as": "nobody", "successCriteria": on(401)}).verdict == "passed"


def test_unique_inputs_are_unique_and_times_lie_ahead(outcomes):
    given = {
        "text": {"type": "string", "x-given": "unique"},
        "uuid": {"type": "string", "format": "uuid", "x-given": "unique"},
        "early": {"type": "string", "format": "date-time", "x-given": {"after": -60}},
        "late": {"type": "string", "format": "date-time", "x-given": {"after": 60}},
    }
    step = {**REGISTER, "requestBody": {"payload": {**PATIENT, "remarks": "{$inputs.text} {$inputs.uuid}"}}}
    order = [
        {"condition": "$inputs.early < $response.body#/registeredAt && $response.body#/registeredAt < $inputs.late"}
    ]
    workflows = [
        {"workflowId": name, "inputs": {"properties": given}, "steps": [{**step, "successCriteria": order}]}
        for name in "ab"
    ]
    walked = outcomes(*workflows)
    sent = [walked[name].exchanges[-1].request_body for name in "ab"]

    assert [walked[name].verdict for name in "ab"] == ["passed", "passed"]
    assert all(one != other for one, other in pairwise(sent))
