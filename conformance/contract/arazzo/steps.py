"""Reading the steps of a workflow of an Arazzo document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.contract.arazzo.conditions import Criterion
from conformance.contract.arazzo.runtime_expressions import expressions, insist_on_grammar
from conformance.contract.arazzo.targets import target_of
from conformance.contract.arazzo.workflow import Action, Body, Caller, Given, Step
from conformance.contract.document import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.contract.arazzo.targets import Reading, Target

OUTPUT = re.compile(r"\$steps\.([\w-]+)\.outputs\.([\w.-]+)")
INPUT = re.compile(r"\$inputs\.([\w.-]+)")


@dataclass(frozen=True, kw_only=True)
class StepReader:
    """One step, with what its workflow has and which steps come before it."""

    reading: Reading
    raw: Mapping[str, Any]
    workflow: Mapping[str, Any]
    inputs: frozenset[str]
    before: Sequence[Step]

    def step(self) -> Step:
        """The step. Raises ContractError at what is wrong with it."""
        raw, target = self.raw, target_of(self.reading, self.raw)
        self._insist_on_order(target)
        step = Step(
            id=raw["stepId"],
            kind=target.kind,
            target=target.id,
            summary=" ".join(str(raw.get("description", "")).split()),
            caller=_caller(raw.get("x-as", self.workflow.get("x-as", "owner"))),
            parameters=self._parameters(target),
            body=self._body(),
            criteria=self._criteria(raw.get("successCriteria", ())),
            successes=self._actions("successActions", "onSuccess"),
            failures=self._actions("failureActions", "onFailure"),
            outputs=raw.get("outputs", {}),
            timeout=raw.get("timeout", 0) / 1000,
            within=self._bound(raw),
            correlation=raw.get("correlationId"),
            locations=target.locations,
        )
        insist_on_expressions(self.reading, _sent(step), self.inputs, self.before)
        insist_on_expressions(self.reading, _judged(step), self.inputs, [*self.before, step])
        return step

    def _insist_on_order(self, target: Target) -> None:
        for name in self.raw.get("dependsOn", ()):
            if all(step.id != name for step in self.before):
                raise self.reading.error(
                    f"dependsOn names {name}, which is no earlier step. Mend the name or the order"
                )
        if "correlationId" in self.raw and not target.locations:
            raise self.reading.error("no message there has a correlationId. Declare it in the AsyncAPI document")

    def _parameters(self, target: Target) -> tuple[Given, ...]:
        """Those of the workflow, each in the place of which the step may put its own."""
        declared = [*self.workflow.get("parameters", ()), *self.raw.get("parameters", ())]
        found: dict[tuple[str, str], Given] = {}
        for raw in map(self.reading.reused, declared if target.kind != "receive" else ()):
            place = raw.get("in", "")
            if (not place) != (target.kind == "workflow"):
                told = f"the parameter {raw['name']} is of a wrong kind: `in` says where operations have it"
                raise self.reading.error(f"{told}, and inputs of workflows have none. Mend it")
            found[raw["name"], place] = Given(name=raw["name"], place=place, value=raw["value"])
        needed = self.reading.contract.operation(target.id).path_parameters if target.kind == "call" else ()
        for name in needed:
            if (name, "path") not in found:
                raise self.reading.error(f"{target.id} needs the path parameter {name}. Add it to the parameters")
        return tuple(found.values())

    def _body(self) -> Body | None:
        raw = self.raw.get("requestBody")
        if raw is None:
            return None
        for each in raw.get("replacements", ()):
            if not each["target"].startswith("/"):
                raise self.reading.error(f"the replacement's target {each['target']} must be a JSON Pointer. Write one")
        payload, replacements = raw.get("payload"), tuple(raw.get("replacements", ()))
        return Body(media_type=raw.get("contentType", ""), payload=payload, replacements=replacements)

    def _criteria(self, declared: Iterable[Mapping[str, Any]]) -> tuple[Criterion, ...]:
        try:
            return tuple(map(Criterion.of, declared))
        except ContractError as error:
            raise self.reading.error(f"{error}. Mend it") from None

    def _actions(self, shared: str, own: str) -> tuple[Action, ...]:
        """The step's own actions, then the workflow's that it does not override by their name."""
        declared = [*self.raw.get(own, ()), *self.workflow.get(shared, ())]
        found: dict[str, Action] = {}
        for raw in map(self.reading.reused, declared):
            found.setdefault(raw["name"], self._action(raw))
        return tuple(found.values())

    def _action(self, raw: Mapping[str, Any]) -> Action:
        if "workflowId" in raw or (raw["type"] == "retry" and "stepId" in raw):
            told = f"the action {raw['name']} takes another workflow, or a step between retries"
            raise self.reading.error(f"{told}. This suite goes to steps of the same workflow only: write it so")
        return Action(
            name=raw["name"],
            kind=raw["type"],
            step=raw.get("stepId", ""),
            criteria=self._criteria(raw.get("criteria", ())),
            after=float(raw.get("retryAfter", 0)),
            limit=raw.get("retryLimit", 1),
            within=self._bound(raw),
        )

    def _bound(self, raw: Mapping[str, Any]) -> str:
        name: str = raw.get("x-within", "")
        if name and name not in self.reading.contract.document.get("x-bounds", {}):
            raise self.reading.error(
                f"x-within names the bound {name}, which the contract lacks. Declare it in x-bounds"
            )
        return name


def _caller(declared: Any) -> Caller:
    if isinstance(declared, str):
        return Caller(part=declared)
    scopes = declared.get("scopes")
    return Caller(part=declared["part"], scopes=None if scopes is None else frozenset(scopes))


def _sent(step: Step) -> list[Any]:
    """What is evaluated before the step is taken."""
    body = [step.body.payload, *step.body.replacements] if step.body else []
    return [step.correlation, *body, *(given.value for given in step.parameters)]


def _judged(step: Step) -> list[Any]:
    """What is evaluated once the step was taken."""
    actions = (*step.successes, *step.failures)
    criteria = [*step.criteria, *(criterion for action in actions for criterion in action.criteria)]
    return [step.outputs, *(term for criterion in criteria for term in criterion.terms)]


def insist_on_expressions(reading: Reading, given: Any, inputs: frozenset[str], before: Sequence[Step]) -> None:
    """Expressions are of the grammar, and the inputs and outputs that they name are there by then."""
    outputs = {step.id: frozenset(step.outputs) for step in before}
    for expression in expressions(given):
        try:
            insist_on_grammar(expression)
        except ContractError as error:
            raise reading.error(f"{error}. Mend it") from None
        named, taken = INPUT.match(expression), OUTPUT.match(expression)
        if named and not _known(named[1], inputs):
            raise reading.error(f"{expression} names an input that the workflow does not have. Declare it")
        if taken and not _known(taken[2], outputs.get(taken[1], frozenset())):
            raise reading.error(f"{expression} names an output that no step has given by then. Mend it")


def _known(name: str, names: frozenset[str]) -> bool:
    """One of the names, which may be followed by what is taken out of its value."""
    return any(name == known or name.startswith((f"{known}.", f"{known}[")) for known in names)
