"""Which operations tell what is left of a quota."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.selection.operations import keyed, reading

if TYPE_CHECKING:
    from conformance.contract.operation import Operation


def with_quota(operation: Operation) -> bool:
    """takes an idempotency key and declares a quota in its answers"""
    return keyed(operation) and _declares_quota(operation)


def secured_reading_with_quota(operation: Operation) -> bool:
    """reads for somebody and declares a quota in its answers"""
    return operation.secured and reading(operation) and _declares_quota(operation)


def _declares_quota(operation: Operation) -> bool:
    headers = {name for answer in operation.answers for name in answer.headers}
    return any("ratelimit" in name.replace("rate-limit", "ratelimit") for name in headers)
