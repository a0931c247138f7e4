"""JSON merge patches (RFC 7396) of flat documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class MergePatch:
    """Which columns a patch sets; what it does not name stays as it is."""

    def changes(self, patch: Mapping[str, Any], members: tuple[str, ...]) -> dict[str, Any]:
        """New values of the members that the patch names; null removes one."""
        return {member: self.value(patch[member]) for member in members if member in patch}

    def value(self, given: Any) -> Any:
        return given
