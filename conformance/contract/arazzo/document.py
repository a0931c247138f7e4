"""Arazzo 1.1: what is special to a contract, told as workflows over its operations and events."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.contract.arazzo.steps import StepReader, insist_on_expressions
from conformance.contract.arazzo.targets import Reading
from conformance.contract.arazzo.workflow import Journeys, Step, Workflow
from conformance.contract.document import ContractError, follow
from conformance.contract.reading.document_validation import check_arazzo
from conformance.contract.reading.gathering import gathered
from conformance.contract.reading.grammar import ARAZZO_GRAMMAR
from conformance.contract.requirements import Chapter, Clause, insist_on_keyword

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from conformance.contract.openapi import Contract

CHAPTER = "journeys"


def chapter(path: Path) -> Chapter:
    """The clauses that the workflows of a document are about; where it names none, each workflow is one of its own."""
    document = _document(path)
    named = [workflow["x-requirement"] for workflow in document["workflows"] if "x-requirement" in workflow]
    entries = named or [_derived(document, workflow) for workflow in document["workflows"] if _judges(workflow)]
    sentences = {entry["id"]: entry for entry in entries if "text" in entry}
    for entry in entries:
        if entry["id"] not in sentences:
            raise ContractError(f"{path}: x-requirement names {entry['id']}, which has no text anywhere. Write one.")
    clauses = [
        Clause(id=name, chapter=CHAPTER, text=insist_on_keyword(name, entry["text"]), source=entry["source"])
        for name, entry in sentences.items()
    ]
    intro = document["info"].get("description", document["info"].get("summary", ""))
    title = document["info"]["title"]
    return Chapter(name=CHAPTER, title=title, intro=" ".join(intro.split()), clauses=tuple(clauses))


def _derived(document: Mapping[str, Any], workflow: Mapping[str, Any]) -> dict[str, str]:
    name = workflow["workflowId"]
    return {
        "id": _clause_of(name),
        "text": f"The workflow {name} MUST go as it is described, each of its steps with success.",
        "source": f"{document['info']['title']}, workflow {name}",
    }


def _judges(workflow: Mapping[str, Any]) -> bool:
    return not workflow.get("x-arranges", False)


def _clause_of(name: str) -> str:
    return "JOURNEY-" + re.sub("[^A-Z0-9]+", "-", name.upper()).strip("-")


def read(path: Path, contract: Contract) -> Journeys:
    """The workflows of a document, over the operations and events of the contract. Raises ContractError."""
    document = _document(path)
    reading = Reading(document=document, contract=contract, where=str(path))
    _insist_on_one_contract(reading)
    _insist_on_workflows(reading)
    told = any("x-requirement" in workflow for workflow in document["workflows"])
    return Journeys(
        workflows=tuple(_workflow(reading, raw, told=told) for raw in document["workflows"]),
        sources={source["name"]: {"url": source["url"]} for source in document["sourceDescriptions"]},
        base=document.get("$self", ""),
    )


def _document(path: Path) -> dict[str, Any]:
    reading = gathered(path, ARAZZO_GRAMMAR)
    document = reading.document
    version = str(document.get("arazzo", ""))
    if not re.match(r"1\.[01]\.", version):
        told = f"its `arazzo` member is {version or 'missing'}"
        raise ContractError(f"{path} is no Arazzo document of version 1.0 or 1.1: {told}. Give one, or leave it out.")
    check_arazzo(reading)
    reading.problems.insist()
    return document


def _insist_on_one_contract(reading: Reading) -> None:
    for kind, most in (("openapi", 1), ("asyncapi", 1), ("arazzo", 0)):
        same = [name for name, found in reading.sources.items() if found == kind]
        if len(same) > most:
            told = f"of the type {kind} there may be {most or 'no'} source here, but there is {' and '.join(same)}"
            raise reading.error(f"{told}. One contract is judged, by journeys of one document: take one")


def _insist_on_workflows(reading: Reading) -> None:
    """Each workflow has an id of its own, and none is made of itself."""
    raw = {workflow["workflowId"]: workflow for workflow in reading.document["workflows"]}
    if len(raw) < len(reading.names):
        raise reading.error("several workflows have the same workflowId. Give each its own")
    taken = {
        name: [
            *workflow.get("dependsOn", ()),
            *(step["workflowId"] for step in workflow["steps"] if "workflowId" in step),
        ]
        for name, workflow in raw.items()
    }
    for name in raw:
        _insist_on_an_end(reading, name, taken, ())


def _insist_on_an_end(reading: Reading, name: str, taken: Mapping[str, Sequence[str]], way: tuple[str, ...]) -> None:
    if name in way:
        raise reading.error(f"the workflow {name} is made of itself: {' → '.join((*way, name))}. Break the circle")
    for inner in taken.get(name, ()):
        _insist_on_an_end(reading, inner, taken, (*way, name))


def _workflow(reading: Reading, raw: Mapping[str, Any], *, told: bool) -> Workflow:
    name = raw["workflowId"]
    here = reading.at(f"workflow {name}")
    declared = follow(reading.document, raw.get("inputs", {})).get("properties", {})
    inputs = {key: follow(reading.document, schema) for key, schema in declared.items()}
    steps: list[Step] = []
    for each in raw["steps"]:
        at = here.at(f"step {each['stepId']}")
        reader = StepReader(reading=at, raw=each, workflow=raw, inputs=frozenset(inputs), before=tuple(steps))
        steps.append(reader.step())
    _insist_on_names(here, raw, steps)
    insist_on_expressions(here, raw.get("outputs", {}), frozenset(inputs), steps)
    return Workflow(
        id=name,
        clause=raw.get("x-requirement", {}).get("id", "") if told or not _judges(raw) else _clause_of(name),
        summary=" ".join(str(raw.get("description") or raw.get("summary") or name).split()),
        inputs=inputs,
        steps=tuple(steps),
        outputs=raw.get("outputs", {}),
        depends=tuple(raw.get("dependsOn", ())),
        arranges=not _judges(raw),
    )


def _insist_on_names(here: Reading, raw: Mapping[str, Any], steps: Sequence[Step]) -> None:
    """The steps and the workflows that a workflow names are there."""
    names = [step.id for step in steps]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise here.error(f"several steps have the stepId {twice}. Give each its own")
    for action in (action for step in steps for action in (*step.successes, *step.failures)):
        if action.step and action.step not in names:
            raise here.error(f"the action {action.name} goes to the step {action.step}, which is not there. Mend it")
    for name in raw.get("dependsOn", ()):
        if name not in here.names:
            raise here.error(f"dependsOn names the workflow {name}, which is not in this document. Mend the name")
