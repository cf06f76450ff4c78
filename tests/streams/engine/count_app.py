"""
A plain counter on the engine, run as a worker process by the tests.

It is not idempotent on purpose: absolute facts would hide an engine that
counts twice. Each record adds one to its key and says the new count.

Variables: DATADIR; STORE, `memory` or `rocksdb`; STANDBYS; SESSION_SECONDS;
RESTORE_SECONDS, how long a restore takes at least, as that of a large state does;
JUMP_TO, an offset to which the source is sought once the first batch is counted,
as a wrong offset of the group does.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from faust.types import TP

from accolade.streams.engine.app import App
from accolade.streams.engine.batches import Fetched
from accolade.streams.engine.clients import Clients
from accolade.streams.engine.rocks_store import RocksStores
from accolade.streams.engine.stage import Message, Stage
from accolade.streams.engine.stores import StoreMaker, in_memory
from accolade.streams.engine.tables import Overlay
from accolade.streams.engine.task import Report, Task
from accolade.streams.engine.worker import run_worker


class Count(msgspec.Struct, frozen=True):
    """How often a key was seen."""

    n: int


class CountTable(NamedTuple):
    """The only table."""

    name: str = "counts"
    row: type[Count] = Count


COUNTS = CountTable()


class Output(NamedTuple):
    """A key's new count."""

    key: str
    n: int
    partition: int


def count(view: Overlay, record: Fetched) -> Iterator[Output]:
    """Count a record."""
    if record.value == b"raise":
        raise ValueError("the step refuses to count this record")
    key = (record.key or b"").decode()
    row = view.get(COUNTS, key) or Count(0)
    view.put(COUNTS, key, "", Count(row.n + 1))
    yield Output(key, row.n + 1, record.partition)


class Silent:
    """Observes nothing."""

    def on_committed(self, task: Task[Output], report: Report) -> None:
        """Do nothing."""

    def on_restored(self, task: Task[Output], records: int, seconds: float) -> None:
        """Do nothing."""


class Jumper(Silent):
    """Seeks the source of the first task that commits ahead of what was counted."""

    def __init__(self, offset: int) -> None:
        """Take where to; the app is set once it is made."""
        self.app: App | None = None
        self._offset = offset

    def on_committed(self, task: Task[Output], report: Report) -> None:
        """Jump, once."""
        app, self.app = self.app, None
        if app is not None:
            (topic,) = task.stage.sources
            self._jump = asyncio.ensure_future(
                app.consumer.seek(TP(topic, task.partition), self._offset)
            )


def kafka_clients(broker: str, app_id: str) -> Clients:
    """Return how to reach the broker."""

    def producer_config(transactional_id: str) -> dict[str, Any]:
        # A slow restore, for tests of what happens meanwhile.
        threading.Event().wait(float(os.environ.get("RESTORE_SECONDS", "0")))
        return {
            "bootstrap.servers": broker,
            "transactional.id": transactional_id,
            "transaction.timeout.ms": 10_000,
            "retry.backoff.ms": 2,
        }

    return Clients(
        producer_config,
        lambda: {
            "bootstrap.servers": broker,
            "group.id": f"{app_id}-restore",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
        },
        lambda: {"bootstrap.servers": broker},
    )


def count_stage(app_id: str, partitions: int) -> Stage[Output]:
    """Return the stage that counts `<app_id>-source` into `<app_id>-counted`."""
    target = f"{app_id}-counted"
    return Stage(
        name="count",
        sources=(f"{app_id}-source",),
        partitions=partitions,
        changelog=f"{app_id}-count-changelog",
        tables=(COUNTS,),
        step=count,
        identify=lambda output: output.key,
        encode=lambda output: Message(
            target, output.partition, output.key.encode(), b"%d" % output.n
        ),
    )


def stores() -> StoreMaker:
    """Return what opens the stores."""
    if os.environ.get("STORE", "memory") == "memory":
        return in_memory
    return RocksStores(Path(os.environ["DATADIR"]) / "state")


def make_app(broker: str, app_id: str, partitions: int) -> App:
    """Return the app that runs the stage."""
    jumper = Jumper(int(os.environ.get("JUMP_TO", "0")))
    app = App(
        app_id,
        broker=f"batched://{broker}",
        clients=kafka_clients(broker, app_id),
        observer=jumper if "JUMP_TO" in os.environ else Silent(),
        stores=stores(),
        standbys=int(os.environ.get("STANDBYS", "0")),
        topic_partitions=partitions,
        broker_session_timeout=float(os.environ.get("SESSION_SECONDS", "6")),
        broker_heartbeat_interval=0.5,
        broker_rebalance_timeout=10.0,
        broker_max_poll_records=500,
        web_enabled=False,
        datadir=os.environ["DATADIR"],
    )
    app.add_stage(count_stage(app_id, partitions))
    jumper.app = app
    return app


if __name__ == "__main__":
    sys.exit(run_worker(make_app(sys.argv[1], sys.argv[2], int(sys.argv[3])), loglevel="INFO"))
