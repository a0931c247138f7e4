"""[values] and [objects]: what parameters and identifiers the target is known to take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract.operation import Operation

SINGLE = (str, int, float, bool)


@dataclass(frozen=True, kw_only=True)
class GivenValues:
    """Values by the name of a parameter or a member; what is somebody's by its owner, also by the path that ends there.

    `of_operation` holds those that are meant for one operation, under its id.
    """

    of_all: Mapping[str, Any] = field(default_factory=dict)
    of_operation: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    objects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def identifiers(self) -> frozenset[str]:
        """All values that may stand for something which is there."""
        named = [*self.of_all.values(), *(each for held in self.of_operation.values() for each in held.values())]
        return frozenset(map(str, [*named, *(each for held in self.objects.values() for each in held.values())]))

    def value(self, operation: Operation, name: str) -> Any:
        """The value of a parameter, whoever asks; None if none is given."""
        return self.of_operation.get(operation.id, {}).get(name, self.of_all.get(name))

    def is_meant_for(self, operation: Operation, name: str) -> bool:
        """The value is for this very operation, and sent where the parameter is optional, too."""
        return name in self.of_operation.get(operation.id, {})

    def identifier(self, operation: Operation, name: str, owner: str) -> Any:
        """The identifier of what the owner has at a path parameter; None if none is given."""
        held = self.objects.get(owner, {})
        path = operation.path.partition(f"{{{name}}}")[0] + f"{{{name}}}"
        return held.get(path, held.get(name))

    def member(self, name: str, owner: str) -> Any:
        """The value of a member, or of a parameter in a query, that names what the owner has; None if none is given."""
        return self.objects.get(owner, {}).get(name)


def given_values(values: Mapping[str, Any], objects: Mapping[str, Any], where: str) -> GivenValues:
    """The values in the parsed tables. Raises ConfigurationError if they are wrong."""
    for owner, held in objects.items():
        if not isinstance(held, dict):
            raise ConfigurationError(
                f"{where}, [objects.{owner}] must be a table: what is {owner}'s, by its name or path."
            )
        for name, value in held.items():
            if not isinstance(value, (str, int)) or isinstance(value, bool):
                raise ConfigurationError(
                    f"{where}, [objects.{owner}]: {name} must be an identifier, as text or a number."
                )
    _refuse_shared(objects, where)
    return GivenValues(
        of_all={name: value for name, value in values.items() if not isinstance(value, dict)},
        of_operation={name: value for name, value in values.items() if isinstance(value, dict)},
        objects=objects,
    )


def _refuse_shared(objects: Mapping[str, Mapping[str, Any]], where: str) -> None:
    """Raises ConfigurationError for what two owners are said to have: neither would be a stranger to it."""
    known: dict[tuple[str, Any], str] = {}
    for owner, held in objects.items():
        for name, value in held.items():
            other = known.setdefault((name, value), owner)
            if other != owner:
                told = f"{where}: [objects.{other}] and [objects.{owner}] have the same {name}"
                raise ConfigurationError(f"{told}. Give each its own, or put what everybody uses under [values].")
