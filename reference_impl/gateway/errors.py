"""What the framework and our own mistakes are told as."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from reference_impl.domain.refusals import RefusalError, malformed, not_found

if TYPE_CHECKING:
    from collections.abc import Iterable

LOG = logging.getLogger("reference_impl")


class Errors:
    """Turns every exception into a refusal."""

    def refusal(self, error: Exception, request_id: str) -> RefusalError:
        match error:
            case RefusalError():
                return error
            case MethodNotAllowed():
                return self.method_not_allowed(error.valid_methods or ())
            case NotFound():
                return self.unknown_path()
            case HTTPException():
                return malformed("The request cannot be understood.")
        LOG.error("%s failed", request_id, exc_info=error)
        return self.internal(error)

    def method_not_allowed(self, supported: Iterable[str]) -> RefusalError:
        headers = {"Allow": ", ".join(self.allowed(supported))}
        return RefusalError("method-not-allowed", "The path is served for other methods.", headers=headers)

    def allowed(self, supported: Iterable[str]) -> list[str]:
        return sorted(supported)

    def unknown_path(self) -> RefusalError:
        return not_found()

    def internal(self, _error: Exception) -> RefusalError:
        """The log has the cause; the answer only the request id to find it by."""
        return RefusalError("internal", "The logs know more under the request id.")
