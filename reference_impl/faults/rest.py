"""Ways to get the basics of REST wrong."""

from __future__ import annotations

from reference_impl.domain.patches import MergePatch
from reference_impl.faults import fault
from reference_impl.views.representations import Answers


@fault("REST-CREATE-201-LOCATION")
class LocationIsTheCollection(Answers):
    """Location names the collection instead of the thing that was made."""

    def location(self, entity):
        return super().location(entity).rpartition("/")[0]


@fault("REST-MERGE-PATCH-SEMANTICS")
class PatchIgnoresNull(MergePatch):
    """A member that the patch sets to null stays as it is."""

    def changes(self, patch, members):
        return {name: value for name, value in super().changes(patch, members).items() if value is not None}
