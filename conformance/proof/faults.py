"""The known wrong implementations of a target, as its configured command lists them."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.errors import ConfigurationError
from conformance.sut.process import Command, Placeholders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.sut.configuration import Configuration


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A known wrong implementation: its id, the clause that it breaks, what is wrong, and in which file."""

    id: str
    clause: str
    summary: str
    where: str


def faults_by_target(configurations: Sequence[Configuration]) -> dict[Configuration, list[Fault]]:
    """The faults of several targets; their commands, programs that have to start, run side by side."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(configurations, pool.map(faults_of, configurations), strict=True))


def faults_of(configuration: Configuration) -> list[Fault]:
    """The faults that the command `variants` lists; none where there is no such command. Raises ConfigurationError."""
    variants = configuration.target.variants
    if not variants:
        return []
    output = Command.of(configuration, variants, Placeholders({"python": sys.executable})).run()
    names = Fault.__dataclass_fields__
    try:
        return [Fault(**{name: entry[name] for name in names}) for entry in json.loads(output or "[]")]
    except (ValueError, TypeError, KeyError):
        raise ConfigurationError(
            f"[target]: the command `variants` does not print a JSON list of objects with {', '.join(names)}. Mend it.",
        ) from None
