"""A runner's tasks change hands on real Kafka, whenever a rebalance comes."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from accolade.streams.engine.batches import Batch, Fetched
from accolade.streams.engine.clients import Clients
from accolade.streams.engine.runner import QUEUED_BATCHES, Runner
from accolade.streams.engine.tables import Overlay
from accolade.streams.engine.task import Task

from .count_app import COUNTS, Output, Silent, count, count_stage, kafka_clients

pytestmark = pytest.mark.pipeline


class Held:
    """A step that counts only when it is let."""

    def __init__(self) -> None:
        """Hold the first record."""
        self.begun = threading.Event()
        self.let = threading.Event()

    def step(self, view: Overlay, record: Fetched) -> Iterator[Output]:
        """Count a record once it may be."""
        self.begun.set()
        self.let.wait()
        return count(view, record)


@pytest.fixture
def held() -> Iterator[Held]:
    """A step that is let go at the end of the test, at the latest."""
    made = Held()
    yield made
    made.let.set()


@pytest.fixture
def runner(kafka: str, prefix: str, held: Held) -> Runner[Output]:
    """A runner of two tasks, none of which it owns yet."""
    stage = count_stage(prefix, partitions=2)
    names = (*stage.sources, stage.changelog, f"{prefix}-counted")
    admin = AdminClient({"bootstrap.servers": kafka})
    for made in admin.create_topics([NewTopic(name, 2, 1) for name in names]).values():
        made.result()
    stage = replace(stage, step=held.step)
    return Runner(stage, prefix, kafka_clients(kafka, prefix), Silent(), refuse, never)


def batch(runner: Runner[Output], start: int) -> Batch:
    """Return the record of partition 0 at an offset."""
    source = runner.stage.sources[0]
    return Batch(source, 0, start, start + 1, start + 1, (Fetched(source, 0, start, 1, b"a", b""),))


async def begin(runner: Runner[Output], held: Held) -> None:
    """Own both tasks, and have the first record under way."""
    await runner.own({0, 1})
    runner.open()
    await runner.take(batch(runner, 0))
    await asyncio.to_thread(held.begun.wait)


async def no_progress(waiting: "asyncio.Task[None]") -> bool:
    """Tell whether it still waits after everything else had its turn."""
    await asyncio.wait([waiting], timeout=0)
    return not waiting.done()


def counted(task: Task[Output]) -> int:
    """Return how often the key was counted."""
    row = task.rows.get(COUNTS.name, "a", "")
    return 0 if row is None else int(row.n)


def refuse(error: BaseException) -> None:
    """Let the test fail with the error that would end the worker."""
    raise error


async def never(*_: Any) -> None:
    """Seek nowhere: nothing is fetched here."""


def test_a_rebalance_may_come_before_the_one_before_is_over(runner: Runner[Output]) -> None:
    """Tasks that were restored, but had not begun to process, are kept or given away."""

    async def rebalances() -> tuple[set[int], bool]:
        await runner.own({0, 1})
        await runner.own({0})
        await runner.own({0, 1})
        runner.open()
        owned = set(runner.tasks), runner.ready
        await runner.stop()
        return owned

    assert ({0, 1}, True) == asyncio.run(rebalances())


def test_a_runner_may_be_stopped_while_tasks_change_hands(runner: Runner[Output]) -> None:
    """What was being restored is left alone; nothing begins to process any more."""

    async def stopped() -> bool:
        taking_over = asyncio.create_task(runner.own({0, 1}))
        await asyncio.wait([taking_over], timeout=0)
        await runner.stop()
        await taking_over
        runner.open()
        return runner.ready

    assert not asyncio.run(stopped())


def test_a_takeover_that_fails_while_the_worker_stops_is_no_failure(
    runner: Runner[Output],
) -> None:
    """Its tasks went to another, who fenced what was being taken over here."""
    began, fenced = threading.Event(), threading.Event()

    def fence(transactional_id: str) -> dict[str, Any]:
        began.set()
        fenced.wait()
        raise RuntimeError(f"{transactional_id} is fenced")

    async def stopped() -> None:
        leaving = Runner(runner.stage, "app", Clients(fence, dict, dict), Silent(), refuse, never)
        taking_over = asyncio.create_task(leaving.own({0}))
        await asyncio.to_thread(began.wait)
        await leaving.stop()
        fenced.set()
        await taking_over

    asyncio.run(stopped())


def test_a_takeover_that_fails_ends_the_worker_with_the_reason(runner: Runner[Output]) -> None:
    """Faust swallows what is raised in a rebalance: the worker would look healthy."""
    reasons: list[BaseException] = []

    def fence(transactional_id: str) -> dict[str, Any]:
        raise RuntimeError(f"{transactional_id} is fenced")

    failing = Runner(
        runner.stage, "app", Clients(fence, dict, dict), Silent(), reasons.append, never
    )
    asyncio.run(failing.own({0}))

    assert ["app-count-0 is fenced"] == [str(reason) for reason in reasons]
    assert not failing.ready


def test_a_rebalance_waits_for_the_transaction_under_way(
    runner: Runner[Output], held: Held
) -> None:
    """The next owner would fence it, and this worker would end for nothing."""

    async def rebalanced() -> tuple[bool, int]:
        await begin(runner, held)
        release = asyncio.create_task(runner.release())
        waits = await no_progress(release)
        held.let.set()
        await release
        return waits, counted(runner.tasks[0])

    assert (True, 1) == asyncio.run(rebalanced())


def test_a_batch_abandoned_in_a_rebalance_leaves_no_trace(
    runner: Runner[Output], held: Held
) -> None:
    """What waited for its turn is not counted by who has lost the task."""

    async def handed_over() -> tuple[int, int, dict[str, int]]:
        await begin(runner, held)
        await runner.take(batch(runner, 1))
        leaving = asyncio.create_task(runner.own({1}))
        held.let.set()
        await leaving
        left = len(runner.tasks)
        await runner.own({0, 1})
        task = runner.tasks[0]
        return left, counted(task), task.next

    assert (1, 1, {runner.stage.sources[0]: 1}) == asyncio.run(handed_over())


def test_a_stream_that_waits_for_a_full_queue_is_freed_by_a_rebalance(
    runner: Runner[Output], held: Held
) -> None:
    """It serves all tasks of the stage: stuck, it would stop them all."""

    async def freed() -> bool:
        await begin(runner, held)
        for offset in range(1, QUEUED_BATCHES + 1):
            await runner.take(batch(runner, offset))
        waiting = asyncio.create_task(runner.take(batch(runner, QUEUED_BATCHES + 1)))
        waits = await no_progress(waiting)
        held.let.set()
        await runner.own({1})
        await waiting
        return waits

    assert asyncio.run(freed())


def test_a_task_that_is_fenced_by_mistake_is_taken_over_again(
    runner: Runner[Output], held: Held, zombie: Task[Output]
) -> None:
    """A worker that stood still in the middle of a takeover went on with it, expelled as it is."""

    async def fenced() -> tuple[int, dict[str, int]]:
        held.let.set()
        await begin(runner, held)
        await settled(runner, 1)
        await asyncio.to_thread(zombie.take_over)
        await runner.take(batch(runner, 1))
        await read_again(sought)
        await runner.take(batch(runner, 1))
        await settled(runner, 2)
        task = runner.tasks[0]
        return counted(task), task.next

    sought: list[int] = []
    runner._seek = remembering(sought)
    assert (2, {runner.stage.sources[0]: 2}) == asyncio.run(fenced())


def test_a_worker_that_is_expelled_ends_when_it_is_fenced(
    runner: Runner[Output], held: Held, zombie: Task[Output]
) -> None:
    """Its tasks are another's: it takes nothing back."""
    reasons: list[BaseException] = []

    async def expelled() -> bool:
        return False

    async def fenced() -> None:
        held.let.set()
        await begin(runner, held)
        await settled(runner, 1)
        await asyncio.to_thread(zombie.take_over)
        await runner.take(batch(runner, 1))
        while not reasons:
            await asyncio.to_thread(threading.Event().wait, 0.01)

    runner._is_member = expelled
    runner.fail = reasons.append
    asyncio.run(fenced())

    assert "fenced" in str(reasons[0])


@pytest.fixture
def zombie(runner: Runner[Output], kafka: str, prefix: str) -> Task[Output]:
    """The first task, as another worker takes it over that shouldn't."""
    return Task(runner.stage, 0, prefix, kafka_clients(kafka, prefix))


def remembering(sought: list[int]) -> Callable[[str, int, int], Any]:
    """Return what remembers the offsets that are sought."""

    async def seek(topic: str, partition: int, offset: int) -> None:
        sought.append(offset)

    return seek


async def settled(runner: Runner[Output], count: int) -> None:
    """Wait until the key was counted so often."""
    while counted(runner.tasks[0]) < count:
        await asyncio.to_thread(threading.Event().wait, 0.01)


async def read_again(sought: list[int]) -> None:
    """Wait until the source was sought back to where the task stands."""
    while sought != [1]:
        await asyncio.to_thread(threading.Event().wait, 0.01)
