"""
How long a restore takes and what a participant costs in memory, by store.

    python -m tests.bench.restore --rows 1000000 --json

Rows are those of the `tally` stage after a simulated quarter, of as many
participants as make up the number. Each measurement is a process of its own.
"""

import argparse
import ctypes
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from accolade.agents.app import stores_of
from accolade.deploy.kafka_local import LocalKafka
from accolade.streams.engine.clients import Clients
from accolade.streams.engine.replica import Replica
from accolade.streams.engine.task import Task
from accolade.streams.kafka_clients import (
    admin_config,
    consumer_config,
    transactional_producer_config,
)
from accolade.streams.settings import Settings
from tests.bench.participants import changes, of_a_quarter, tally_stage

PARTITIONS = 6
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") / 1024


def main() -> int:
    """Measure and print."""
    arguments = _parser().parse_args()
    if arguments.here:
        print(json.dumps(_restore_here()))
        return 0
    figures = measure(arguments.rows)
    print(json.dumps(figures, indent=2) if arguments.json else _text(figures))
    return 0


def measure(rows: int) -> dict[str, Any]:
    """Return what a restore of so many rows takes, by store."""
    with LocalKafka() as kafka, tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            bootstrap_servers=kafka.bootstrap, facts_partitions=PARTITIONS, data_dir=Path(folder)
        )
        filled = _fill(settings, rows)
        memory = _in_process(settings)
        on_disk = settings.model_copy(update={"store": "rocksdb"})
        first = _in_process(on_disk)
        again = _in_process(on_disk)
        size = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file())
    participants = filled["participants"]
    return {
        **filled,
        "cores": os.cpu_count(),
        "memory": _figures(memory, rows, participants),
        "rocksdb": {
            **_figures(first, rows, participants),
            "disk_kb_per_participant": round(size / 1024 / participants, 1),
            "restart_seconds": round(again["seconds"], 2),
            "restart_records": again["records"],
        },
    }


def _figures(run: dict[str, Any], rows: int, participants: int) -> dict[str, Any]:
    return {
        "restore_seconds": round(run["seconds"], 2),
        "rows_per_second": round(rows / run["seconds"]),
        "memory_kb_per_participant": round(run["memory_kb"] / participants, 1),
    }


def _fill(settings: Settings, rows: int) -> dict[str, Any]:
    stage = tally_stage(settings)
    admin = AdminClient(admin_config(settings))
    config = {"cleanup.policy": "compact"}
    topics = [NewTopic(stage.changelog, PARTITIONS, 1, config=config)]
    topics += [NewTopic(source, PARTITIONS, 1) for source in stage.sources]
    for made in admin.create_topics(topics).values():
        made.result()
    producer = Producer(
        {
            "bootstrap.servers": settings.bootstrap_servers,
            "linger.ms": 50,
            "compression.type": settings.compression,
            "queue.buffering.max.messages": 1_000_000,
        }
    )
    numbers: set[int] = set()
    size = 0
    for number, (key, value) in changes(rows, of_a_quarter()):
        numbers.add(number)
        size += len(key) + len(value or b"")
        producer.produce(stage.changelog, key=key, value=value, partition=number % PARTITIONS)
        producer.poll(0)
    assert producer.flush(120) == 0
    return {
        "rows": rows,
        "participants": len(numbers),
        "rows_per_participant": round(rows / len(numbers), 1),
        "bytes_per_row": round(size / rows, 1),
    }


def _in_process(settings: Settings) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.restore", "--here"],
        env={**os.environ, **settings.as_environment()},
        stdout=subprocess.PIPE,
        check=True,
    )
    figures: dict[str, Any] = json.loads(run.stdout)
    return figures


def _restore_here() -> dict[str, Any]:
    """Take all tasks over, as a worker does that is alone."""
    settings = Settings()
    stage = tally_stage(settings)
    clients = Clients(
        lambda transactional_id: transactional_producer_config(settings, transactional_id),
        lambda: consumer_config(settings, "bench-restore"),
        lambda: admin_config(settings),
    )
    stores = stores_of(settings)
    gc.collect()
    before_kb = _resident_kb()
    started = time.perf_counter()

    def restored(partition: int) -> tuple[Task[Any], int]:
        store = stores(stage.changelog, partition, stage.tables)
        replica = Replica(stage.changelog, partition, clients, store)
        task = Task(stage, partition, settings.group, clients, replica)
        return task, task.take_over()

    with ThreadPoolExecutor(stage.partitions) as threads:
        done = list(threads.map(restored, range(stage.partitions)))
    seconds = time.perf_counter() - started
    gc.collect()
    figures = {
        "seconds": seconds,
        "records": sum(records for _, records in done),
        "memory_kb": _resident_kb() - before_kb,
    }
    for task, _ in done:
        task.replica.store.close()
    return figures


def _resident_kb() -> float:
    """Return the memory in use, without what was freed and not given back yet."""
    ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_KB


def _text(figures: dict[str, Any]) -> str:
    memory, disk = figures["memory"], figures["rocksdb"]
    return "\n".join(
        [
            f"{figures['rows']:,} rows of {figures['bytes_per_row']} bytes, "
            f"{figures['participants']:,} participants",
            f"memory:  {memory['restore_seconds']} s, "
            f"{memory['memory_kb_per_participant']} KB of memory a participant",
            f"rocksdb: {disk['restore_seconds']} s, "
            f"{disk['memory_kb_per_participant']} KB of memory and "
            f"{disk['disk_kb_per_participant']} KB on disk a participant; "
            f"{disk['restart_seconds']} s after a restart",
        ]
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.restore", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
