"""Journeys that cannot be walked: exit code 2 and a sentence with the workflow and the step."""

from __future__ import annotations

import json

import pytest

from bad_input.command import conformance

HEAD = "arazzo: 1.1.0\ninfo: {title: T, version: '1'}\nsourceDescriptions: [{name: api, url: openapi.yaml}]\n"
WALK = HEAD + "workflows: [{workflowId: w, %s}]\n"
STEPS = WALK % "steps: [%s]"
LIST = "{stepId: s, operationId: listNotes, %s}"
STEP = STEPS % LIST
TWO = STEPS % (
    "{stepId: a, operationId: listNotes, outputs: {x: $statusCode}}, " + LIST.replace("stepId: s", "stepId: b")
)

NONE = {
    "nothing": ("", "holds no contract"),
    "no version": ("title: T\n", "its `arazzo` member is missing"),
    "a later version": (STEP.replace("1.1.0", "2.0.0") % "", "its `arazzo` member is 2.0.0"),
    "broken YAML": ("workflows: [", "journeys.yaml:2: this is not YAML"),
    "a contract": ("openapi: 3.1.0\n", "no Arazzo document"),
}
INVALID = {
    "no workflow": (HEAD, '"workflows" is a required property'),
    "no step": (WALK % "steps: []", "#/workflows/0/steps"),
    "a step is text": (STEPS % "x", "#/workflows/0/steps/0"),
    "a step without id": (STEPS % "{operationId: listNotes}", '"stepId" is a required property'),
    "a step of nothing": (STEPS % "{stepId: s}", "#/workflows/0/steps/0"),
    "an unknown member": (STEP % "operationld: x", "operationld"),
    "an unknown place": (STEP % "parameters: [{name: x, in: body, value: 1}]", "steps/0/parameters/0"),
    "no criterion": (STEP % "successCriteria: []", "successCriteria"),
    "a pattern without context": (STEP % "successCriteria: [{condition: x, type: regex}]", "successCriteria/0"),
    "retries below none": (STEP % "onFailure: [{name: a, type: retry, retryLimit: -1}]", "onFailure/0"),
    "an unknown part": (STEP % "x-as: admin", "x-as"),
    "an unknown gift": (
        WALK % "inputs: {properties: {a: {x-given: gold}}}, steps: [{stepId: s, operationId: a}]",
        "x-given",
    ),
    "a clause without source": (
        WALK % "x-requirement: {id: A-B, text: It MUST.}, steps: [{stepId: s, operationId: a}]",
        "source",
    ),
}
NAMES = {
    "no such operation": (STEPS % "{stepId: s, operationId: listAll}", "step s: the contract has no operation listAll"),
    "no such path": (
        STEPS % "{stepId: s, operationPath: '$sourceDescriptions.api.url#/paths/~1a/get'}",
        "has no operation",
    ),
    "no such source": (STEPS % "{stepId: s, operationId: $sourceDescriptions.other.listNotes}", "other is no source"),
    "two contracts": (STEP.replace("}]\nw", "}, {name: b, url: b.yaml}]\nw") % "", "there is api and b"),
    "a source of workflows": (
        STEP.replace("}]\nw", "}, {name: b, url: b.yaml, type: arazzo}]\nw") % "",
        "may be no source",
    ),
    "no such workflow": (STEPS % "{stepId: s, workflowId: other}", "no workflow other"),
    "itself": (STEPS % "{stepId: s, workflowId: w}", "made of itself: w → w"),
    "two of one name": (
        STEP.replace("steps:", "steps: [{stepId: t, operationId: listNotes}]}, {workflowId: w, steps:") % "",
        "same workflowId",
    ),
    "two steps of one name": (TWO.replace("stepId: b", "stepId: a") % "", "several steps have the stepId a"),
    "no earlier step": (STEP % "dependsOn: [t]", "names t, which is no earlier step"),
    "no such dependence": (WALK % ("dependsOn: [v], steps: [%s]" % (LIST % "")), "dependsOn names the workflow v"),
    "nowhere to go": (STEP % "onSuccess: [{name: a, type: goto, stepId: t}]", "goes to the step t"),
    "a retry by another step": (
        STEP % "onFailure: [{name: a, type: retry, stepId: s}]",
        "goes to steps of the same workflow",
    ),
    "no such component": (
        STEP % "parameters: [{reference: $components.parameters.p}]",
        "no component $components.parameters.p",
    ),
    "no such input": (STEP % "parameters: [{name: q, in: query, value: $inputs.q}]", "$inputs.q names an input"),
    "no such input in a body": (
        STEPS % "{stepId: s, operationId: addNote, requestBody: {payload: {text: 'a {$inputs.q} b'}}}",
        "$inputs.q names an input",
    ),
    "no such input in a replacement": (
        STEPS % "{stepId: s, operationId: addNote, requestBody: {replacements: [{target: /a, value: $inputs.q}]}}",
        "$inputs.q names an input",
    ),
    "a later output": (
        STEP % "parameters: [{name: q, in: query, value: $steps.t.outputs.x}]",
        "no step has given by then",
    ),
    "no such output": (TWO % "outputs: {y: $steps.a.outputs.z}", "$steps.a.outputs.z names an output"),
    "no expression": (STEP % "outputs: {x: $response.status}", "$response.status is no runtime expression"),
    "no condition": (STEP % "successCriteria: [{condition: $statusCode is 200}]", "cannot be read at is 200"),
    "no regex": (STEP % "successCriteria: [{context: $url, condition: '(', type: regex}]", "is no regex"),
    "XPath": (STEP % "successCriteria: [{context: $url, condition: /a, type: xpath}]", "xpath are not supported"),
    "no such bound": (STEP % "onFailure: [{name: a, type: retry, x-within: night}]", "the bound night"),
    "no path parameter": (STEPS % "{stepId: s, operationId: readNote}", "readNote needs the path parameter id"),
    "a parameter of workflows": (STEP % "parameters: [{name: a, value: 1}]", "steps/0"),
    "a replacement by path": (
        STEPS
        % "{stepId: s, operationId: addNote, requestBody: {payload: {}, replacements: [{target: $.a, value: b}]}}",
        "must be a JSON Pointer",
    ),
    "messages to be sent": (STEPS % "{stepId: s, operationId: listNotes, action: send}", "received here and not sent"),
    "events of nobody": (STEPS % "{stepId: s, operationId: tell, action: receive}", "no AsyncAPI document"),
    "no keyword": (
        WALK % ("x-requirement: {id: A-B, text: It is so., source: x}, steps: [%s]" % (LIST % "")),
        "exactly one of MUST",
    ),
    "no sentence": (WALK % ("x-requirement: {id: A-B}, steps: [%s]" % (LIST % "")), "A-B, which has no text"),
    "a clause of the suite": (
        WALK % ("x-requirement: {id: SCOPE-MISSING-403, text: It MUST., source: x}, steps: [%s]" % (LIST % "")),
        "which is taken",
    ),
}


@pytest.mark.parametrize(("content", "words"), (known := NONE | INVALID | NAMES).values(), ids=known)
def test_journeys_are_refused(folder, judge, content, words):
    (folder / "journeys.yaml").write_text(content)
    told = judge(target='url = "http://127.0.0.1:9"\njourneys = "journeys.yaml"')

    assert (told.code, told.report, told.out) == (2, None, "")
    assert told.err.startswith("conformance: ")
    assert told.err.count("\n") == 1, "one sentence"
    assert words in told.err
    assert told.err.rstrip().endswith((".", "?")), "it says what to do"


def test_a_file_that_is_not_there_is_named(judge):
    told = judge("--journeys", "gone.yaml", target='url = "http://127.0.0.1:9"')

    assert (told.code, told.out) == (2, "")
    assert "gone.yaml" in told.err


def test_journeys_of_other_contracts_are_not_walked_with_this_one(folder, judge):
    """A configured document belongs to the configured contract, and is left out with it."""
    (folder / "journeys.yaml").write_text(STEPS % "{stepId: s, operationId: ofAnother}")
    target = 'url = "http://127.0.0.1:9"\njourneys = "journeys.yaml"'

    assert judge("--contract", "openapi.yaml", target=target).code == 4


def test_a_plain_document_is_listed_as_it_is(folder):
    (folder / "journeys.json").write_text(
        json.dumps(
            {
                "arazzo": "1.0.1",
                "info": {"title": "Plain", "version": "1"},
                "sourceDescriptions": [{"name": "api", "url": "https://example.com/openapi.yaml", "type": "openapi"}],
                "workflows": [{"workflowId": "read-all", "steps": [{"stepId": "s", "operationId": "listNotes"}]}],
            }
        )
    )
    told = conformance("list", "--contract", "openapi.yaml", "--journeys", "journeys.json", folder=folder)

    assert told.code == 0
    assert "\nPlain\n  JOURNEY-READ-ALL" in told.out
