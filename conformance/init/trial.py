"""Whether an inferred link is true: a list and one of its items are read as the first person, which changes nothing."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from conformance.assembly.options import Options
from conformance.assembly.run import open_run
from conformance.contract.relations.related_operations import above
from conformance.errors import BlockedError, InapplicableError, ReportedError, UntestableError
from conformance.observations.page_walk import items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from conformance.contract.operation import Operation
    from conformance.harness import Harness
    from conformance.sut.configuration import Configuration

Trial: TypeAlias = "Callable[[Operation, Mapping[str, Any]], bool]"

UNSEEN = (ReportedError, BlockedError, UntestableError, InapplicableError)


@dataclass(frozen=True, kw_only=True)
class LinkTrial:
    """Reads what a link would lead to."""

    harness: Harness

    def confirms(self, operation: Operation, parameters: Mapping[str, Any]) -> bool:
        """An item of the list is read by the member that the link takes for the identifier."""
        reading = self.harness.contract.at("GET", operation.resource)
        if reading is None or len(reading.path_parameters) != 1:
            return False
        [name] = reading.path_parameters
        try:
            return self._reads(reading, name, str(parameters[name]).rpartition("/")[2])
        except UNSEEN:
            return False

    def _reads(self, reading: Operation, name: str, member: str) -> bool:
        harness = self.harness
        listing = harness.contract.at("GET", above(reading))
        if listing is None or listing.addressed:
            return False
        account = harness.principals.account(harness.configuration.identities[0])
        shown = items(harness.contract, account.send(harness.arranger.request_with(listing, {}), "arrangement"))
        found = [str(item[member]) for item in shown if isinstance(item, dict) and item.get(member)]
        if not found:
            return False
        reply = account.send(harness.arranger.request_with(reading, {name: found[0]}), "control")
        return reply.success and found[0] in reply.text


@contextmanager
def trial(settings: Configuration, variables: Sequence[str]) -> Iterator[Trial]:
    """The trial at the target of a configuration; one that confirms nothing where the variables are not set."""
    if not variables or not all(os.environ.get(name) for name in variables):
        yield lambda _operation, _parameters: False
        return
    plain = replace(settings, target=replace(settings.target, overlays=()), receiver=None)
    with open_run(plain, Options()) as (harness,), harness.serving():
        yield LinkTrial(harness=harness).confirms
