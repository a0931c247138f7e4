"""What the framework refuses, and our own mistakes, told as refusals."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from reference_impl.domain.refusals import RefusalError, malformed, not_found

if TYPE_CHECKING:
    from reference_impl.door import Routes

LOG = logging.getLogger("reference_impl")


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
