"""Two reports of the same contract beside each other: what fails anew, what is mended, what nobody tries any more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.errors import ConfigurationError
from conformance.results.model import PRECEDENCE, TRIED, Verdict
from conformance.results.wording import without_identifiers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Place: TypeAlias = tuple[str, str]  # clause, and where it was tried ("" for the target as a whole)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The gravest verdict of a clause at a place, and what was expected and observed there."""

    verdict: Verdict
    told: str

    @property
    def failed(self) -> bool:
        return self.verdict is Verdict.FAILED


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What became of each place between two reports, in the order of the newer one."""

    old: Mapping[Place, Seen]
    new: Mapping[Place, Seen]

    @property
    def broken(self) -> list[Place]:
        """Fails, and did not."""
        return [place for place, seen in self.new.items() if seen.failed and not self._failed_before(place)]

    @property
    def changed(self) -> list[Place]:
        """Failed, and fails in another way, whatever ids and times are told."""
        both = [place for place, seen in self.new.items() if seen.failed and self._failed_before(place)]
        return [place for place in both if self._essence(self.old[place]) != self._essence(self.new[place])]

    @property
    def mended(self) -> list[Place]:
        """Failed, and passes or warns."""
        tried = [place for place, seen in self.new.items() if seen.verdict in TRIED and not seen.failed]
        return [place for place in tried if self._failed_before(place)]

    @property
    def lost(self) -> list[Place]:
        """Was tried, and is not any more: blocked, untestable, or not there."""
        tried = [place for place, seen in self.old.items() if seen.verdict in TRIED]
        return [place for place in tried if place not in self.new or self.new[place].verdict not in TRIED]

    def _failed_before(self, place: Place) -> bool:
        return place in self.old and self.old[place].failed

    def _essence(self, seen: Seen) -> str:
        return without_identifiers(seen.told)


def compared(old: Path, new: Path) -> Comparison:
    """Two report.json. Raises ConfigurationError if one is none, or if they are about different contracts."""
    (first, before), (second, after) = _read(old), _read(new)
    if first != second:
        raise ConfigurationError(f"{old} is about {first}, {new} about {second}. Compare reports of one contract.")
    return Comparison(old=before, new=after)


def _read(path: Path) -> tuple[str, dict[Place, Seen]]:
    """The contract of a report, and its places."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        return str(report["contract"]), _places(report)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}. Name a report.json.") from None
    except (KeyError, TypeError, ValueError):
        raise ConfigurationError(f"{path} is not a report of this suite. Name a report.json.") from None


def _places(report: Mapping[str, Any]) -> dict[Place, Seen]:
    found: dict[Place, Seen] = {}
    for clause in report["clauses"]:
        for each in clause["evidence"]:
            seen = Seen(verdict=Verdict(each["verdict"]), told=f"{each['expected']} {each['observed']}")
            place = (str(clause["id"]), str(each["place"]))
            found[place] = min(found.get(place, seen), seen, key=lambda one: PRECEDENCE.index(one.verdict))
    return found
