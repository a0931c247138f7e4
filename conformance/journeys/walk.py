"""Walking a journey: executing the steps of an Arazzo workflow, each as its actor."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.contract.arazzo.runtime_expressions import evaluated
from conformance.errors import BlockedError
from conformance.http.polling import ALLOWANCE, MAX_PAUSE, retry_after
from conformance.journeys.failures import PlainText, StepFailedError, unmet
from conformance.journeys.step_requests import request_of
from conformance.requests.identifiers import context_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.arazzo.workflow import Action, Step, Workflow
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request
    from conformance.journeys.actors import JourneyActors
    from conformance.journeys.inputs import WorkflowInputs
    from conformance.journeys.receive_steps import ReceivedEvents
    from conformance.sut.bounds import Bounds

STEP_LABEL = "step "  # before the step id, the label of each request of a step
MOST_STEPS = 500  # of one workflow, against endless loops
LONGEST_PAUSE = 60.0  # seconds of one Retry-After that are waited
STEP_MEMBERS = ("url", "method", "statusCode", "request", "response", "message", "outputs")  # of the current step
COMPLETE = PlainText("each step with success")


@dataclass(frozen=True, kw_only=True)
class WalkResult:
    """The expectation and the observation of the step that failed; equal if none did."""

    expected: PlainText = COMPLETE
    observed: PlainText = COMPLETE


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One walk of a journey; `finished`: inputs and outputs of the workflows that have ended, by id."""

    contract: Contract
    bounds: Bounds
    receiver_url: str
    actors: JourneyActors
    inputs: WorkflowInputs
    events: ReceivedEvents
    finished: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, journey: Workflow) -> WalkResult:
        """Executes the journey. Raises BlockedError or UntestableError where it cannot be judged."""
        try:
            self._run_workflow(journey, {})
        except StepFailedError as failure:
            return WalkResult(expected=failure.expected, observed=failure.observed)
        return WalkResult()

    def _run_workflow(self, workflow: Workflow, given: Mapping[str, Any]) -> dict[str, Any]:
        """Executes a workflow with these inputs; its outputs. Raises StepFailedError at the step that fails."""
        for name in workflow.depends:
            if name not in self.finished:
                self._run_nested(name, {})
        journeys = self.contract.journeys
        inputs = self.inputs.values(workflow, given)
        scope: dict[str, Any] = {"self": journeys.base, "sourceDescriptions": journeys.sources}
        scope |= {"inputs": inputs, "steps": {}, "workflows": self.finished}
        position, count = 0, 0
        while position < len(workflow.steps):
            step, count = workflow.steps[position], count + 1
            if count > MOST_STEPS:
                raise StepFailedError(step, expected="an end", observed=f"{MOST_STEPS} steps, without an end")
            action = self._run_step(step, scope)
            if action is not None and action.kind == "end":
                break
            position = workflow.step(action.step) if action else position + 1
        outputs: dict[str, Any] = evaluated(workflow.outputs, scope)
        self.finished[workflow.id] = {"inputs": inputs, "outputs": outputs}
        return outputs

    def _run_nested(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Executes a workflow for another one. Raises BlockedError if it fails and only arranges (x-arranges)."""
        workflow = self.contract.journeys[name]
        try:
            return self._run_workflow(workflow, given)
        except StepFailedError as failure:
            if not workflow.arranges:
                raise
            seen = f"expected {failure.expected}, observed {failure.observed}"
            raise BlockedError(f"the workflow {name}, which arranges, failed: {seen}") from None

    def _run_step(self, step: Step, scope: dict[str, Any]) -> Action | None:
        """Executes a step with its retries; the action that follows, if any. Raises StepFailedError."""
        tries, begun = Counter[str](), time.monotonic()
        while True:
            try:
                self._attempt(step, scope)
            except StepFailedError:
                action = self._failure_action(step.failures, scope, tries, time.monotonic() - begun)
                if action is None or action.kind == "end":
                    raise
                if action.kind == "goto":
                    return action
                tries[action.name] += 1
                threading.Event().wait(_pause(action, scope))
            else:
                return next((action for action in step.successes if not unmet(action.criteria, scope)), None)

    def _failure_action(
        self, actions: Sequence[Action], scope: Mapping[str, Any], tries: Counter[str], elapsed: float
    ) -> Action | None:
        """The first failure action whose criteria hold and that, if it is a retry, is not exhausted."""
        fitting = (action for action in actions if not unmet(action.criteria, scope))
        return next((each for each in fitting if each.kind != "retry" or self._may_retry(each, tries, elapsed)), None)

    def _may_retry(self, action: Action, tries: Counter[str], elapsed: float) -> bool:
        if action.within:
            return elapsed < self._bound(action.within) + ALLOWANCE
        return tries[action.name] < action.limit

    def _bound(self, name: str) -> float:
        """The bound of this name in seconds: that of the configuration, else that of the contract (x-bounds)."""
        promised = self.contract.document["x-bounds"][name]
        return float(getattr(self.bounds, name.replace("-", "_"), promised))

    def _attempt(self, step: Step, scope: dict[str, Any]) -> None:
        """Executes a step once and keeps its outputs. Raises StepFailedError if it fails."""
        for name in STEP_MEMBERS:
            scope.pop(name, None)
        if step.kind == "call":
            self._call(step, scope)
        elif step.kind == "workflow":
            given = {each.name: evaluated(each.value, scope) for each in step.parameters}
            try:
                scope["outputs"] = self._run_nested(step.target, given)
            except StepFailedError as failure:
                raise StepFailedError(step, expected=failure.expected, observed=failure.observed) from None
            self._check_criteria(step, scope, "")
        else:
            within = self._bound(step.within) if step.within else step.timeout or self.bounds.event
            scope["message"] = self.events.wait_for(step, scope, within)
        scope["steps"][step.id] = {"outputs": evaluated(step.outputs, scope)}

    def _call(self, step: Step, scope: dict[str, Any]) -> None:
        operation = self.contract.operation(step.target)
        request = request_of(step, operation, scope)
        reply = self.actors.account(step.caller).send(request, f"{STEP_LABEL}{step.id}")
        scope |= context_of(reply)
        self.events.learn_secret(operation, reply)
        seen = f"{request.method} {request.path} answered {reply!r}"
        if step.timeout and reply.seconds > step.timeout:
            raise StepFailedError(
                step, expected=f"an answer within {step.timeout:g} s", observed=f"{seen}, after {reply.seconds:.1f} s"
            )
        try:
            self._check_success(step, operation, reply, scope, seen)
        except StepFailedError:
            self._require_reachable_receiver(operation, request, reply)
            raise

    def _check_success(
        self, step: Step, operation: Operation, reply: Reply, scope: Mapping[str, Any], seen: str
    ) -> None:
        """Judges by the success criteria of the step; without any, by the declared success of the operation."""
        if not step.criteria and not operation.succeeded(reply.status):
            success = " or ".join(map(str, operation.success)) or "2xx"
            raise StepFailedError(step, expected=success, observed=seen)
        self._check_criteria(step, scope, seen)

    def _check_criteria(self, step: Step, scope: Mapping[str, Any], seen: str) -> None:
        criterion = unmet(step.criteria, scope)
        if criterion is not None:
            observed = f"{criterion.seen(scope)}; {seen}" if seen else criterion.seen(scope)
            raise StepFailedError(step, expected=criterion.words, observed=observed)

    def _require_reachable_receiver(self, operation: Operation, request: Request, reply: Reply) -> None:
        """Raises BlockedError if the reply refuses the suite's receiver, which is a matter of configuration."""
        subscription, url = self.contract.subscription, self.receiver_url
        registering = subscription is not None and operation.id == subscription.operation
        if registering and 400 <= reply.status < 500 and url.encode() in (request.body or b""):
            raise BlockedError(
                f"the suite's receiver could not be registered: {operation.id} answered {reply.status} for {url}. "
                "Let the target call exactly this host and port, or set [receiver] url.",
                blame="configuration",
            )


def _pause(action: Action, scope: Mapping[str, Any]) -> float:
    """Seconds before a retry; Retry-After of the answer wins (Arazzo 1.1, Failure Action Object)."""
    asked = retry_after(str(scope.get("response", {}).get("header", {}).get("retry-after", "")))
    if asked is not None:
        return min(asked, LONGEST_PAUSE)
    return action.after or (MAX_PAUSE if action.within else 0.0)
