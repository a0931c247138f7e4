"""Values that Hypothesis draws: the same ones for the same seed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import hypothesis
from hypothesis.configuration import set_hypothesis_home_dir

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Drawn = TypeVar("Drawn")


def draw(strategy: SearchStrategy[Drawn], *, count: int, seed: int) -> list[Drawn]:
    """Up to `count` values, the plainest first; fewer where there is little to choose, none where nothing fits.

    What the strategy raises is passed on.
    """
    # Else it keeps tables of Unicode, which take a second to make, in the directory in which a user happens to be.
    set_hypothesis_home_dir(os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY") or cache_directory() / "hypothesis")
    drawn: list[Drawn] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        phases=[hypothesis.Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategy)
    def collect(value: Drawn) -> None:
        drawn.append(value)

    try:
        collect()
    except (hypothesis.errors.Unsatisfiable, hypothesis.errors.InvalidArgument):
        return []
    return drawn


def cache_directory() -> Path:
    """Where this user keeps what can be made again (XDG Base Directory Specification), or what anybody does."""
    try:
        kept = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # a user without a home, as in a container
        kept = Path(tempfile.gettempdir())
    return kept / "api-conformance"
