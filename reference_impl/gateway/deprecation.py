"""Operations that will go say so: Deprecation (RFC 9745), Sunset (RFC 8594), and a link to the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Response

    from reference_impl.contract import Operation


class DeprecationHeaders:
    """Tells with every answer of a deprecated operation what the contract declares of its end."""

    def __init__(self, public_url: str) -> None:
        self.public_url = public_url

    def apply(self, response: Response, operation: Operation | None) -> None:
        if operation is None or not self.concerns(response, operation):
            return
        response.headers["Deprecation"] = self.deprecation(operation)
        response.headers["Sunset"] = self.sunset(operation)
        response.headers.add("Link", f'<{self.policy(operation)}>; rel="deprecation sunset"; type="text/plain"')

    def concerns(self, _response: Response, operation: Operation) -> bool:
        return operation.deprecated

    def deprecation(self, operation: Operation) -> str:
        return operation.constant("Deprecation")

    def sunset(self, operation: Operation) -> str:
        return operation.constant("Sunset")

    def policy(self, operation: Operation) -> str:
        return self.public_url + str(operation.description["externalDocs"]["url"])
