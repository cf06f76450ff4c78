"""A worker that stands by for a task takes it over with the rows that it has."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from accolade.streams.engine.batches import Batch, Fetched
from accolade.streams.engine.rocks_store import RocksStores
from accolade.streams.engine.runner import Runner
from accolade.streams.engine.stores import StoreMaker, in_memory
from accolade.streams.engine.task import Task
from tests.chaos.crew import Member, crew

from .count_app import COUNTS, Output, Silent, count_stage, kafka_clients
from .counter import KEYS, PARTITIONS, Counter
from .test_runner import never, refuse

pytestmark = pytest.mark.pipeline


class Restored(Silent):
    """Remembers how many records takeovers had to read."""

    def __init__(self) -> None:
        """Start without a takeover."""
        self.records: list[int] = []

    def on_restored(self, task: Task[Output], records: int, seconds: float) -> None:
        """Remember it."""
        self.records.append(records)


class Pair:
    """Two workers' runners of a stage with one task."""

    def __init__(self, broker: str, app_id: str, stores: list[StoreMaker]) -> None:
        """Make the topics; neither owns anything yet."""
        self.stage = count_stage(app_id, 1)
        names = (*self.stage.sources, self.stage.changelog, f"{app_id}-counted")
        admin = AdminClient({"bootstrap.servers": broker})
        for made in admin.create_topics([NewTopic(name, 1, 1) for name in names]).values():
            made.result()
        clients = kafka_clients(broker, app_id)
        self.seen = [Restored(), Restored()]
        self.runners = [
            Runner(self.stage, app_id, clients, seen, refuse, never, made)
            for seen, made in zip(self.seen, stores, strict=True)
        ]

    def count(self, worker: int, start: int, stop: int) -> int:
        """Have a worker's task count records of one key; return the count."""
        task = self.runners[worker].tasks[0]
        (source,) = self.stage.sources
        records = tuple(Fetched(source, 0, n, 1, b"a", b"") for n in range(start, stop))
        task.process([Batch(source, 0, start, stop, stop, records)])
        return int(task.rows.get(COUNTS.name, "a", "").n)

    async def followed(self, worker: int, owner: int) -> None:
        """Wait until a worker has followed all that the owner wrote."""
        written = self.runners[owner].tasks[0].replica.store.mark
        replica = self.runners[worker].standbys[0]
        assert written is not None
        while (mark := replica.store.mark) is None or mark.offset < written.offset:
            await asyncio.to_thread(Event().wait, 0.01)

    async def stop(self) -> None:
        """Stop both."""
        for runner in self.runners:
            await runner.stop()


@pytest.fixture(params=["memory", "rocksdb"])
def pair(kafka: str, prefix: str, tmp_path: Path, request: pytest.FixtureRequest) -> Pair:
    """Two workers with stores of a kind."""
    if request.param == "memory":
        return Pair(kafka, prefix, [in_memory, in_memory])
    return Pair(kafka, prefix, [RocksStores(tmp_path / "one"), RocksStores(tmp_path / "two")])


def test_a_standby_reads_only_what_it_has_not_followed(pair: Pair) -> None:
    """Its takeover reads nothing again."""

    async def failover() -> tuple[int, list[int]]:
        one, two = pair.runners
        await one.own({0})
        await two.own(set(), {0})
        pair.count(0, 0, 10)
        await pair.followed(1, 0)
        await two.own({0})
        counted = pair.count(1, 10, 11)
        await pair.stop()
        return counted, pair.seen[1].records

    assert (11, [0]) == asyncio.run(failover())


def test_who_loses_a_task_and_stands_by_for_it_has_it_when_it_comes_back(pair: Pair) -> None:
    """What the other one counted meanwhile is followed, rows and positions."""

    async def there_and_back() -> tuple[int, list[int], dict[str, int]]:
        one, two = pair.runners
        await one.own({0})
        pair.count(0, 0, 10)
        await asyncio.gather(one.own(set(), {0}), two.own({0}))
        pair.count(1, 10, 15)
        await pair.followed(0, 1)
        await asyncio.gather(two.own(set()), one.own({0}))
        back = dict(one.tasks[0].next)
        counted = pair.count(0, 15, 20)
        await pair.stop()
        return counted, pair.seen[0].records, back

    (source,) = pair.stage.sources
    assert (20, [0, 0], {source: 15}) == asyncio.run(there_and_back())


def test_who_owns_a_task_no_more_holds_nothing_of_it(pair: Pair) -> None:
    """Neither its rows nor its producer."""

    async def revoked() -> tuple[int, int]:
        (runner, _) = pair.runners
        await runner.own({0})
        pair.count(0, 0, 10)
        await runner.own(set())
        held = len(runner.tasks), len(runner.standbys)
        await pair.stop()
        return held

    assert (0, 0) == asyncio.run(revoked())


def test_a_worker_may_be_stopped_while_a_standby_becomes_the_owner(pair: Pair) -> None:
    """Its rows are the takeover's then, and nobody closes them under it."""
    asked, answered = Event(), Event()
    (_, runner) = pair.runners
    clients = runner._clients

    def late(transactional_id: str) -> Mapping[str, Any]:
        asked.set()
        answered.wait()
        return clients.producer_config(transactional_id)

    async def stopped() -> tuple[int, list[int]]:
        await runner.own(set(), {0})
        runner._clients = replace(clients, producer_config=late)
        becoming = asyncio.create_task(runner.own({0}))
        await asyncio.to_thread(asked.wait)
        held = len(runner.standbys)
        await runner.stop()
        answered.set()
        await becoming
        await pair.stop()
        return held, pair.seen[1].records

    assert (0, [0]) == asyncio.run(stopped())


def test_a_follower_that_cannot_go_on_ends_the_worker(pair: Pair) -> None:
    """It would be found out at the failover."""
    reasons: list[BaseException] = []
    told = Event()

    def tell(reason: BaseException) -> None:
        reasons.append(reason)
        told.set()

    async def followed() -> None:
        (runner, _) = pair.runners
        runner.fail = tell
        producer = Producer(dict(runner._clients.admin_config()))
        producer.produce(pair.stage.changelog, key=b"other\0a\0", value=b"{}")
        assert producer.flush(30) == 0
        await runner.own(set(), {0})
        await asyncio.to_thread(told.wait)
        await pair.stop()

    asyncio.run(followed())
    assert ["the changelog has a row of an unknown table 'other'"] == [str(r) for r in reasons]


@pytest.fixture
def members(kafka: str, counter: Counter, tmp_path: Path) -> Iterator[list[Member]]:
    """Two workers of the counter; whatever is left of them is killed."""
    made = crew(kafka, counter.app_id, PARTITIONS, tmp_path, size=2)
    yield made
    for member in made:
        if member.here:
            member.kill()


@pytest.mark.parametrize("store", ["memory", "rocksdb"])
def test_a_killed_worker_s_standby_goes_on_where_it_was(counter, members, store):
    """With its rows: what it reads is what came since it stands by."""
    first, second = members
    key = keys_in_turn()
    variables = {"STANDBYS": "1", "STORE": store, "SESSION_SECONDS": "3"}
    first.join(variables)
    counter.send(20_000, key)
    counter.counts(until=20_000)
    second.join(variables)
    wait_for_log(members, "standing by", PARTITIONS)
    before = len(takeovers(second))
    counter.send(100, key)
    counter.counts(until=20_100)
    first.kill()
    counter.send(100, key)
    counts = counter.counts(until=20_200)

    assert dict.fromkeys(map(str.encode, KEYS), 101) == counts
    read = takeovers(second)[before:]
    assert len(read) == PARTITIONS // 2
    # A row and a position a record at most; a restore would read thousands.
    assert sum(read) <= 2 * 200


def keys_in_turn() -> Callable[[], str]:
    """Return what gives each key in turn."""
    return partial(next, cycle(KEYS))


def takeovers(member: Member) -> list[int]:
    """Return how many records each takeover of a worker read."""
    told = re.findall(r"taken over in .* s, (\d+) changelog records", member.log.read_text())
    return [int(records) for records in told]


def wait_for_log(members: list[Member], text: str, times: int) -> None:
    """Wait until the workers' logs say something so often."""
    while sum(member.log.read_text().count(text) for member in members) < times:
        assert all(member.ended() is None for member in members)
        Event().wait(0.05)
