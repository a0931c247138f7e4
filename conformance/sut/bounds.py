"""How long a target may take for what is eventual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.sut.configuration import Configuration


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Seconds within which this target does what is eventual."""

    event: float
    retry_schedule: tuple[float, ...]
    retry_after: float  # 0 where nothing is promised
    overlap: float
    delivery_timeout: float
    keys: float  # 0 where nothing is promised
    code: float  # 0 where nothing is promised
    revocation: float
    rotation: float
    job: float
    count: float


def bounds_of(configuration: Configuration, contract: Contract) -> Bounds:
    """What the configuration says, else what the contract promises."""
    declared, delivery = configuration.bounds, contract.events.delivery
    signature = contract.events.signature
    overlap = (signature.overlap if signature else None) or 0.0
    token = contract.access_token
    keys = token.keys if token and "keys" in token.declared else 0.0

    def bound(given: float | None, promised: float) -> float:
        return promised if given is None else given

    return Bounds(
        keys=bound(declared.keys, keys),
        event=bound(declared.event, contract.event_bound),
        retry_schedule=delivery.schedule if declared.retry_schedule is None else declared.retry_schedule,
        retry_after=bound(declared.retry_after, delivery.retry_after),
        overlap=bound(declared.overlap, overlap),
        delivery_timeout=bound(declared.delivery_timeout, delivery.timeout),
        code=bound(declared.code, contract.code_bound),
        revocation=bound(declared.revocation, contract.revocation_bound),
        rotation=bound(declared.rotation, contract.rotation_bound),
        job=bound(declared.job, contract.job_bound),
        count=bound(declared.count, contract.count_bound),
    )
