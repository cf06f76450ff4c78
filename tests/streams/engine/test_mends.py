"""What Faust takes for a crash, and is none."""

import asyncio
from typing import Any

import pytest
from aiokafka.errors import CommitFailedError, ConsumerStoppedError
from faust.types import TP

from accolade.streams.engine.app import App

from .count_app import make_app


class Refusing:
    """A consumer whose commits the broker refuses."""

    async def commit(self, offsets: Any) -> None:
        """Refuse."""
        raise CommitFailedError

    def assignment(self) -> set[TP]:
        """Return nothing."""
        return set()


@pytest.fixture
def app(tmp_path, monkeypatch) -> App:
    """An app that isn't started and has no broker."""
    monkeypatch.setenv("DATADIR", str(tmp_path))
    made = make_app("127.0.0.1:1", "app", 1)
    made.finalize()
    return made


async def refused(*_: Any) -> None:
    """Stop as a consumer does that is closed."""
    raise ConsumerStoppedError


async def drained(app: App) -> None:
    """Fetch from a consumer that is closed."""
    app.consumer._deliver_batches = refused
    await app.consumer._drain_messages(None)


def test_a_consumer_that_is_closed_while_the_worker_ends_is_no_failure(app):
    """The exit status would say one."""

    async def ends() -> None:
        app._stopped.set()
        await drained(app)

    asyncio.run(ends())


def test_a_consumer_that_is_closed_by_anything_else_ends_the_worker(app):
    """It would stand there and look healthy."""
    with pytest.raises(ConsumerStoppedError):
        asyncio.run(drained(app))


def test_offsets_that_cannot_be_committed_end_nothing(app):
    """They are for lag tools alone."""

    async def committed() -> tuple[bool, bool]:
        thread = app.consumer._thread
        thread._consumer = Refusing()
        return await thread._commit({TP("source", 0): 7}), thread.crashed

    assert (False, False) == asyncio.run(committed())


def test_a_changelog_is_never_fetched_by_faust(app):
    """Its recovery can't read transactions, those of standbys neither."""
    source, changelog = TP("app-source", 0), TP("app-count-changelog", 0)
    app.consumer.resume_partitions({source, changelog})

    assert {source} == app.consumer._get_active_partitions()


def test_a_worker_that_cannot_finish_stops_all_the_same(app):
    """Services that are left running would keep the process from ending."""

    async def broken() -> None:
        raise RuntimeError("the disk is full")

    async def stopped() -> bool:
        app.finish = broken
        with pytest.raises(RuntimeError, match="disk is full"):
            await app.stop()
        return bool(app.should_stop)

    assert asyncio.run(stopped())
