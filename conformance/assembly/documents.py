"""The documents of a run: what the options name, else what the configuration does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.contract import openapi
from conformance.contract.arazzo import document as arazzo
from conformance.contract.requirements import catalogue
from conformance.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.assembly.options import Options
    from conformance.contract.openapi import Contract
    from conformance.contract.requirements import Catalogue
    from conformance.sut.configuration import Configuration


def contract_of(configuration: Configuration, options: Options) -> Contract:
    """The contract that the options or the configuration name."""
    document = options.contract or _path(configuration, configuration.target.contract)
    if document is None:
        raise ConfigurationError("No contract is given. Name one with --contract, or as `contract` under [target].")
    events = options.asyncapi or (None if options.contract else _path(configuration, configuration.target.asyncapi))
    overlays = (*(configuration.path(each) for each in configuration.target.overlays), *options.overlays)
    contract = openapi.read(document, events, overlays)
    told = journeys_of(configuration, options)
    return replace(contract, journeys=arazzo.read(told, contract)) if told else contract


def journeys_of(configuration: Configuration, options: Options) -> Path | None:
    """The Arazzo document that the options or the configuration name; the configured one belongs to its contract."""
    configured = None if options.contract else _path(configuration, configuration.target.journeys)
    return options.journeys or configured


def catalogue_of(configuration: Configuration, options: Options) -> Catalogue:
    """The clauses that ship with the suite, and those that the journeys of the contract are about."""
    told = journeys_of(configuration, options)
    return catalogue().including(arazzo.chapter(told)) if told else catalogue()


def _path(configuration: Configuration, relative: str) -> Path | None:
    return configuration.path(relative) if relative else None
