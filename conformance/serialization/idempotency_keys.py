"""Idempotency keys that nobody has used (`x-idempotency`)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.contract.operation import Operation
    from conformance.http.messages import Request


def new_key() -> str:
    """A random key."""
    return str(uuid.uuid4())


def with_new_key(request: Request, operation: Operation) -> Request:
    """The request with a new key, if the operation takes one."""
    rules = operation.idempotency
    return request.with_header(rules.header, new_key()) if rules else request
