"""Opens the payout ledger: SQLite in a file, or PostgreSQL."""

import sqlite3
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from accolade.sinks.ledger_tables import LEDGER, METADATA, VERSION

#: How long a writer of SQLite waits for another.
_LOCK_SECONDS = 30
#: Name of an option: how a transaction of SQLite begins.
_BEGIN = "accolade_begin"


class LedgerError(Exception):
    """The ledger can't be used as it is; the message says what to do."""


def open_ledger(url: str) -> Engine:
    """
    Return the ledger's engine; its tables are made if there are none.

    Args:
        url: An SQLAlchemy URL: `sqlite:///payouts.db`, `postgresql+psycopg://…`.

    Raises:
        LedgerError: The URL can't be used, its database can't be reached, or a newer version
            made the tables.
    """
    try:
        engine = _engine(url)
        with engine.begin() as connection:
            _prepare(connection)
    except (ArgumentError, NoSuchModuleError) as error:
        raise LedgerError(f"the ledger's URL can't be used: {error}") from error
    except ModuleNotFoundError as error:
        raise LedgerError(
            f"the ledger's database needs the module {error.name}; for PostgreSQL: "
            "pip install 'accolade[postgres]'"
        ) from error
    except DBAPIError as error:
        raise LedgerError(f"the ledger's database can't be used: {error.orig}") from error
    return engine


def reading(engine: Engine) -> AbstractContextManager[Connection]:
    """Return a transaction that only reads; in SQLite it doesn't wait for one that writes."""
    return engine.execution_options(**{_BEGIN: "DEFERRED"}).begin()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    engine = create_engine(parsed, connect_args={"timeout": _LOCK_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    # The driver would begin transactions only before it writes.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    # A batch whose file was handed out must outlive a loss of power.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    # A reader that turns writer can find that another has written, and fail at once;
    # one that only reads need not wait for writers.
    mode = connection.get_execution_options().get(_BEGIN, "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _prepare(connection: Connection) -> None:
    METADATA.create_all(connection)
    version = connection.scalar(select(LEDGER.c.version))
    if version is None:
        connection.execute(insert(LEDGER).values(version=VERSION))
    elif version != VERSION:
        raise LedgerError(
            f"the ledger has tables of version {version}, this program knows {VERSION}; "
            "use the program's version that belongs to it"
        )
