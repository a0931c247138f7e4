"""Conditional requests (RFC 9110, section 13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialects.server.messages import RefusedError

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.server.messages import Request, Response


@dataclass(frozen=True, kw_only=True)
class Preconditions:
    """What If-Match and If-None-Match ask for, in dialects that have entity tags."""

    dialect: Dialect

    def check(self, request: Request, tag: str) -> None:
        """Raises RefusedError where a change is asked for in another state than the current one."""
        if self.dialect.tags in {"none", "weak"}:
            return
        given = request.header("If-Match")
        if not given and self.dialect.tags == "demanded":
            raise RefusedError(428, "If-Match is missing")
        if given and not self.fits(given, tag):
            raise RefusedError(412, "it has changed")

    def fits(self, given: str, tag: str) -> bool:
        return given.strip() == "*" or tag in [each.strip() for each in given.split(",")]

    def unchanged(self, request: Request, whole: Response) -> bool:
        """The caller has this very state already."""
        given = request.header("If-None-Match") if self.dialect.tags != "none" else ""
        weak = [each.strip().removeprefix("W/") for each in given.split(",")]
        return bool(given) and (given.strip() == "*" or whole.headers["ETag"].removeprefix("W/") in weak)
