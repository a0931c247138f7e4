"""Where HTTP comes in: routes from the contract, one answer for every error, header fields on everything."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.routing import Rule

from reference_impl.domain.refusals import RefusalError, malformed, not_found
from reference_impl.gateway.bodies import LIMIT, too_large
from reference_impl.gateway.call import Call
from reference_impl.gateway.validation import BrokenContractError, ResponseValidation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reference_impl.contract import Contract, Operation
    from reference_impl.gateway.gateway import Gateway, View
    from reference_impl.gateway.headers import RequestIds, SecurityHeaders
    from reference_impl.gateway.problems import Problems

LOG = logging.getLogger("reference_impl")


class ContractRule(Rule):
    """A route for exactly the methods that are declared: HEAD is not derived from GET."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.methods:
            self.methods.discard("HEAD")


class Routes:
    """Which paths and methods are served."""

    def path(self, operation: Operation) -> str:
        """The path as Flask writes it."""
        return operation.path.replace("{", "<").replace("}", ">")

    def methods(self, operation: Operation) -> list[str]:
        return [operation.method.upper()]

    def allow(self, methods: Iterable[str]) -> str:
        """The Allow field of 405."""
        return ", ".join(sorted(methods))


@dataclass(frozen=True, kw_only=True)
class Door:
    """Leads requests to the gateway, and answers out."""

    contract: Contract
    gateway: Gateway
    routes: Routes
    problems: Problems
    request_ids: RequestIds
    security_headers: SecurityHeaders
    responses: ResponseValidation | None

    def open(self, app: Flask, views: Mapping[str, View]) -> None:
        """Binds the views to the operations of the contract."""
        app.config["MAX_CONTENT_LENGTH"] = LIMIT
        app.url_rule_class = ContractRule
        app.url_map.merge_slashes = False
        for operation in self.contract.operations.values():
            app.add_url_rule(
                self.routes.path(operation),
                operation.id,
                self.endpoint(operation, views[operation.id]),
                methods=self.routes.methods(operation),
                provide_automatic_options=False,
            )
        app.before_request(self.name)
        app.after_request(self.finish)
        app.register_error_handler(RefusalError, self.refuse)
        app.register_error_handler(HTTPException, self.translate)
        app.register_error_handler(Exception, self.fail)

    def endpoint(self, operation: Operation, view: View) -> Any:
        def handle(**path: str) -> Response:
            g.operation = operation
            return self.gateway.handle(Call(operation=operation, request=request, path=path), view)

        return handle

    def name(self) -> None:
        g.request_id = self.request_ids.new(request)

    def finish(self, response: Response) -> Response:
        operation = g.get("operation")
        response.headers.update(g.get("quota_headers", {}))
        response.headers["X-Request-Id"] = g.request_id
        self.security_headers.apply(response, operation)
        if self.responses and operation and response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            try:
                self.responses.check(operation, response)
            except BrokenContractError as error:
                return self.finish(self.fail(error))
        return response

    def refuse(self, refusal: RefusalError) -> Response:
        return self.problems.render(refusal, g.request_id)

    def translate(self, error: HTTPException) -> Response:
        """What Flask itself refuses."""
        match error:
            case MethodNotAllowed():
                return self.refuse(self.method_not_allowed(error.valid_methods or ()))
            case NotFound():
                return self.refuse(not_found())
            case RequestEntityTooLarge():
                return self.refuse(too_large())
        return self.refuse(malformed("The request cannot be understood."))

    def method_not_allowed(self, allowed: Any) -> RefusalError:
        headers = {"Allow": self.routes.allow(allowed)}
        return RefusalError("method-not-allowed", "The path is served for other methods.", headers=headers)

    def fail(self, error: Exception) -> Response:
        """Our own fault: the log has the cause, the answer only its id."""
        LOG.error("%s failed", g.request_id, exc_info=error)
        return self.refuse(RefusalError("internal", "The logs know more under the request id."))
