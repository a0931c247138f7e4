"""The Deprecation (RFC 9745) and Sunset (RFC 8594) fields of an operation's replies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply

STRUCTURED_DATE = re.compile(r"@(-?[0-9]{1,15})")  # a Date of RFC 9651, section 3.3.7
HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT")


@dataclass(frozen=True, kw_only=True)
class Deprecation:
    """Deprecation and sunset of one operation, by its replies and by the contract."""

    operation: Operation

    def agrees_with_contract(self, reply: Reply) -> bool:
        """The Deprecation field is a date, and the declared one if there is one; True where none is declared."""
        declared = self._declared(reply, "deprecation")
        if declared is None:
            return True
        constant = declared.get("schema", {}).get("const", reply.header("Deprecation"))
        return (
            STRUCTURED_DATE.fullmatch(reply.header("Deprecation")) is not None
            and reply.header("Deprecation") == constant
        )

    def deprecation(self, reply: Reply) -> datetime:
        """The time of the deprecation; the year 1 if the reply has none."""
        found = STRUCTURED_DATE.fullmatch(reply.header("Deprecation"))
        return datetime.fromtimestamp(int(found[1]), UTC) if found else datetime.min.replace(tzinfo=UTC)

    def sunset(self, reply: Reply) -> datetime:
        """The time of the sunset. Raises AssertionError if the reply holds no HTTP date (RFC 9110, section 5.6.7)."""
        value = reply.header("Sunset")
        assert HTTP_DATE.fullmatch(value), f"Sunset is {value or 'missing'}, which is no HTTP date"
        return parsedate_to_datetime(value)

    @property
    def declared_sunset(self) -> datetime | None:
        """The time of the sunset, if the contract declares it by a constant."""
        headers = (answer.headers.get("sunset", {}) for answer in self.operation.answers)
        found = next((str(header["schema"]["const"]) for header in headers if "const" in header.get("schema", {})), "")
        return parsedate_to_datetime(found) if HTTP_DATE.fullmatch(found) else None

    def _declared(self, reply: Reply, header: str) -> Any:
        answer = self.operation.answer(reply.status) if reply.request.method == self.operation.method else None
        return answer.headers.get(header) if answer else None
