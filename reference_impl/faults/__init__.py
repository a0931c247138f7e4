"""Faulty variants: each is a subclass of one sound part, and shows that a check can fail."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MARK = "fault_mark"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The clause that a fault breaks, and others that cannot help breaking with it."""

    clause: str
    also: tuple[str, ...] = ()


class UnknownFaultError(LookupError):
    """There is no fault of that id."""


def fault(clause: str, *, also: tuple[str, ...] = ()) -> Callable[[type], type]:
    """Marks a class as the fault of a clause."""

    def mark(substitute: type) -> type:
        setattr(substitute, MARK, Mark(clause=clause, also=also))
        return substitute

    return mark


def discover() -> Mapping[str, type]:
    """All faults of this package by id, which is the name of the class."""
    found: dict[str, type] = {}
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, type) and MARK in vars(value):
                if name in found:
                    raise ValueError(f"Two faults are called {name}; rename one.")
                found[name] = value
    return found


def substitutes(ids: Iterable[str]) -> list[type]:
    """The classes of the faults; raises `UnknownFaultError` for an id that there is not."""
    wanted = list(ids)
    if not wanted:
        return []
    known = discover()
    for each in wanted:
        if each not in known:
            raise UnknownFaultError(f"There is no fault {each}; `python -m reference_impl faults` lists them.")
    return [known[each] for each in wanted]


def listing() -> list[dict[str, str | list[str]]]:
    """What the command line shows of each fault."""
    return [
        {
            "id": name,
            "clause": getattr(substitute, MARK).clause,
            "also": list(getattr(substitute, MARK).also),
            "summary": (substitute.__doc__ or "").strip().splitlines()[0],
            "where": substitute.__module__.replace(".", "/") + ".py",
        }
        for name, substitute in discover().items()
    ]
