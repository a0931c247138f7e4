"""Header fields of every answer: the request id, and what keeps browsers and caches careful."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Request, Response

    from reference_impl.contract import Operation
    from reference_impl.domain.ids import Ids


class RequestIds:
    """Names each exchange; an id that the client sends is not looked at."""

    prefix = "req"

    def __init__(self, ids: Ids) -> None:
        self.ids = ids

    def new(self, _request: Request | None) -> str:
        return self.ids.new(self.prefix)


class SecurityHeaders:
    """Sets what is not set yet."""

    def __init__(self, public_url: str) -> None:
        self.secure = public_url.startswith("https:")  # browsers come over TLS

    def apply(self, response: Response, operation: Operation | None) -> None:
        response.headers["X-Content-Type-Options"] = "nosniff"
        if self.secure:
            response.headers["Strict-Transport-Security"] = f"max-age={self.tls_only()}"
        if self.private(operation) or response.status_code >= HTTPStatus.BAD_REQUEST:
            response.headers.setdefault("Cache-Control", self.caching())

    def private(self, operation: Operation | None) -> bool:
        """Whether answers are for one principal only."""
        return operation is not None and bool(operation.requirements)

    def tls_only(self) -> int:
        """For how many seconds browsers shall come over TLS alone: a year."""
        return 365 * 24 * 3600

    def caching(self) -> str:
        return "no-store"
