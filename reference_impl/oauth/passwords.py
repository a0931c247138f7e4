"""Passwords: hashed by argon2, and guessed slowly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from reference_impl.domain.entities import User
from reference_impl.domain.refusals import RefusalError

if TYPE_CHECKING:
    from reference_impl.domain.clock import Clock
    from reference_impl.domain.ids import Ids
    from reference_impl.settings import FixedUser
    from reference_impl.storage.users import UserRows


class Passwords:
    """Hashes and compares; `quick` is for tests, where nothing is worth guessing."""

    def __init__(self, *, quick: bool) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1) if quick else PasswordHasher()
        self._nobodys = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        return self._hasher.hash(password.encode("utf-8", "surrogatepass"))

    def match(self, user: User | None, password: str) -> bool:
        """Whether it is the user's; takes as long where there is no such user."""
        try:
            self._hasher.verify(
                user.password_hash if user else self._nobodys, password.encode("utf-8", "surrogatepass")
            )
        except (VerificationError, InvalidHashError):
            return False
        return user is not None


class LoginThrottle:
    """Counts the failed logins of each name, whether somebody has it or not."""

    def __init__(self, attempts: int, storage: str, clock: Clock) -> None:
        self.item = RateLimitItemPerMinute(attempts)
        self.clock = clock
        self._limiter = FixedWindowRateLimiter(storage_from_string(storage))

    def check(self, username: str) -> None:
        """Raises the refusal of a name for which too many attempts have failed."""
        bucket = self.bucket(username)
        if self._limiter.test(self.item, bucket):
            return
        reset = self._limiter.get_window_stats(self.item, bucket).reset_time
        wait = max(1, math.ceil(reset - self.clock.seconds()))
        raise RefusalError("rate-limited", "Too many failed attempts.", headers={"Retry-After": str(wait)})

    def failed(self, username: str) -> None:
        self._limiter.hit(self.item, self.bucket(username))

    def bucket(self, username: str) -> str:
        return f"login {username.casefold()[:64]}"


class Logins:
    """Finds the person behind a name and a password."""

    def __init__(self, users: UserRows, passwords: Passwords, throttle: LoginThrottle) -> None:
        self.users = users
        self.passwords = passwords
        self.throttle = throttle

    def authenticate(self, username: str, password: str) -> User | None:
        """The user, or None without saying why; raises the refusal of a name that is being guessed at."""
        self.throttle.check(username)
        user = self.users.named(username) if self.storable(username) else None
        if self.passwords.match(user, password):
            return user
        self.throttle.failed(username)
        return None

    def storable(self, username: str) -> bool:
        """Whether a user could have this name: PostgreSQL takes neither U+0000 nor lone surrogates."""
        return username.isprintable() and len(username) <= 64


def new_user(fixed: FixedUser, ids: Ids, passwords: Passwords) -> User:
    """A user as it is stored."""
    return User(
        id=ids.new("usr"),
        username=fixed.username,
        password_hash=passwords.hash(fixed.password),
        name=fixed.name,
        email=fixed.email,
        tenant=fixed.tenant,
        roles=frozenset(fixed.roles),
    )
