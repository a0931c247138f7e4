"""One platform for most tests; each test has accounts of its own."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import capabilities
import pytest

from reference_impl.domain.clock import Clock
from reference_impl.storage.database import Database

from .people import CALLBACK, CLIENT
from .support import ALL_SCOPES, Account, ForkServer, Issuer, Platform, Receiver, fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CLIENTS = json.dumps(
    [
        {"id": "app", "secret": "s3cret", "scope": ALL_SCOPES},
        {"id": CLIENT, "scope": f"openid profile offline_access {ALL_SCOPES}", "redirect_uris": [CALLBACK]},
        {"id": "partner", "secret": "p4rtner", "scope": "links:read", "tier": "partner", "tenant": "acme"},
    ]
)


class Moving(Clock):
    """A clock that the test moves on."""

    now = 1_000_000.0

    def seconds(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Moving:
    return Moving()


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own, with nothing in it."""
    database = Database(f"sqlite:///{tmp_path}/links.db")
    database.create_tables()
    yield database
    database.close()


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    yield issuer
    issuer.close()


@pytest.fixture(scope="session")
def receiver_server() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def receiver(receiver_server: Receiver) -> Receiver:
    receiver_server.begin()
    return receiver_server


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    fork_server = ForkServer(CLIENTS)
    yield fork_server
    fork_server.close()


@pytest.fixture(scope="session")
def platform(
    tmp_path_factory: pytest.TempPathFactory, fork_server: ForkServer, issuer: Issuer, receiver_server: Receiver
) -> Iterator[Platform]:
    database = tmp_path_factory.mktemp("platform") / "links.db"
    arguments = ["--database", f"sqlite:///{database}", "--trust", issuer.url]
    with fork_server.served(*arguments, "--allow-receiver", receiver_server.origin) as platform:
        yield platform


@pytest.fixture
def alice(platform: Platform, issuer: Issuer) -> Account:
    return Account(platform.url, issuer.token(platform.url, sub=fresh("alice")))


@pytest.fixture
def bob(platform: Platform, issuer: Issuer) -> Account:
    return Account(platform.url, issuer.token(platform.url, sub=fresh("bob")))


@pytest.fixture
def at_once() -> Callable[[int, Callable[[int], Any]], list[Any]]:
    """Runs a function in several threads that are let loose together; what it returned each time."""

    def run(count: int, work: Callable[[int], Any]) -> list[Any]:
        barrier = threading.Barrier(count)

        def one(number: int) -> Any:
            barrier.wait()
            return work(number)

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(one, range(count)))

    return run


@pytest.fixture
def database() -> Iterator[str]:
    """A PostgreSQL database of its own."""
    with own_database() as url:
        yield url


@contextmanager
def own_database() -> Iterator[str]:
    """A PostgreSQL database that exists for so long."""
    import psycopg

    url = capabilities.postgresql()
    name = fresh("links").replace("-", "_")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield urlsplit(url)._replace(scheme="postgresql+psycopg", path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
