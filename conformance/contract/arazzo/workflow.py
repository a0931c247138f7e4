"""A workflow of an Arazzo document as typed values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.arazzo.conditions import Criterion


@dataclass(frozen=True, kw_only=True)
class Given:
    """A parameter of a step; `place` is path, query, querystring, header or cookie, or empty for a workflow's input."""

    name: str
    place: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class Body:
    """The request body of a step: its payload, and what is put into it before it is sent."""

    media_type: str
    payload: Any
    replacements: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Action:
    """What follows upon a step: `end`, `goto` another step, or `retry`; times in seconds."""

    name: str
    kind: str
    step: str = ""
    criteria: tuple[Criterion, ...] = ()
    after: float = 0.0
    limit: int = 1
    within: str = ""  # name of a bound of the contract, in the place of the limit


@dataclass(frozen=True, kw_only=True)
class Caller:
    """`x-as`: who takes a step, and with which scopes; None for all that they have."""

    part: str
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: `kind` is `call` (of an operation), `receive` (an event) or `workflow`; `target` is which one."""

    id: str
    kind: str
    target: str
    summary: str
    caller: Caller
    parameters: tuple[Given, ...]
    body: Body | None
    criteria: tuple[Criterion, ...]
    successes: tuple[Action, ...]
    failures: tuple[Action, ...]
    outputs: Mapping[str, Any]
    timeout: float  # seconds; 0 where none is given
    within: str  # name of a bound of the contract, in the place of the timeout
    correlation: Any = None
    locations: tuple[str, ...] = ()  # where the messages of the channel have their correlation id

    @property
    def words(self) -> str:
        """The step in a line: who does what."""
        verb = {"call": "calls", "receive": "is told at", "workflow": "takes the workflow"}[self.kind]
        who = self.caller.part if self.kind == "call" else "the suite"
        return f"{self.id}: {who} {verb} {self.target}{'. ' if self.summary else ''}{self.summary}"


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """A workflow; one with a clause is a journey of its own, the others are taken by steps of it."""

    id: str
    clause: str
    summary: str
    inputs: Mapping[str, Mapping[str, Any]]  # name → schema
    steps: tuple[Step, ...]
    outputs: Mapping[str, Any]
    depends: tuple[str, ...] = ()
    arranges: bool = False  # it only makes what another one needs

    def step(self, identifier: str) -> int:
        """Where the step stands."""
        return next(number for number, step in enumerate(self.steps) if step.id == identifier)


@dataclass(frozen=True, kw_only=True)
class Journeys:
    """All workflows of an Arazzo document."""

    workflows: tuple[Workflow, ...] = ()
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    base: str = ""  # `$self`

    def __iter__(self) -> Iterator[Workflow]:
        """Those that are told as journeys of their own."""
        return (workflow for workflow in self.workflows if workflow.clause)

    def __getitem__(self, identifier: str) -> Workflow:
        return next(workflow for workflow in self.workflows if workflow.id == identifier)

    def parts(self, workflow: Workflow) -> frozenset[str]:
        """Who takes steps of a workflow, and of those that it is made of."""
        own = frozenset(step.caller.part for step in workflow.steps if step.kind == "call")
        inner = [step.target for step in workflow.steps if step.kind == "workflow"]
        return own.union(*(self.parts(self[name]) for name in (*inner, *workflow.depends)))
