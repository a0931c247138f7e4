"""Where HTTP comes in: routes from the contract, one answer for every error, header fields on everything."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Rule

from reference_impl.domain.refusals import RefusalError, malformed, not_found
from reference_impl.gateway.bodies import LIMIT
from reference_impl.gateway.call import Call
from reference_impl.gateway.validation import BrokenContractError, ResponseValidation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reference_impl.contract import Contract, Operation
    from reference_impl.gateway.cors import CrossOrigin
    from reference_impl.gateway.deprecation import DeprecationHeaders
    from reference_impl.gateway.gateway import Gateway, View
    from reference_impl.gateway.headers import RequestIds, SecurityHeaders
    from reference_impl.gateway.problems import Problems

LOG = logging.getLogger("reference_impl")


class ContractRule(Rule):
    """A route for exactly the methods that are named: HEAD is not added in silence."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.methods = set(options["methods"])


class Routes:
    """Which paths and methods are served."""

    def path(self, operation: Operation) -> str:
        """The path as Flask writes it."""
        return operation.path.replace("{", "<").replace("}", ">")

    def methods(self, operation: Operation) -> list[str]:
        """The declared method; what is read by GET answers HEAD too."""
        return ["GET", "HEAD"] if operation.method == "get" else [operation.method.upper()]

    def allow(self, methods: Iterable[str]) -> str:
        """The Allow field of 405."""
        return ", ".join(sorted(methods))


class Errors:
    """Turns every exception into a refusal."""

    def __init__(self, routes: Routes) -> None:
        self.routes = routes

    def refusal(self, error: Exception, request_id: str) -> RefusalError:
        match error:
            case RefusalError():
                return error
            case MethodNotAllowed():
                return self.method_not_allowed(error)
            case NotFound():
                return self.unknown_path()
            case HTTPException():
                return malformed("The request cannot be understood.")
        LOG.error("%s failed", request_id, exc_info=error)
        return self.internal(error)

    def method_not_allowed(self, error: MethodNotAllowed) -> RefusalError:
        headers = {"Allow": self.routes.allow(error.valid_methods or ())}
        return RefusalError("method-not-allowed", "The path is served for other methods.", headers=headers)

    def unknown_path(self) -> RefusalError:
        return not_found()

    def internal(self, _error: Exception) -> RefusalError:
        """The log has the cause; the answer only the request id to find it by."""
        return RefusalError("internal", "The logs know more under the request id.")


@dataclass(frozen=True, kw_only=True)
class HttpEntry:
    """Leads requests to the gateway, and answers out."""

    contract: Contract
    gateway: Gateway
    routes: Routes
    errors: Errors
    problems: Problems
    request_ids: RequestIds
    security_headers: SecurityHeaders
    cross_origin: CrossOrigin
    deprecation_headers: DeprecationHeaders
    responses: ResponseValidation | None

    def open(self, app: Flask, views: Mapping[str, View]) -> None:
        """Binds the views to the operations of the contract."""
        # One byte more than is taken: a chunked body is cut off here in silence, so that only its length tells.
        app.config["MAX_CONTENT_LENGTH"] = LIMIT + 1
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
        app.before_request(lambda: self.cross_origin.preflight(request))
        app.after_request(self.finish)
        app.register_error_handler(Exception, self.refuse)

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
        self.cross_origin.apply(request, response)
        self.deprecation_headers.apply(response, operation)
        if self.responses and operation and response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            try:
                self.responses.check(operation, response)
            except BrokenContractError as error:
                return self.finish(self.refuse(error))
        return response

    def unreadable(self) -> Response:
        """The answer to what is no HTTP request, and therefore reaches no route."""
        request_id = self.request_ids.new(None)
        response = self.problems.render(malformed("This is no HTTP request."), request_id)
        response.headers["X-Request-Id"] = request_id
        self.security_headers.apply(response, None)
        return response

    def refuse(self, error: Exception) -> Response:
        return self.problems.render(self.errors.refusal(error, g.request_id), g.request_id)
