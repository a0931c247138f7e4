"""Ways to get moments wrong."""

from __future__ import annotations

from reference_impl.domain.clock import Clock
from reference_impl.faults import fault
from reference_impl.views.links import LinkViews
from reference_impl.views.representations import LinkRepresentation


@fault("REST-TIMESTAMP-OFFSET")
class OffsetsAreCutOff(LinkViews):
    """Keeps the clock time of a moment, and takes it for UTC."""

    def in_utc(self, given):
        expiry = given.get("expires_at")
        return {**given, "expires_at": f"{expiry[:19]}.000Z"} if expiry else given


@fault("REST-TIMESTAMP-OFFSET")
class MomentsAreSeconds(LinkViews):
    """The column of a moment holds seconds, and what is shown ends in zeros."""

    def in_utc(self, given):
        made = super().in_utc(given)
        return {**made, "expires_at": f"{made['expires_at'][:19]}.000Z"} if made.get("expires_at") else made


@fault("REST-TIMESTAMP-FORMAT", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class TimesHaveNoOffset(Clock):
    """Moments are written as local times without an offset."""

    def written(self, moment):
        return super().written(moment).removesuffix("Z")


@fault("REST-TIMESTAMP-FORMAT", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class TimesAreEpochMilliseconds(Clock):
    """Moments are written as milliseconds since the epoch."""

    def written(self, moment):
        return str(int(moment.timestamp() * 1000))


@fault("REST-TIMESTAMP-FORMAT", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class TimesInListsHaveNoOffset(LinkRepresentation):
    """A list is serialised by the database's own function, which writes moments without an offset."""

    def page(self, links):
        return [shown | {"created_at": shown["created_at"].removesuffix("Z")} for shown in super().page(links)]
