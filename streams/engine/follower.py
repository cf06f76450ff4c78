"""
Follows the changelogs of tasks that other workers own, to take over without a restore.

One thread and one consumer for all tasks of a stage that this worker stands by for.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from confluent_kafka import Consumer

from accolade.streams.engine.clients import Clients, chunk_of
from accolade.streams.engine.replica import Replica

log = logging.getLogger(__name__)

_READ_AT_MOST = 5_000
#: How long a stop has to wait, and how far a follower may be behind for no other reason.
_READ_SECONDS = 0.1


class Follower:
    """Keeps replicas up to date until it is stopped."""

    def __init__(
        self,
        changelog: str,
        replicas: Mapping[int, Replica],
        clients: Clients,
        fail: Callable[[BaseException], None],
    ) -> None:
        """
        Take what it needs; nothing happens before `start`.

        Args:
            changelog: The changelog of the stage.
            replicas: Replicas by partition; nobody else touches them until it is stopped.
            clients: How to reach the broker.
            fail: Is called, in the follower's thread, with the reason why it ended.
        """
        self.replicas = replicas
        self._changelog = changelog
        self._clients = clients
        self._fail = fail
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"{changelog}-follower", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        if self.replicas:
            self._thread.start()

    def stop(self) -> None:
        """Follow no more; the replicas are the caller's when this returns."""
        self._ending.set()
        if self.replicas:
            self._thread.join()

    def _run(self) -> None:
        try:
            starts = {partition: replica.start() for partition, replica in self.replicas.items()}
            reader = self._clients.changelog_reader(self._changelog, starts)
            try:
                self._follow(reader)
            finally:
                reader.close()
        except Exception as error:
            # A worker that stands by no more while it looks healthy would be found out late.
            error.add_note(f"while following {self._changelog}")
            self._fail(error)

    def _follow(self, reader: Consumer) -> None:
        behind = set(self.replicas)
        while not self._ending.is_set():
            by_partition: dict[int, list[Any]] = {}
            for record in reader.consume(_READ_AT_MOST, _READ_SECONDS):
                by_partition.setdefault(_partition(record), []).append(record)
            for partition, records in by_partition.items():
                chunk, ended = chunk_of(records)
                if chunk is None:
                    continue
                replica = self.replicas[partition]
                replica.store.put(chunk.changes, replica.mark(chunk.stop, chunk.at_ms))
                if ended and partition in behind:
                    behind.remove(partition)
                    replica.store.settle()
                    log.info("%s: standing by", replica)


def _partition(record: Any) -> int:
    partition: int = record.partition()
    return partition
