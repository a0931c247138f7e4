"""The configurations and options that a command line means."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.assembly.options import Options
from conformance.errors import ConfigurationError
from conformance.sut import configuration

if TYPE_CHECKING:
    import argparse

    from conformance.sut.configuration import Configuration


def options_of(given: argparse.Namespace, **others: Any) -> Options:
    """The options of a command, among them the documents that take the place of the configured ones."""
    return Options(
        contract=given.contract,
        asyncapi=given.asyncapi,
        overlays=tuple(given.overlay),
        journeys=given.journeys,
        **others,
    )


def configuration_of(given: argparse.Namespace) -> Configuration:
    """The configuration named on the command line, found here, or named in pyproject.toml."""
    if given.config:
        return configuration.read(given.config)
    if Path("conformance.toml").is_file():
        return configuration.read(Path("conformance.toml"))
    named = _project().get("config")
    return configuration.read(Path(str(named))) if named else configuration.parse({}, Path(), "the command line")


def proof_configurations(given: argparse.Namespace) -> tuple[Configuration, ...]:
    """The configurations whose variants prove the checks: several may stand in pyproject.toml under `proof`."""
    named = () if given.config else _project().get("proof", ())
    return tuple(configuration.read(Path(each)) for each in named) or (configuration_of(given),)


def _project() -> dict[str, Any]:
    project = Path("pyproject.toml")
    if not project.is_file():
        return {}
    try:
        table = tomllib.loads(project.read_text(encoding="utf-8")).get("tool", {}).get("conformance", {})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"pyproject.toml cannot be read as TOML: {error}. Mend it there.") from None
    return dict(table)
