"""A runner's tasks change hands on real Kafka, whenever a rebalance comes."""

import asyncio
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from accolade.streams.engine.runner import Runner

from .count_app import Output, Silent, count_stage, kafka_clients

pytestmark = pytest.mark.pipeline


@pytest.fixture
def runner(kafka: str, prefix: str) -> Runner[Output]:
    """A runner of two tasks, none of which it owns yet."""
    stage = count_stage(prefix, partitions=2)
    names = (*stage.sources, stage.changelog, f"{prefix}-counted")
    admin = AdminClient({"bootstrap.servers": kafka})
    for made in admin.create_topics([NewTopic(name, 2, 1) for name in names]).values():
        made.result()
    return Runner(stage, prefix, kafka_clients(kafka, prefix), Silent(), refuse, never)


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
