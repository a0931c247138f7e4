"""Links that a document leaves out: which answer gives the identifier that another operation asks for.

schemathesis infers them from names and schemas; what the paths say already is not told again.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import schemathesis
from schemathesis.core.errors import SchemathesisError

from conformance.contract.document import ContractError, resolve
from conformance.contract.upgrade.swagger_20 import LINKS
from conformance.init.proposals import Guesses, Proposal
from conformance.requests.identifiers import Producers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract.operation import Operation
    from conformance.init.trial import Trial


@dataclass(frozen=True, kw_only=True)
class InferredLinks:
    """Proposals of links from operations that make something to those that nothing else leads to."""

    guesses: Guesses

    def proposals(self, confirms: Trial) -> list[Proposal]:
        """All of them, certain where a trial confirms it."""
        orphans = {each.id: each for each in self.orphans()}
        found = [self._proposal(confirms, orphans, *inferred) for inferred in self._inferred()]
        return [each for each in found if each is not None and self.guesses.reaches(each)]

    def orphans(self) -> list[Operation]:
        """The operations about an object that no reply is known to give."""
        producers = Producers(contract=self.guesses.contract)
        known = self.guesses.contract.operations
        return [each for each in known if each.addressed and not each.given and producers.of(each) is None]

    def _inferred(self) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
        """Reference to the operation that answers, status, name, link."""
        document = copy.deepcopy(dict(self.guesses.contract.document))
        try:
            graph = schemathesis.openapi.from_dict(document).analysis.dependency_graph
            for found in graph.iter_links():
                for name, link in found.links.items():
                    yield found.producer_operation_ref, found.status_code, name, link.to_openapi()
        except SchemathesisError:
            return

    def _proposal(
        self,
        confirms: Trial,
        orphans: Mapping[str, Operation],
        reference: str,
        status: str,
        name: str,
        link: Mapping[str, Any],
    ) -> Proposal | None:
        made, wanted = self._operation(reference), orphans.get(self._id_at(link["operationRef"]))
        parameters = {key.rpartition(".")[2]: value for key, value in link.get("parameters", {}).items()}
        if made is None or made.method != "POST" or wanted is None:
            return None
        if not set(wanted.path_parameters) <= parameters.keys():
            return None
        told = f"Nothing tells what {wanted.id} is about. By its name and its schema, the answer of {made.id} does"
        seen = confirms(wanted, parameters)
        told += "; an item of the list was read by this member just now." if seen else ", if this is true."
        return Proposal(
            target=f'{self.guesses.target(made)}.responses["{status}"]',
            update={
                LINKS if "swagger" in self.guesses.raw else "links": {
                    name: {"operationId": wanted.id, "parameters": parameters}
                }
            },
            reason=told,
            certain=seen,
        )

    def _operation(self, reference: str) -> Operation | None:
        found = self._id_at(reference)
        return next((each for each in self.guesses.contract.operations if each.id == found), None)

    def _id_at(self, reference: str) -> str:
        """The operationId at a reference; empty where none is declared."""
        try:
            return str(resolve(self.guesses.contract.document, reference).get("operationId", ""))
        except ContractError:  # the path is a reference itself
            return ""
