"""Examples of bodies, where a dialect has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialects.members import plain_body

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Json
    from dialects.operations import Operation


def body_example(dialect: Dialect, operation: Operation) -> Json | None:
    """A body that is valid as it stands; None where the dialect or the operation has none."""
    if not dialect.example or operation.name not in {"createThing", "updateThing"}:
        return None
    return plain_body(dialect, "A lamp")
