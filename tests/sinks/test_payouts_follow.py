"""incentive.awards on Apache Kafka, booked by a process that is killed."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from accolade.sinks.ledger import reading
from accolade.sinks.ledger_batches import make_batch
from accolade.sinks.ledger_tables import AWARDS, BOOKINGS
from accolade.streams.catalogue import AWARDS as AWARDS_TOPIC
from accolade.streams.records import Award
from accolade.streams.settings import Settings
from tests.sinks.award_log import award
from tests.sinks.broker_log import BrokerLog, wait_until

pytestmark = pytest.mark.pipeline

_COMMAND = [sys.executable, "-c", "from accolade.deploy.cli import app; app()", "payouts"]


@pytest.fixture
def settings(kafka: str, prefix: str, ledger: Engine, ledger_url: str) -> Settings:
    """An installation of the test's own; its ledger has tables already."""
    plain = Settings(
        bootstrap_servers=kafka,
        topic_prefix=f"{prefix}.",
        crm_partitions=2,
        facts_partitions=3,
        boards_partitions=2,
        replication=1,
        payouts_metrics_port=0,
    )
    return plain.model_copy(update={"ledger_url": type(plain.ledger_url)(ledger_url)})


@pytest.fixture
def log(settings: Settings) -> BrokerLog:
    """The installation's topics."""
    return BrokerLog(settings)


@pytest.fixture
def processes(settings: Settings) -> Iterator[list[subprocess.Popen[bytes]]]:
    """What a test starts; ended with it."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()


def start(settings: Settings, log: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start `accolade payouts run`; it logs into the file."""
    with log.open("wb") as output:
        return subprocess.Popen(
            [*_COMMAND, "run", *options],
            env={**os.environ, **settings.as_environment()},
            stderr=output,
        )


def versions(seed: int, count: int, first_revision: int = 0) -> list[Award]:
    """Return that many awards of 300 ids, with rising revisions and some repeated."""
    chance = random.Random(seed)
    made: list[Award] = []
    for revision in range(first_revision, first_revision + count):
        if made and chance.random() < 0.1:
            made.append(chance.choice(made))
        amount_minor = chance.randrange(-100, 10_000)
        made.append(award(f"c/p{chance.randrange(300)}", revision, amount_minor))
    return made


def write(log: BrokerLog, awards: Sequence[Award], *, abort: bool = False) -> None:
    """Write awards to the partitions that their ids say, 1,000 to a transaction."""
    for first in range(0, len(awards), 1_000):
        part = awards[first : first + 1_000]
        log.write(AWARDS_TOPIC, [(each.award_id, each) for each in part], abort=abort)


def news(awards: Sequence[Award]) -> list[tuple[str, int, int]]:
    """Return award, revision and change of each award that says something new."""
    stands: dict[str, tuple[int, int]] = {}
    changes = []
    for each in awards:
        revision, before = stands.get(each.award_id, (-1, 0))
        if each.revision > revision:
            changes.append((each.award_id, each.revision, each.amount_minor - before))
            stands[each.award_id] = each.revision, each.amount_minor
    return sorted(changes)


def booked(ledger: Engine) -> list[tuple[str, int, int]]:
    """Return award, revision and change of all bookings."""
    with reading(ledger) as connection:
        query = select(BOOKINGS.c.award_id, BOOKINGS.c.revision, BOOKINGS.c.delta_minor)
        return sorted((row[0], row[1], row[2]) for row in connection.execute(query))


def count_booked(ledger: Engine) -> int:
    """Return how many bookings there are."""
    with reading(ledger) as connection:
        return connection.scalar(select(func.count()).select_from(BOOKINGS)) or 0


def has_more(ledger: Engine, before: int) -> bool:
    """Tell whether there are more bookings than before."""
    return count_booked(ledger) > before


def test_every_revision_is_booked_once_whenever_the_process_is_killed(
    log: BrokerLog,
    ledger: Engine,
    settings: Settings,
    processes: list[subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    """`kill -9` in the middle of the stream, again and again, while awards arrive."""
    awards = versions(1, 6_000)
    aborted = versions(2, 500, 90_000)
    write(log, awards)
    write(log, aborted, abort=True)
    for seed in range(3, 6):
        before = count_booked(ledger)
        processes.append(start(settings, tmp_path / "log"))
        wait_until(partial(has_more, ledger, before))
        processes[-1].kill()
        more = versions(seed, 1_500, seed * 10_000)
        write(log, more)
        awards += more

    last = start(settings, tmp_path / "log", "--once")
    processes.append(last)
    assert last.wait(60) == 0
    assert booked(ledger) == news(awards)
    with reading(ledger) as connection:
        total = connection.scalar(select(func.sum(AWARDS.c.amount_minor)))
    assert total == sum(change for _, _, change in news(awards))


def test_two_processes_book_as_one(
    log: BrokerLog,
    ledger: Engine,
    settings: Settings,
    processes: list[subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    """A second one that was started by mistake doubles nothing."""
    logs = [tmp_path / "one", tmp_path / "two"]
    processes += [start(settings, each) for each in logs]
    wait_until(lambda: all("reading" in each.read_text() for each in logs))
    awards = versions(1, 2_000)
    write(log, awards)
    wait_until(lambda: count_booked(ledger) == len(news(awards)))
    for process in processes:
        process.send_signal(signal.SIGTERM)

    assert [process.wait(20) for process in processes] == [0, 0]
    assert booked(ledger) == news(awards)


def test_what_was_paid_is_not_paid_again_after_a_correction(
    log: BrokerLog, ledger: Engine, settings: Settings, tmp_path: Path
) -> None:
    """Batches made between runs add up to the awards."""
    sums: Counter[str] = Counter()
    awards: list[Award] = []
    for seed in range(2):
        more = versions(seed, 500, seed * 10_000)
        write(log, more)
        awards += more
        assert start(settings, tmp_path / "log", "--once").wait(60) == 0
        batch = make_batch(ledger)
        assert batch is not None
        for row in batch.rows:
            sums[row.award_id] += row.amount_minor

    stands: Counter[str] = Counter()
    for award_id, _, change in news(awards):
        stands[award_id] += change
    assert +sums == +stands
    assert -sums == -stands
