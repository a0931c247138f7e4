"""The documents of a run: contract, journeys and clauses, named by the options or else by the configuration."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.contract import openapi
from conformance.contract.arazzo import document as arazzo
from conformance.contract.reading.location import is_url
from conformance.contract.requirements import catalogue
from conformance.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.assembly.options import Options
    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.contract.reading.location import Location
    from conformance.contract.requirements import Catalogue
    from conformance.sut.configuration import Configuration
    from conformance.sut.given_values import GivenValues


def contract_of(configuration: Configuration, options: Options) -> Contract:
    """The contract. Raises ConfigurationError if none is named, ContractError if it cannot be read."""
    document = contract_location(configuration, options)
    events = options.asyncapi or (None if options.contract else _location(configuration, configuration.target.asyncapi))
    overlays = (*(configuration.path(each) for each in configuration.target.overlays), *options.overlays)
    contract = _opened(openapi.read(document, events, overlays), frozenset(configuration.target.public))
    contract = _shared(contract, configuration.given)
    journeys = journeys_of(configuration, options)
    return replace(contract, journeys=arazzo.read(journeys, contract)) if journeys else contract


def contract_location(configuration: Configuration, options: Options) -> Location:
    """Where the contract is. Raises ConfigurationError if none is named."""
    document = options.contract or _location(configuration, configuration.target.contract)
    if document is None:
        raise ConfigurationError("No contract is given. Name one with --contract, or as `contract` under [target].")
    return document


def _opened(contract: Contract, public: frozenset[str]) -> Contract:
    """The contract as it is kept on a target where these operations ask nobody for credentials."""
    operations = (
        replace(known, alternatives=((), *known.alternatives)) if known.id in public and known.secured else known
        for known in contract.operations
    )
    return replace(contract, operations=tuple(operations)) if public else contract


def _shared(contract: Contract, given: GivenValues) -> Contract:
    """The contract as it is where everybody uses the same values at these parameters: they tell nobody's object."""

    def told(operation: Operation) -> Operation:
        shared = {each.name for each in operation.parameters if given.value(operation, each.name) is not None}
        known = (replace(each, enumerated=each.enumerated or each.name in shared) for each in operation.parameters)
        return replace(operation, parameters=tuple(known)) if shared else operation

    return replace(contract, operations=tuple(map(told, contract.operations)))


def journeys_of(configuration: Configuration, options: Options) -> Path | None:
    """The Arazzo document, if one is named; the configured one goes with the configured contract alone."""
    configured = None if options.contract else _path(configuration, configuration.target.journeys)
    return options.journeys or configured


def catalogue_of(configuration: Configuration, options: Options) -> Catalogue:
    """The clauses that ship with the suite, and those of the journeys."""
    journeys = journeys_of(configuration, options)
    return catalogue().including(arazzo.chapter(journeys)) if journeys else catalogue()


def _location(configuration: Configuration, named: str) -> Location | None:
    return named if is_url(named) else _path(configuration, named)


def _path(configuration: Configuration, relative: str) -> Path | None:
    return configuration.path(relative) if relative else None
