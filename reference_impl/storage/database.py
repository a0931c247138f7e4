"""One database, SQLite or PostgreSQL, and its transactions."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, RowMapping, create_engine, event, text

from reference_impl.storage.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy.sql import Executable

POSTGRESQL_LOCK = 0x6C696E6B  # any number, the same for all that make tables


@dataclass(frozen=True)
class Transaction:
    """A transaction under way, and what is to be done once it is committed."""

    connection: Connection
    afterwards: list[Callable[[], None]] = field(default_factory=list)


class Database:
    """Runs statements on the current transaction, or each in one of its own."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self._single = self._engine.execution_options(single=True)
        # SQLite takes one writer at a time and lets the others sleep; in line they wait no longer than they must.
        self._turn = Lock() if self._engine.dialect.name == "sqlite" else nullcontext()
        self._current: ContextVar[Transaction | None] = ContextVar("transaction", default=None)

    def create_tables(self) -> None:
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({POSTGRESQL_LOCK})"))
            METADATA.create_all(connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements within take effect together, or none; inside another one, a savepoint."""
        outer = self._current.get()
        if outer is not None:
            with outer.connection.begin_nested():
                yield
            return
        with self._turn, self._engine.begin() as connection:
            transaction = Transaction(connection)
            token = self._current.set(transaction)
            try:
                yield
            finally:
                self._current.reset(token)
        for work in transaction.afterwards:
            work()

    def after_commit(self, work: Callable[[], None]) -> None:
        """Does the work once the current transaction is committed; at once if there is none."""
        current = self._current.get()
        if current is None:
            work()
        else:
            current.afterwards.append(work)

    def rows(self, statement: Executable) -> Sequence[RowMapping]:
        """What the statement selects or returns."""
        with self._connection(statement) as connection:
            return connection.execute(statement).mappings().all()

    def row(self, statement: Executable) -> RowMapping | None:
        """The first of the rows, if there is one."""
        return next(iter(self.rows(statement)), None)

    def change(self, statement: Executable) -> int:
        """How many rows the statement changed."""
        with self._connection(statement) as connection:
            return connection.execute(statement).rowcount

    @contextmanager
    def _connection(self, statement: Executable) -> Iterator[Connection]:
        current = self._current.get()
        if current is not None:
            yield current.connection
            return
        turn = nullcontext() if statement.is_select else self._turn
        with turn, self._single.begin() as connection:
            yield connection

    def check(self) -> None:
        """Raises the driver's error if the database does not answer."""
        self.rows(text("SELECT 1"))

    def close(self) -> None:
        self._engine.dispose()


def open_engine(url: str) -> Engine:
    engine = create_engine(url, pool_size=32, max_overflow=96, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
    return engine


def prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Connection) -> None:
    # A transaction that starts by reading could not become a writer while another one writes.
    single = connection.get_execution_options().get("single")
    connection.exec_driver_sql("BEGIN" if single else "BEGIN IMMEDIATE")
