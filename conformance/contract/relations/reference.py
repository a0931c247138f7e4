"""A reference of an operation: an object out of the reply of another one, which its query or its body names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


EACH = "*"  # the step to each item of an array


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What the query or the body of an operation names: an object out of the reply of another one, as a link says.

    The steps to an inner member are names, and `*` for each item of an array.

    One that is `inferred` from names alone helps to make valid requests, and promises nothing of who may name what.
    """

    source: str  # operationId
    query: Mapping[str, Any]  # parameter → expression
    body: Mapping[str, Any]  # member → expression, or a list of them
    inferred: bool = False
    inner: Mapping[tuple[str, ...], str] = field(default_factory=dict)  # steps to a member of a member → expression
    listing: str = ""  # operationId of a list of such objects, where they are inferred; it may be the source

    @property
    def named(self) -> frozenset[str]:
        """The members that a runtime expression fills (OpenAPI 3.1, section 4.8.20.4), and not an example."""
        return frozenset(name for name, value in self.body.items() if _refers(value))

    @property
    def members(self) -> tuple[str, ...]:
        """The names of all parameters and members that it fills."""
        return (*self.query, *self.body, *(steps[-1] for steps in self.inner))

    @property
    def listed(self) -> bool:
        """A member takes several."""
        return any(isinstance(value, list) for value in self.body.values())


def _refers(value: Any) -> bool:
    return any(map(_refers, value)) if isinstance(value, list) else isinstance(value, str) and "$" in value
