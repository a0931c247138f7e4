"""The alternatives of an operation's security requirements, taken apart (OpenAPI 3.1, section 4.8.30)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.grid.expected_access import ExpectedAccess, NotApplicable
from conformance.results.model import Due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation, Scheme

NO_ALTERNATIVE = NotApplicable("it names no other credentials that are as good")
NOT_COMBINED = NotApplicable("it asks for one credential at a time")
JOINED = "+"


def named(schemes: tuple[Scheme, ...]) -> str:
    """The names of security schemes that are presented together, as one text."""
    return JOINED.join(scheme.name for scheme in schemes)


def schemes_of(text: str) -> tuple[str, ...]:
    """The names in such a text."""
    return tuple(filter(None, text.split(JOINED)))


def other_alternatives(contract: Contract, operation: Operation) -> tuple[str, ...]:
    """Every alternative but the first."""
    return tuple(named(each) for each in _tried(contract, operation) if each is not operation.scheme_sets[0])


def parts(contract: Contract, operation: Operation) -> tuple[str, ...]:
    """What is left of each combination without one of its schemes, where that is not enough."""
    return tuple(dict.fromkeys(named(left) for _, left in _taken_apart(contract, operation) if left))


def combined_schemes(contract: Contract, operation: Operation) -> tuple[str, ...]:
    """Every scheme that has to be satisfied together with others that are not enough without it."""
    return tuple(dict.fromkeys(missing.name for missing, left in _taken_apart(contract, operation) if left))


def _tried(contract: Contract, operation: Operation) -> list[tuple[Scheme, ...]]:
    """The alternatives without sessions, for which people log in: a chapter of their own judges those."""
    logged_in = contract.session_rules is not None
    return [each for each in operation.scheme_sets if not (logged_in and any(one.place == "cookie" for one in each))]


def _taken_apart(contract: Contract, operation: Operation) -> Iterator[tuple[Scheme, tuple[Scheme, ...]]]:
    """Each scheme of each combination with those that are left without it, unless these are an alternative."""
    enough = [set(alternative) for alternative in operation.scheme_sets]
    for alternative in _tried(contract, operation):
        for missing in alternative:
            left = tuple(scheme for scheme in alternative if scheme is not missing)
            if not any(known <= set(left) for known in enough):
                yield missing, left


def by_other(contract: Contract, operation: Operation) -> ExpectedAccess:
    """The owner with another alternative than the first."""
    return Due.ADMITTED if other_alternatives(contract, operation) else NO_ALTERNATIVE


def by_part(contract: Contract, operation: Operation) -> ExpectedAccess:
    """The owner with one credential less than is asked for together, or with an invalid one among them."""
    return Due.REFUSED if parts(contract, operation) else NOT_COMBINED
