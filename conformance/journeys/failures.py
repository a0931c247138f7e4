"""The failure of a step of a journey, in the words of the Arazzo document."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from conformance.contract.arazzo.conditions import Criterion
    from conformance.contract.arazzo.workflow import Step


class PlainText(str):
    """A string that reports show without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class StepFailedError(Exception):
    """A step failed: what was expected, and what was observed."""

    def __init__(self, step: Step, *, expected: str, observed: str) -> None:
        super().__init__(expected)
        self.expected = PlainText(f"step {step.id}: {expected}")
        self.observed = PlainText(f"step {step.id}: {observed}")


def unmet(criteria: Iterable[Criterion], scope: Mapping[str, Any]) -> Criterion | None:
    """The first criterion that does not hold."""
    return next((criterion for criterion in criteria if not criterion.holds(scope)), None)
