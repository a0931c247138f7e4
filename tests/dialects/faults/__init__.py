"""Faults of the server: each is a subclass of one sound part with one thing gone wrong."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialects.dialect import Dialect

Part = TypeVar("Part")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault: the part that it takes the place of, the clause that it breaks, and the axis values that it needs."""

    name: str
    part: type
    clause: str
    needs: dict[str, tuple[Any, ...]]

    def shown_by(self, dialect: Dialect) -> bool:
        return all(getattr(dialect, axis) in values for axis, values in self.needs.items())


def fault(clause: str, **needs: tuple[Any, ...]) -> Callable[[type[Part]], type[Part]]:
    """Marks a class as a fault that breaks a clause, in dialects with one of these values on each of these axes."""

    def marked(part: type[Part]) -> type[Part]:
        part.fault = Fault(name=part.__name__, part=part, clause=clause, needs=needs)
        return part

    return marked


def faults() -> dict[str, Fault]:
    """All faults by name."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    classes = sorted(pair for module in modules for pair in inspect.getmembers(module, inspect.isclass))
    return {name: vars(each)["fault"] for name, each in classes if "fault" in vars(each)}
