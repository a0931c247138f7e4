"""Conformity of replies with the contract; what a contract only leaves out is a contract gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.judgement.contract_gaps import is_gap, note_gap
from conformance.judgement.remarks import Remark
from conformance.judgement.server_errors import undeclared

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.contract.openapi import Contract
    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply
    from conformance.judgement.contract_gaps import Gaps
    from conformance.requests.request_generator import Deviation, RequestGenerator

DESCRIBED_BY_HTTP = frozenset({405, 406, 414, 415, 431})  # refusals of a request that no operation takes


@dataclass(frozen=True, kw_only=True)
class ContractConformity:
    """Compares replies with the contract, and adds to `gaps` what the contract leaves out."""

    contract: Contract
    request_generator: RequestGenerator
    gaps: Gaps

    def deviations(self, operation: Operation, replies: Iterable[Reply]) -> list[Remark]:
        """What contradicts the contract, each once. Omissions of a contract that is not normative become gaps.

        Undeclared 5xx are left out: they have a clause of their own (`server_errors`).
        """
        found: dict[str, Remark] = {}
        judged = (reply for reply in replies if reply.request.method == operation.method)
        for reply in (reply for reply in judged if not undeclared(reply, operation)):
            for deviation in self.request_generator.deviations(operation, reply):
                if self._is_defect(deviation, reply):
                    remark = Remark(f"{reply.status}, {deviation.kind}: {deviation.message}", reply)
                    found.setdefault(remark, remark)
                else:
                    note_gap(self.gaps, operation, deviation, reply)
        return sorted(found.values())

    def _is_defect(self, deviation: Deviation, reply: Reply) -> bool:
        """The target contradicts the contract, or says what a normative one does not describe.

        The refusals that HTTP itself describes, of a request that no operation takes, need not be described again.
        """
        left_to_http = deviation.kind == "status" and reply.status in DESCRIBED_BY_HTTP
        return not is_gap(deviation, reply) or (self.contract.normative and not left_to_http)
