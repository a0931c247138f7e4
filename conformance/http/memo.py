"""What is asked of the target once in a run, and serves several checks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http.client import Client, Record

Result = TypeVar("Result")


@dataclass(kw_only=True)
class Memo(Generic[Result]):
    """Makes a result at its first use; every later check gets it with the same exchanges as its evidence."""

    client: Client
    _made: dict[str, tuple[Result, tuple[Record, ...]]] = field(default_factory=dict)

    def __call__(self, key: str, make: Callable[[], Result]) -> Result:
        records = self.client.recorder.records
        if key in self._made:
            result, kept = self._made[key]
            records.extend(replace(record, remembered=True) for record in kept)
            return result
        before = len(records)
        result = make()
        self._made[key] = result, tuple(records[before:])
        return result
