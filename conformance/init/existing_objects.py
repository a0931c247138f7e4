"""The tables of a configuration for what the suite cannot make: objects that are there, and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.init.wording import comment, enumerated, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.contract.operation import Operation


def existing_objects(orphans: Sequence[Operation], people: Sequence[str]) -> list[str]:
    """Lines that propose them, none in force: paths under the names of people, or parameters of whoever asks."""
    owned = [each for each in orphans if each.takes_credentials and people]
    shared = [each for each in orphans if each not in owned]
    return [*(_objects(owned, people) if owned else []), *(_values(shared) if shared else [])]


def _objects(operations: Sequence[Operation], people: Sequence[str]) -> list[str]:
    told = f"No operation is known to make what these are about: {enumerated([each.id for each in operations])}. Name "
    told += "what is there already, each person's own; it is read, and not changed:"
    resources = sorted({each.resource for each in operations})
    lines = comment(told)
    for name in people:
        lines += [f"# [objects.{name}]", *(f'# {quoted(resource)} = "of-{name}"' for resource in resources)]
    return lines


def _values(operations: Sequence[Operation]) -> list[str]:
    told = f"No operation is known to give the parameters of {enumerated([each.id for each in operations])}. Give "
    told += "values that are there, and that everybody may see:"
    names = sorted({name for each in operations for name in each.path_parameters})
    return [*comment(told), "# [values]", *(f'# {quoted(name)} = "…"' for name in names)]
