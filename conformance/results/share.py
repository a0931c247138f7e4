"""How much of what applies was tried: in words, and as a demand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.errors import ConfigurationError
from conformance.results.model import Verdict
from conformance.results.untrusted_text import plural

if TYPE_CHECKING:
    from conformance.results.model import ClauseResult, Places

PERCENTAGE = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%?", re.ASCII)


def percentage(text: str, where: str) -> float:
    """The number of `90%` or `90`; `where` names it in errors. Raises ConfigurationError."""
    found = PERCENTAGE.fullmatch(text)
    if found is None or float(found[1]) > 100:
        raise ConfigurationError(f"{where} is {text!r}. Give a percentage, such as 90%.")
    return float(found[1])


def share(places: Places) -> str:
    """`tried in all 14 places`, or `tried in 11 of 14 places (78 %)`."""
    if not places.applicable:
        return "nothing to be tried"
    if places.tried == places.applicable:
        return f"tried in all {plural(places.tried, 'place')}" if places.tried != 1 else "tried in 1 place"
    return f"tried in {places.tried:,} of {plural(places.applicable, 'place')} ({places.percent} %)"


def partly(clause: ClauseResult) -> str:
    """`tried on 11 of 14 operations`; "" where a clause was tried everywhere or nowhere."""
    places = clause.places
    if not 0 < places.tried < places.applicable:
        return ""
    operations = [each.operation for each in clause.outcomes if each.verdict is not Verdict.INAPPLICABLE]
    if all(operations) and len(set(operations)) == len(operations):
        return f"tried on {places.tried:,} of {places.applicable:,} operations"
    return f"tried in {places.tried:,} of {places.applicable:,} places"
