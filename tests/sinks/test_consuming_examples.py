"""The programs in docs/consuming.md, run as they stand there."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from accolade.streams.catalogue import AWARDS
from accolade.streams.settings import Settings
from tests.sinks.award_log import award
from tests.sinks.broker_log import BrokerLog, wait_until

pytestmark = pytest.mark.pipeline

_PROJECT = Path(__file__).parents[2]
_PROGRAMS = re.findall(
    r"^```python\n(.*?)^```$", (_PROJECT / "docs" / "consuming.md").read_text(), re.M | re.S
)
#: What each program keeps, as award, revision and amount.
_KEPT = (
    "SELECT award_id, revision, amount_minor FROM awards ORDER BY award_id",
    "SELECT id, revision, minor FROM awards ORDER BY id",
)


@pytest.mark.parametrize(("program", "kept"), list(zip(_PROGRAMS, _KEPT, strict=True)))
def test_an_example_keeps_the_newest_of_what_was_committed(
    kafka: str, prefix: str, tmp_path: Path, program: str, kept: str
) -> None:
    """Killed and started again it goes on; what a transaction took back isn't there."""
    settings = Settings(
        bootstrap_servers=kafka,
        topic_prefix=f"{prefix}.",
        crm_partitions=1,
        facts_partitions=2,
        boards_partitions=1,
        replication=1,
    )
    log = BrokerLog(settings)
    database = tmp_path / "awards.db"

    def has(*rows: tuple[str, int, int]) -> bool:
        try:
            with closing(sqlite3.connect(database)) as db:
                return db.execute(kept).fetchall() == list(rows)
        except sqlite3.OperationalError:
            return False

    log.write(AWARDS, [("a", award("a", 5, 500)), ("b", award("b", 1, 100))])
    log.write(AWARDS, [("a", award("a", 9, 999_999))], abort=True)
    with running(program, settings, database, "first"):
        wait_until(lambda: has(("a", 5, 500), ("b", 1, 100)))
    log.write(AWARDS, [("a", award("a", 4, 1)), ("b", award("b", 2, 60))])
    with running(program, settings, database, "second"):
        wait_until(lambda: has(("a", 5, 500), ("b", 2, 60)))


@contextmanager
def running(program: str, settings: Settings, database: Path, group: str) -> Iterator[None]:
    """
    Run a program, and kill it at the end.

    In a group of its own: the former one is held by what was killed, for 45 s.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", program.replace("my-awards", settings.prefixed(group))],
        env={
            **os.environ,
            **settings.as_environment(),
            "AWARDS_DB": str(database),
            "SCHEMAS": str(_PROJECT / "schemas"),
            "TOPIC": settings.topic_name(AWARDS),
            "BOOTSTRAP": settings.bootstrap_servers,
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()
