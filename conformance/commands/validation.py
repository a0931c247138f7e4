"""Whether a command can do what it is asked, found out before it begins."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from conformance.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conformance.contract.requirements import Catalogue


def check_clauses(names: Iterable[str], clauses: Catalogue) -> None:
    """Raises ConfigurationError if one of the names is no clause's."""
    for name in names:
        if name not in clauses:
            raise ConfigurationError(f"There is no clause {name}. `conformance list` shows them all.")


def check_writable(folder: Path) -> None:
    """Raises ConfigurationError unless files can be written there: better now than after the work."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ConfigurationError(f"Nothing can be written into {folder}: {error.strerror}. Name another.") from None
