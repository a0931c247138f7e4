"""Which web sites may read answers: the Fetch standard's permission, and the question that comes before a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response
from werkzeug.exceptions import MethodNotAllowed

if TYPE_CHECKING:
    from flask import Request

    from reference_impl.contract import Contract

READ_BY_ALL = {"cache-control", "content-type", "set-cookie"}  # or by none (Fetch, sections 2.2.2 and 2.2.6)
LASTS = 600  # seconds that a browser may remember a permission


class CrossOrigin:
    """Permits the origins that the contract lists; pages that a person sees are read by no script."""

    def __init__(self, contract: Contract) -> None:
        self.origins = frozenset(contract.document["x-cors"]["origins"])
        self.pages = contract.authorization_path
        self.exposed = ", ".join(sorted(declared_fields(contract.document)))

    def apply(self, request: Request, response: Response) -> None:
        """Says whether a script may read the answer."""
        if request.path in self.hidden():
            return
        response.vary.add("Origin")
        origin = request.headers.get("Origin", "")
        if self.permits(origin):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = self.exposed

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


def declared_fields(value: Any) -> set[str]:
    """The header fields that some answer in the document has, and that scripts see only if they are named."""
    if isinstance(value, list):
        return set().union(*map(declared_fields, value))
    if not isinstance(value, dict):
        return set()
    own = value.get("headers", {}) if "description" in value else {}
    found = {name for name in own if name.lower() not in READ_BY_ALL}
    return found.union(*map(declared_fields, value.values()))
