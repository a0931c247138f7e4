"""Compares two reports: what fails anew, what is mended, what is not tried any more."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from conformance.results.comparison import compared
from conformance.results.untrusted_text import one_line, plural

if TYPE_CHECKING:
    import argparse

    from conformance.results.comparison import Place

SHOWN = 40  # places of a kind


def execute(given: argparse.Namespace) -> int:
    found = compared(given.old, given.new)
    kinds = {
        "Fails anew": found.broken,
        "Fails in another way": found.changed,
        "Is mended": found.mended,
        "Is not tried any more": found.lost,
    }
    for title, places in kinds.items():
        _tell(title, places)
    return 1 if found.broken else 0


def _tell(title: str, places: list[Place]) -> None:
    sys.stdout.write(f"{title}: {plural(len(places), 'place') if places else 'nothing'}\n")
    for clause, place in places[:SHOWN]:
        sys.stdout.write(f"  {one_line(clause)}{f' on {one_line(place)}' if place else ''}\n")
    if len(places) > SHOWN:
        sys.stdout.write(f"  … and {plural(len(places) - SHOWN, 'other')}\n")
