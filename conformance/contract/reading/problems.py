"""What is wrong with a document: all of it, each with file and line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.contract.document import ContractError
from conformance.contract.reading import json_text, yaml_text

if TYPE_CHECKING:
    from conformance.contract.reading.grammar import Steps
    from conformance.contract.reading.location import Text


def line_of(text: Text, steps: Steps) -> int:
    """The line in which the part at these steps begins, or else the nearest one around it."""
    try:
        if text.begins_as_json:
            return json_text.line_of(text.content, steps)
    except ValueError:  # begins as JSON, and is YAML
        return yaml_text.line_of(text.content, steps)
    return yaml_text.line_of(text.content, steps)


def pointer(steps: Steps) -> str:
    """The steps as a JSON Pointer fragment (RFC 6901)."""
    escaped = (str(step).replace("~", "~0").replace("/", "~1").replace("%", "%25") for step in steps)
    return "#" + "".join(f"/{step}" for step in escaped)


@dataclass
class Problems:
    """Collects what is wrong; `insist` tells all of it at once."""

    _found: dict[tuple[str, int, str], None] = field(default_factory=dict)

    def add(self, text: Text, steps: Steps, sentence: str) -> None:
        self._found.setdefault((text.shown, line_of(text, steps), sentence))

    def insist(self) -> None:
        """Raises ContractError if anything is wrong."""
        told = [f"{shown}:{line}: {sentence}" for shown, line, sentence in sorted(self._found)]
        if told:
            raise ContractError("\n".join(told if len(told) == 1 else [f"{len(told)} errors", *told]))

    def __bool__(self) -> bool:
        return bool(self._found)
