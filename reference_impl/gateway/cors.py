"""Which web sites may read answers: the Fetch standard's permission, and the question that comes before a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response
from werkzeug.exceptions import MethodNotAllowed

if TYPE_CHECKING:
    from flask import Request

    from reference_impl.contract import Contract

EXPOSED = "Deprecation, ETag, Link, Location, Retry-After, Sunset, X-Request-Id"
LASTS = 600  # seconds that a browser may remember a permission


class CrossOrigin:
    """Permits the origins that the contract lists; pages that a person sees are read by no script."""

    def __init__(self, contract: Contract) -> None:
        self.origins = frozenset(contract.document["x-cors"]["origins"])
        self.pages = contract.authorization_path

    def apply(self, request: Request, response: Response) -> None:
        """Says whether a script may read the answer."""
        if request.path in self.hidden():
            return
        response.vary.add("Origin")
        origin = request.headers.get("Origin", "")
        if self.permits(origin):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = EXPOSED

    def preflight(self, request: Request) -> Response | None:
        """The answer to a browser that asks beforehand; None for any other request."""
        refused = request.routing_exception
        asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        if not asks or not isinstance(refused, MethodNotAllowed) or not self.permits(request.headers.get("Origin", "")):
            return None
        response = Response(status=204)
        del response.headers["Content-Type"]
        response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(refused.valid_methods or ()))
        response.headers["Access-Control-Allow-Headers"] = (
            "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
        )
        response.headers["Access-Control-Max-Age"] = str(LASTS)
        return response

    def permits(self, origin: str) -> bool:
        return origin in self.origins

    def hidden(self) -> frozenset[str]:
        """Paths that no script reads (RFC 9700 section 2.6)."""
        return frozenset({self.pages})
