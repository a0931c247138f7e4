"""In which line of the contract an operation begins, for tools that show findings beside its text."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.contract.document import ContractError
from conformance.contract.reading.fetching import fetched
from conformance.contract.reading.problems import line_of

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.contract.reading.location import Location, Text

START = 1  # the line of what concerns no operation
LARGE = 2_000_000  # characters of a document in which lines are not looked up: each takes its time


@dataclass(frozen=True, kw_only=True)
class SourceLines:
    """The lines of the operations of a contract in the document at a place, each looked up once."""

    contract: Contract
    location: Location
    _known: dict[str, int] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """The document as a URI reference: a URL as it is, a file relative to the working directory if it is below."""
        if isinstance(self.location, str):
            return self.location
        path = self.location.resolve()
        below = path.is_relative_to(Path.cwd())
        return Path(os.path.relpath(path)).as_posix() if below else path.as_uri()

    def line(self, operation: str) -> int:
        """The line in which the operation with this id begins, or what it stands in; 1 if that is not known."""
        if operation not in self._known:
            self._known[operation] = self._line(operation)
        return self._known[operation]

    @cached_property
    def _text(self) -> Text | None:
        """The document; None if it cannot be read any more, or is large."""
        try:
            text = fetched(self.location)
        except ContractError:
            return None
        return text if len(text.content) <= LARGE else None

    def _line(self, operation: str) -> int:
        found = next((each for each in self.contract.operations if each.id == operation), None)
        if found is None or self._text is None:
            return START
        # The paths of a contract may have been put below that of its server.
        written = (found.path, found.path.removeprefix(self.contract.within))
        return max(line_of(self._text, ("paths", path, found.method.lower())) for path in written)
