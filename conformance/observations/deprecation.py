"""What an operation says of its end: Deprecation (RFC 9745), Sunset (RFC 8594)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply

STRUCTURED = re.compile(r"@(-?[0-9]{1,15})")  # a Date of RFC 9651, section 3.3.7
FIXED = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT")


@dataclass(frozen=True, kw_only=True)
class Deprecation:
    """The end of one operation, as its answers and the contract tell it."""

    operation: Operation

    def is_told(self, reply: Reply) -> bool:
        """Where the contract declares Deprecation for an answer, it is a date, and the declared one if there is one."""
        declared = self._declared(reply, "deprecation")
        if declared is None:
            return True
        constant = declared.get("schema", {}).get("const", reply.header("Deprecation"))
        return STRUCTURED.fullmatch(reply.header("Deprecation")) is not None and reply.header("Deprecation") == constant

    def deprecation(self, reply: Reply) -> datetime:
        """When it was deprecated; long ago, if the answer does not tell."""
        found = STRUCTURED.fullmatch(reply.header("Deprecation"))
        return datetime.fromtimestamp(int(found[1]), UTC) if found else datetime.min.replace(tzinfo=UTC)

    def sunset(self, reply: Reply) -> datetime:
        """When it ends. Raises AssertionError if the answer holds no HTTP date (RFC 9110, section 5.6.7)."""
        value = reply.header("Sunset")
        assert FIXED.fullmatch(value), f"Sunset is {value or 'missing'}, which is no HTTP date"
        return parsedate_to_datetime(value)

    @property
    def declared_sunset(self) -> datetime | None:
        """When it ends, if the contract says so with a constant."""
        headers = (answer.headers.get("sunset", {}) for answer in self.operation.answers)
        found = next((str(header["schema"]["const"]) for header in headers if "const" in header.get("schema", {})), "")
        return parsedate_to_datetime(found) if FIXED.fullmatch(found) else None

    def _declared(self, reply: Reply, header: str) -> Any:
        answer = self.operation.answer(reply.status) if reply.request.method == self.operation.method else None
        return answer.headers.get(header) if answer else None
