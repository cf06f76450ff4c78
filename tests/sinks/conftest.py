"""The databases of the sinks' tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from accolade.sinks.ledger import open_ledger
from tests.sinks.local_postgres import local_postgres, postgres_programs


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of the tests' own."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("left out: PostgreSQL's programs (initdb) aren't installed")
    pytest.importorskip("psycopg", reason="left out: psycopg isn't installed")
    with local_postgres(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Engine]:
    """An empty ledger in each kind of database."""
    engine = open_ledger(ledger_url)
    yield engine
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
