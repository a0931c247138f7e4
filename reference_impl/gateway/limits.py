"""How often a principal may ask: a quota of its tier for each minute."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from reference_impl.domain.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reference_impl.domain.clock import Clock
    from reference_impl.domain.entities import Principal

WINDOW = 60  # seconds


@dataclass(frozen=True, kw_only=True)
class Quota:
    """What is left for a principal; `reset` is in seconds from now."""

    tier: str
    size: int
    remaining: int
    reset: int
    exceeded: bool


class RateLimiter:
    """Counts the requests of each principal in fixed windows."""

    def __init__(self, quotas: Mapping[str, int], storage: str, clock: Clock) -> None:
        self.quotas = quotas
        self.clock = clock
        self._limiter = FixedWindowRateLimiter(storage_from_string(storage))

    def spend(self, principal: Principal) -> Quota:
        """Counts one request."""
        item = self.item(principal.tier)
        bucket = self.bucket(principal)
        allowed = self._limiter.hit(item, bucket)
        stats = self._limiter.get_window_stats(item, bucket)
        reset = max(1, math.ceil(stats.reset_time - self.clock.seconds()))
        return Quota(
            tier=principal.tier, size=item.amount, remaining=stats.remaining, reset=reset, exceeded=not allowed
        )

    def item(self, tier: str) -> RateLimitItem:
        return RateLimitItemPerMinute(self.quotas[tier])

    def bucket(self, principal: Principal) -> str:
        return principal.key

    def headers(self, quota: Quota) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers writes them."""
        return {
            "RateLimit": f'"{quota.tier}";r={quota.remaining};t={quota.reset}',
            "RateLimit-Policy": f'"{quota.tier}";q={quota.size};w={WINDOW}',
        }

    def refuse(self, quota: Quota) -> RefusalError:
        headers = {"Retry-After": str(quota.reset)}
        return RefusalError("rate-limited", f"The quota of {quota.size} a minute is used up.", headers=headers)
