"""The data files of the suite: a wheel carries them inside this package, a source tree beside it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SOURCE = Path(__file__).parents[1]


def spec() -> Traversable:
    """The folder of clauses, vocabulary, signature schemes and vectors."""
    return _shipped("spec", SOURCE / "spec")


def guides() -> Traversable:
    """The folder of guides and decisions, in Markdown."""
    return _shipped("docs/guides", SOURCE / "docs")


def _shipped(inside: str, beside: Path) -> Traversable:
    folder = files("conformance").joinpath(inside)
    return folder if folder.is_dir() else beside
