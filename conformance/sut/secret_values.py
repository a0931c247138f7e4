"""Secrets of a configuration: they stand in the environment or in files of their own, never in the file itself."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from conformance.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT, FILE, INVENTED = "env:", "file:", "{secret:"


def is_reference(value: str) -> bool:
    """The value is no secret itself, but says where one is."""
    return value.startswith((ENVIRONMENT, FILE, INVENTED))


def require_reference(value: str, where: str) -> None:
    """Raises ConfigurationError, without the value, if it is a secret itself and does not say where one is."""
    if not is_reference(value):
        raise ConfigurationError(
            f"{where} holds a secret in plain text. Put it into an environment variable and write "
            '"env:NAME", or into a file of its own and write "file:PATH".',
        )


def secret(value: str, where: str, folder: Path) -> str:
    """The secret to which `env:NAME` or `file:PATH` refers; a path begins at the folder, and a last line break is cut.

    Raises ConfigurationError if there is none.
    """
    require_reference(value, where)
    if value.startswith(FILE):
        return _from_file(folder / value.removeprefix(FILE), where)
    name = value.removeprefix(ENVIRONMENT)
    found = os.environ.get(name)
    if not found:
        raise ConfigurationError(f"{where} needs the environment variable {name}, which is not set. Set it.")
    return found


def replace_secret(value: str, following: str, folder: Path) -> None:
    """Writes the secret that takes the place of one into its file, if it is kept in one."""
    if value.startswith(FILE):
        (folder / value.removeprefix(FILE)).write_text(following, encoding="utf-8")


def _from_file(path: Path, where: str) -> str:
    try:
        found = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise ConfigurationError(f"{where} needs the file {path}, which cannot be read: {why}. Put it there.") from None
    if not found:
        raise ConfigurationError(f"{where} needs the file {path}, which is empty. Put the secret into it.")
    return found
