"""incentive.tallies on Apache Kafka, followed into a real Redis that fails."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from redis import Redis
from redis.exceptions import RedisError

from accolade.deploy.kafka_local import LocalKafka
from accolade.deploy.local_process import LocalProcess, free_port
from accolade.deploy.redis_local import LocalRedis
from accolade.sinks.board_reader import BoardReader, UnknownBoardError
from accolade.sinks.feeds import board_reader, boards_follower, connect_redis
from accolade.streams.catalogue import CONTACTS, TALLIES
from accolade.streams.kafka_clients import admin_config
from accolade.streams.records import Contact, Tally, TallyBoard
from accolade.streams.settings import Settings
from tests.sinks.board_log import tally
from tests.sinks.broker_log import BrokerLog, Following, wait_until

pytestmark = pytest.mark.pipeline

#: Measures, so that boards lie in several partitions.
MEASURES = ("sales", "calls", "demos", "renewals")


@pytest.fixture
def server() -> Iterator[LocalRedis]:
    """A Redis that a test may stop."""
    with LocalRedis() as server:
        yield server


@pytest.fixture
def settings(kafka: str, prefix: str, server: LocalRedis) -> Settings:
    """An installation of the test's own."""
    return Settings(
        bootstrap_servers=kafka,
        topic_prefix=f"{prefix}.",
        redis_url=server.url,
        redis_prefix=f"{prefix}:",
        crm_partitions=2,
        facts_partitions=2,
        boards_partitions=3,
        replication=1,
        metrics_port=0,
    )


@pytest.fixture
def log(settings: Settings) -> BrokerLog:
    """The installation's topics."""
    return BrokerLog(settings)


def versions(seed: int, count: int, first_revision: int = 0) -> list[Tally]:
    """Return that many tallies of 50 people in several measures, with rising revisions."""
    chance = random.Random(seed)
    made = []
    for revision in range(first_revision, first_revision + count):
        measure = chance.choice(MEASURES)
        board = TallyBoard(board=f"p/top_{measure}/2026-Q2", ties="pooled", show=3)
        participant = f"p{chance.randrange(50)}"
        value = chance.randrange(1_000)
        made.append(
            tally(
                *(participant, revision, value),
                tally_id=f"p/{measure}/2026-Q2",
                measure=measure,
                boards=(board,),
                active=chance.random() > 0.1,
            )
        )
    return made


def write(log: BrokerLog, tallies: list[Tally], *, abort: bool = False) -> None:
    """Write tallies to the partitions that their tally ids say."""
    log.write(TALLIES, [(each.tally_id, each) for each in tallies], abort=abort)


def expected(tallies: list[Tally]) -> dict[str, list[tuple[str, int]]]:
    """Return participants and values of each board, by sorting the newest tallies."""
    newest = {(t.tally_id, t.participant): t for t in sorted(tallies, key=lambda t: t.revision)}
    boards: dict[str, list[tuple[str, int]]] = {}
    for each in newest.values():
        if each.active:
            boards.setdefault(each.boards[0].board, []).append((each.participant, each.value))
    return {
        board: sorted(places, key=lambda place: (-place[1], place[0]))
        for board, places in boards.items()
    }


def shows(reader: BoardReader, tallies: list[Tally]) -> Callable[[], bool]:
    """Return what tells whether Redis has these boards, all and complete."""
    boards = expected(tallies)

    def compare() -> bool:
        try:
            return boards == {
                board: [(row.participant, row.value) for row in reader.top(board, 99).rows]
                for board in boards
            }
        except (RedisError, UnknownBoardError):
            return False

    return compare


@pytest.fixture
def reader(settings: Settings) -> Iterator[BoardReader]:
    """A reader of the installation's boards."""
    with connect_redis(settings) as redis:
        yield board_reader(settings, redis)


@pytest.fixture
def following(settings: Settings) -> Iterator[Following]:
    """The sink, running in this process."""
    with connect_redis(settings) as redis, Following(boards_follower(settings, redis)) as running:
        yield running


def test_boards_follow_what_was_committed(
    log: BrokerLog, reader: BoardReader, following: Following
) -> None:
    """What a transaction took back is never seen; names come from the contacts."""
    first, aborted, second = versions(1, 2_000), versions(2, 500, 5_000), versions(3, 500, 2_000)
    log.write(CONTACTS, [("p1", Contact(person_id="p1", revision=1, name="Pia One"))])
    write(log, first)
    write(log, aborted, abort=True)
    write(log, second)

    wait_until(shows(reader, first + second))
    wait_until(reader.filled)
    wait_until(lambda: named(reader) == {"Pia One"})


def named(reader: BoardReader) -> set[str]:
    """Return the names of p1 on the boards."""
    parts = [reader.around(part.info.board, "p1", 0) for part in reader.boards()]
    return {row.name for part in parts for row in part.rows}


def test_an_emptied_redis_is_filled_again(
    log: BrokerLog, reader: BoardReader, following: Following, server: LocalRedis
) -> None:
    """Also while nothing new arrives, and in the middle of the flow."""
    tallies = versions(1, 1_000)
    write(log, tallies)
    wait_until(shows(reader, tallies))

    server.flush()
    wait_until(shows(reader, tallies))
    for part in range(5):
        more = versions(part, 400, len(tallies))
        write(log, more)
        server.flush()
        tallies += more
    wait_until(shows(reader, tallies))


def test_a_redis_that_was_gone_is_waited_for(
    log: BrokerLog, reader: BoardReader, following: Following, server: LocalRedis
) -> None:
    """What arrives meanwhile is there afterwards; this one comes back empty."""
    tallies = versions(1, 1_000)
    write(log, tallies)
    wait_until(shows(reader, tallies))
    server.stop()
    more = versions(2, 1_000, 1_000)
    write(log, more)
    server.start()

    wait_until(shows(reader, tallies + more))


def test_a_redis_that_is_killed_goes_on_from_what_it_kept(
    log: BrokerLog, settings: Settings, tmp_path: Path
) -> None:
    """Its own position tells what it has lost, be it little or nothing."""
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    command = ["redis-server", "--port", str(port), "--appendonly", "yes", "--dir", str(tmp_path)]

    def start() -> LocalProcess:
        return LocalProcess(command, tmp_path).wait_until(lambda: answers(url), 20.0)

    settings = settings.model_copy(update={"redis_url": type(settings.redis_url)(url)})
    process = start()
    tallies = versions(1, 500)
    with connect_redis(settings) as redis, Following(boards_follower(settings, redis)):
        reader = board_reader(settings, redis)
        for part in range(3):
            write(log, tallies)
            wait_until(lambda: redis_has_some(settings))
            process.kill()
            tallies += versions(part, 500, len(tallies))
            process = start()
        write(log, tallies)
        wait_until(shows(reader, tallies))
    process.stop()


def answers(url: str) -> bool:
    """Tell whether a Redis answers and has loaded what it kept."""
    try:
        with Redis.from_url(url) as redis:
            return bool(redis.ping())
    except RedisError:
        return False


def redis_has_some(settings: Settings) -> bool:
    """Tell whether something has been written to Redis."""
    with connect_redis(settings) as redis:
        return bool(redis.dbsize())


def test_the_process_ends_in_order_and_goes_on_where_it_was(
    log: BrokerLog, reader: BoardReader, settings: Settings
) -> None:
    """Killed at any moment, and stopped with SIGTERM."""
    tallies = versions(1, 3_000)
    write(log, tallies)
    killed = start_process(settings)
    wait_until(lambda: redis_has_some(settings))
    killed.kill()
    killed.wait()
    more = versions(2, 100, 3_000)
    write(log, more)

    process = start_process(settings)
    wait_until(shows(reader, tallies + more))
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def start_process(settings: Settings) -> subprocess.Popen[bytes]:
    """Start `accolade boards run`."""
    return subprocess.Popen(
        [sys.executable, "-c", "from accolade.deploy.cli import app; app()", "boards", "run"],
        env={**os.environ, **settings.as_environment()},
        stderr=subprocess.DEVNULL,
    )


def test_a_broker_that_was_gone_is_waited_for(
    log: BrokerLog,
    reader: BoardReader,
    following: Following,
    kafka_server: LocalKafka,
    settings: Settings,
) -> None:
    """The sink goes on by itself, and still notices an emptied Redis."""
    tallies = versions(1, 500)
    write(log, tallies)
    wait_until(shows(reader, tallies))
    kafka_server.restart()
    with connect_redis(settings) as redis:
        redis.flushall()
    more = versions(2, 500, 500)
    write(BrokerLog(settings), more)

    wait_until(shows(reader, tallies + more))


def test_an_unreadable_record_does_not_stop_the_boards(
    log: BrokerLog, reader: BoardReader, following: Following
) -> None:
    """What stands behind it in its partition is ranked."""
    tallies = versions(1, 200)
    log.write(TALLIES, [(each.tally_id, b"garbage") for each in tallies[:20]])
    write(log, tallies)

    wait_until(shows(reader, tallies))


def test_a_tally_topic_made_anew_empties_the_boards(
    log: BrokerLog, reader: BoardReader, settings: Settings
) -> None:
    """Nobody stays on a board who isn't in the new topic."""
    tallies = versions(1, 300)
    write(log, tallies)
    with connect_redis(settings) as redis, Following(boards_follower(settings, redis)):
        wait_until(shows(reader, tallies))
    admin = AdminClient(admin_config(settings))
    name = settings.topic_name(TALLIES)
    admin.delete_topics([name])[name].result(30)
    wait_until(lambda: name not in admin.list_topics(timeout=10).topics)
    fewer = versions(2, 400)[:350]
    write(BrokerLog(settings), fewer)

    with connect_redis(settings) as redis, Following(boards_follower(settings, redis)):
        wait_until(shows(reader, fewer))
