"""What a run may be told beyond its configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.contract.reading.location import Location


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line may say beyond the configuration."""

    url: str = ""  # judges this target and starts none
    fault: str = ""  # starts this faulty variant
    receiver_url: str = ""  # the public address of the suite's receiver
    seed: int = 0
    examples: int = 12
    contract: Location | None = None
    asyncapi: Location | None = None
    overlays: tuple[Path, ...] = ()
    journeys: Path | None = None
    fast: bool = False
