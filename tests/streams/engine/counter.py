"""The counter app on the broker: its topics, a worker, and what is counted."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

PARTITIONS = 4
KEYS = [f"key-{n}" for n in range(200)]
APP = Path(__file__).with_name("count_app.py")


class Counter:
    """A counter app of its own on the broker: topics, worker, results."""

    def __init__(self, broker: str, app_id: str, folder: Path) -> None:
        """Make its topics."""
        self.broker, self.app_id, self.folder = broker, app_id, folder
        self.log = folder / "worker.log"
        self.sent = 0
        self._producer = Producer({"bootstrap.servers": broker, "linger.ms": 5})
        self._worker: subprocess.Popen[bytes] | None = None
        admin = AdminClient({"bootstrap.servers": broker})
        compacted = {"cleanup.policy": "compact"}
        topics = [
            NewTopic(f"{app_id}-source", PARTITIONS, 1),
            NewTopic(f"{app_id}-counted", PARTITIONS, 1),
            NewTopic(f"{app_id}-count-changelog", PARTITIONS, 1, config=compacted),
        ]
        for made in admin.create_topics(topics).values():
            made.result()

    def start(self, **variables: str) -> None:
        """Start a worker, with further variables."""
        command = [sys.executable, str(APP), self.broker, self.app_id, str(PARTITIONS)]
        with self.log.open("ab") as log:
            self._worker = subprocess.Popen(
                command,
                env={**os.environ, "DATADIR": str(self.folder / "data"), **variables},
                stdout=log,
                stderr=log,
            )

    def end(self, how: signal.Signals) -> int:
        """End the worker and return its exit status."""
        assert self._worker is not None
        self._worker.send_signal(how)
        return self._worker.wait(60)

    def wait_for_exit(self) -> int:
        """Wait until the worker ends by itself."""
        assert self._worker is not None
        return self._worker.wait(60)

    @property
    def runs(self) -> bool:
        """Whether its worker is a running process."""
        return self._worker is not None and self._worker.poll() is None

    def send(self, number: int, key: Callable[[], str], value: bytes = b"") -> None:
        """Append records to the source."""
        for _ in range(number):
            self._producer.produce(f"{self.app_id}-source", key=key(), value=value)
            self._producer.poll(0)
        assert self._producer.flush(30) == 0
        self.sent += number

    def counts(self, until: int) -> dict[bytes, int]:
        """Read the counts, as an outside reader does, until they add up to `until`."""
        reader = self._reader()
        topic = f"{self.app_id}-counted"
        reader.assign([TopicPartition(topic, p, 0) for p in range(PARTITIONS)])
        counts: dict[bytes, int] = {}
        silent = 0
        try:
            while sum(counts.values()) < until and silent < 60:
                records = reader.consume(1000, 1.0)
                silent = 0 if records else silent + 1
                for record in records:
                    assert record.error() is None
                    key, n = record.key() or b"", int(record.value() or b"")
                    assert n > counts.get(key, 0), "a count was said twice"
                    counts[key] = n
        finally:
            reader.close()
        return counts

    def changelog(self) -> dict[bytes, bytes]:
        """Read the last value of each key of the changelog, as an outside reader does."""
        reader = self._reader({"enable.partition.eof": True})
        topic = f"{self.app_id}-count-changelog"
        reader.assign([TopicPartition(topic, p, 0) for p in range(PARTITIONS)])
        values: dict[bytes, bytes] = {}
        ended: set[int | None] = set()
        while len(ended) < PARTITIONS:
            for record in reader.consume(1_000, 0.2):
                error = record.error()
                if error is None:
                    values[record.key() or b""] = record.value() or b""
                    continue
                assert error.code() == KafkaError._PARTITION_EOF
                ended.add(record.partition())
        reader.close()
        return values

    def _reader(self, more: Mapping[str, Any] | None = None) -> Consumer:
        return Consumer(
            {
                **(more or {}),
                "bootstrap.servers": self.broker,
                "group.id": f"{self.app_id}-reader",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
            }
        )
