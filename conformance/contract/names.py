"""Names of members and parameters, which every API writes in its own way."""

from __future__ import annotations


def plain(name: str) -> str:
    """The name without what sets its words apart: `customerId`, `customer_id` and `customer-id` are one."""
    return name.lower().replace("_", "").replace("-", "")
