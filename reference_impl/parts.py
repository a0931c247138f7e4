"""Substitution: each part is built from its own class, or from the subclass that takes its place."""

from __future__ import annotations

from typing import Any, TypeVar

Part = TypeVar("Part")


class Parts:
    """Builds the parts of an application; a faulty variant is the sound one with one part substituted."""

    def __init__(self, *substitutes: type) -> None:
        self._instead = {substitute.__base__: substitute for substitute in substitutes}
        self._built: set[type] = set()

    def __call__(self, part: type[Part], *args: Any) -> Part:
        self._built.add(part)
        built: Part = self._instead.get(part, part)(*args)
        return built

    @property
    def altered(self) -> bool:
        """Whether any part is substituted."""
        return bool(self._instead)

    def refuse_unused(self) -> None:
        """Raises `UnusedSubstituteError` for a substitute whose base no part was built from."""
        for base, substitute in self._instead.items():
            if base not in self._built:
                raise UnusedSubstituteError(substitute)


class UnusedSubstituteError(TypeError):
    """A substitute would change nothing."""

    def __init__(self, substitute: type) -> None:
        base = substitute.__base__
        super().__init__(
            f"{substitute.__name__} would take the place of {base.__name__ if base else base}, "
            "but no part is built from that class; derive it directly from the class of a part."
        )
