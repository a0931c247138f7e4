"""That what [values] and [objects] name is there: in the contract, and under [identities]."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import ConfigurationError
from conformance.schemas.composition import properties

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.contract.openapi import Contract
    from conformance.sut.configuration import Configuration


def require_known(configuration: Configuration, contract: Contract) -> None:
    """Raises ConfigurationError for a name that stands for nothing, so that no slip of the pen passes for a value."""
    given, operations = configuration.given, {operation.id: operation for operation in contract.operations}
    parameters = {parameter.name for operation in contract.operations for parameter in operation.parameters}
    _require(given.of_all, parameters, "[values]", "no parameter of the contract")
    _require(given.of_operation, operations, "[values]", "no operation of the contract")
    for name, values in given.of_operation.items():
        own = {parameter.name for parameter in operations[name].parameters}
        _require(values, own, f"[values.{name}]", "no parameter of this operation")
    known = {identity.name for identity in configuration.identities}
    places = parameters | members(contract) | paths(contract)
    for owner, held in given.objects.items():
        if owner not in known:
            raise ConfigurationError(f"[objects.{owner}] is of nobody under [identities]. Mend the name.")
        _require(held, places, f"[objects.{owner}]", "no parameter and no member of a request body")


def members(contract: Contract) -> set[str]:
    """The members that request bodies may have."""
    bodies = (operation.body_schema for operation in contract.operations if operation.bodies)
    return {name for schema in bodies for name in properties(contract.document, schema)}


def paths(contract: Contract) -> set[str]:
    """The paths that end in a parameter, each operation's and those above it."""
    ends = ((operation.path, end) for operation in contract.operations for end in operation.path_parameters)
    return {path.partition(f"{{{name}}}")[0] + f"{{{name}}}" for path, name in ends}


def _require(names: Iterable[str], known: Iterable[str], place: str, told: str) -> None:
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise ConfigurationError(f"{place}: {unknown[0]} is {told}. Mend it.")
