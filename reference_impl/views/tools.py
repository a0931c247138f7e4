"""What every group of views works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reference_impl.domain.refusals import RefusalError, not_found

if TYPE_CHECKING:
    from flask import Response

    from reference_impl.domain.patches import MergePatch
    from reference_impl.events.outbox import Outbox
    from reference_impl.gateway.call import Call
    from reference_impl.gateway.preconditions import Preconditions
    from reference_impl.views.pages import Pages
    from reference_impl.views.representations import Answers


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Parts that the views share."""

    outbox: Outbox
    answers: Answers
    pages: Pages
    preconditions: Preconditions
    patch: MergePatch

    def unless_known(self, call: Call, response: Response) -> Response:
        """The answer, or 304 where the client has its content already."""
        known = self.preconditions.unchanged(call.request, response.headers["ETag"])
        return self.answers.unchanged(response) if known else response

    def too_late(self, call: Call) -> RefusalError:
        """Somebody was faster: has changed the object, or deleted it."""
        return not_found() if call.expected is None else self.preconditions.failed()
