"""How often and when links were followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_impl.domain.entities import Link
from reference_impl.views.binding import operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from reference_impl.domain.entities import Click
    from reference_impl.gateway.call import Call
    from reference_impl.storage.clicks import Clicks
    from reference_impl.views.representations import ClickRepresentation
    from reference_impl.views.tools import Tools


class AnalyticsViews:
    """What the owner of a link reads of its visits."""

    def __init__(self, clicks: Clicks, shown: ClickRepresentation, tools: Tools) -> None:
        self.clicks = clicks
        self.shown = shown
        self.tools = tools

    @operation("getLinkStats")
    def statistics(self, call: Call) -> Response:
        link = call.subject_of(Link)
        return self.tools.answers.json(self.shown.statistics(link, self.clicks.statistics(link.id)))

    @operation("listLinkClicks")
    def list(self, call: Call) -> Response:
        link = call.subject_of(Link)

        def fetch(_owner: str, before: int | None, size: int) -> Sequence[Click]:
            return self.clicks.page(link.id, before, size)

        items, following = self.tools.pages.page(call, fetch)
        return self.tools.unless_known(call, self.tools.answers.page(call, self.shown.page(items), following))

    @operation("listLinkVisits")
    def list_by_former_name(self, call: Call) -> Response:
        return self.list(call)
