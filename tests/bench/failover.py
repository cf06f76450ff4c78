"""
How long counting stands still for a killed worker's tasks, with a standby and without.

    python -m tests.bench.failover --json

Two workers of the plain counter; one is killed with `kill -9`. The time is that from
the kill to the first count of each of its tasks, less the session timeout that the
broker waits before it believes in the kill.
"""

import argparse
import json
import re
import sys
import tempfile
import time
import uuid
from pathlib import Path
from threading import Event
from typing import Any

from confluent_kafka import Consumer, Producer, TopicPartition

from accolade.deploy.kafka_local import LocalKafka
from tests.chaos.crew import Member, crew
from tests.chaos.flow import PARTITIONS, make_topics

SESSION_SECONDS = 6.0
_WAIT_SECONDS = 300


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.failover", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure(arguments.rows)
    if arguments.json:
        print(json.dumps(figures, indent=2))
        return 0
    for name in ("without_standby", "with_standby"):
        run = figures[name]
        print(f"{name}: {run['seconds_after_session']} s, {run['records_read']:,} records read")
    return 0


def measure(rows: int) -> dict[str, Any]:
    """Return what a failover takes with so many rows of state."""
    with LocalKafka() as kafka:
        return {
            "rows": rows,
            "session_timeout_seconds": SESSION_SECONDS,
            "without_standby": _failover(kafka.bootstrap, rows, standbys=0),
            "with_standby": _failover(kafka.bootstrap, rows, standbys=1),
        }


def _failover(broker: str, rows: int, standbys: int) -> dict[str, Any]:
    app_id = f"b{uuid.uuid4().hex[:8]}"
    make_topics(broker, app_id)
    variables = {"STANDBYS": str(standbys), "SESSION_SECONDS": str(SESSION_SECONDS)}
    with tempfile.TemporaryDirectory() as folder:
        members = crew(broker, app_id, PARTITIONS, Path(folder), size=2)
        first, second = members
        counted = _Counted(broker, app_id)
        try:
            first.join(variables)
            _send(broker, app_id, [f"participant-{n}" for n in range(rows)])
            counted.wait_for(rows)
            second.join(variables)
            _wait_for_log(second, "Worker ready")
            if standbys:
                _wait_for_log(second, "standing by", PARTITIONS // 2)
            before = len(_takeovers(second))
            first.kill()
            killed = time.monotonic()
            for partition in range(PARTITIONS):
                _send(broker, app_id, [f"last-{partition}"], partition)
            counted.wait_for(rows + PARTITIONS)
            seconds = time.monotonic() - killed
            return {
                "seconds_after_session": round(seconds - SESSION_SECONDS, 2),
                "records_read": sum(_takeovers(second)[before:]),
            }
        finally:
            counted.close()
            for member in members:
                if member.here:
                    member.kill()


class _Counted:
    """Reads how many records were counted."""

    def __init__(self, broker: str, app_id: str) -> None:
        self._records = 0
        self._reader = Consumer(
            {
                "bootstrap.servers": broker,
                "group.id": f"{app_id}-reader",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
            }
        )
        topic = f"{app_id}-counted"
        self._reader.assign([TopicPartition(topic, p, 0) for p in range(PARTITIONS)])

    def wait_for(self, records: int) -> None:
        """Wait until each of so many records of different keys was counted."""
        until = time.monotonic() + _WAIT_SECONDS
        while self._records < records:
            assert time.monotonic() < until, f"{self._records} of {records} were counted"
            self._records += len(self._reader.consume(5_000, 0.05))

    def close(self) -> None:
        """Read no more."""
        self._reader.close()


def _send(broker: str, app_id: str, keys: list[str], partition: int = -1) -> None:
    producer = Producer({"bootstrap.servers": broker, "queue.buffering.max.messages": 1_000_000})
    for key in keys:
        producer.produce(f"{app_id}-source", key=key, partition=partition)
        producer.poll(0)
    assert producer.flush(60) == 0


def _takeovers(member: Member) -> list[int]:
    told = re.findall(r"taken over in .* s, (\d+) changelog records", member.log.read_text())
    return [int(records) for records in told]


def _wait_for_log(member: Member, text: str, times: int = 1) -> None:
    while member.log.read_text().count(text) < times:
        assert member.ended() is None, member.last_lines()
        Event().wait(0.05)


if __name__ == "__main__":
    sys.exit(main())
