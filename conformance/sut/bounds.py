"""Bounds: how long the target may take for effects that are not immediate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.contract.openapi import Contract
    from conformance.sut.configuration import Configuration


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Bounds of one target, in seconds; 0 where nothing is declared for `retry_after`, `keys` and `code`."""

    event: float
    retry_schedule: tuple[float, ...]
    retry_after: float
    overlap: float
    delivery_timeout: float
    keys: float
    code: float
    revocation: float
    rotation: float
    job: float
    count: float


def bounds_of(configuration: Configuration, contract: Contract) -> Bounds:
    """Each bound from the configuration, else from the contract."""
    declared, delivery = configuration.bounds, contract.events.delivery
    signature = contract.events.signature
    overlap = (signature.overlap if signature else None) or 0.0
    token = contract.access_token
    keys = token.keys if token and "keys" in token.declared else 0.0

    def bound(configured: float | None, promised: float) -> float:
        return promised if configured is None else configured

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
