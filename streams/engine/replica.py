"""
A worker's copy of a task's state, of a task that it owns or stands by for.

It is brought up to date from the changelog, and only what it lacks is read:
unless what it holds can't be trusted any more.
"""

import logging
import time

from accolade.streams.engine.clients import Clients
from accolade.streams.engine.stores import Mark, StateStore

log = logging.getLogger(__name__)


class Replica:
    """A store, and the changelog partition that it follows."""

    def __init__(self, changelog: str, partition: int, clients: Clients, store: StateStore) -> None:
        """Take what it needs; nothing is read yet."""
        self.changelog = changelog
        self.partition = partition
        self.store = store
        self._clients = clients
        self._topic_id = clients.topic_id(changelog) if store.outlives_process else ""

    def catch_up(self) -> int:
        """
        Read what is missing up to the changelog's last stable offset.

        Returns:
            How many records were read.

        Raises:
            KafkaException: The broker refuses or can't be reached.
            ValueError: The changelog is not this stage's.
        """
        read = 0
        for chunk in self._clients.read_committed(self.changelog, self.partition, self.start()):
            self.store.put(chunk.changes, self.mark(chunk.stop, chunk.at_ms))
            read += len(chunk.changes)
        self.store.settle()
        return read

    def start(self) -> int:
        """Return the changelog offset to read from; a store that can't be trusted is cleared."""
        mark = self.store.mark
        distrust = "nothing is known of it" if mark is None else self._distrust(mark)
        if mark is not None and not distrust:
            return mark.offset
        if mark is not None:
            log.info("%s: what is held is read anew: %s", self, distrust)
        self.store.clear()
        return 0

    def mark(self, offset: int, at_ms: int = 0) -> Mark:
        """Return the mark of an offset; without a time the one before stands."""
        before = self.store.mark
        return Mark(self._topic_id, offset, at_ms or (0 if before is None else before.at_ms))

    def _distrust(self, mark: Mark) -> str:
        """Return why a store with this mark may not be what the changelog says; or nothing."""
        if mark.topic_id != self._topic_id:
            return "the changelog was made anew"
        first, stable = self._clients.watermarks(self.changelog, self.partition)
        if not first <= mark.offset <= stable:
            return f"offset {mark.offset} is not within the changelog's {first} to {stable}"
        if mark.offset == stable:
            return ""
        # A tombstone may be gone again before it was seen here, and the row would stay.
        # It is kept for so long; half of that is left for reading, and for clocks that differ.
        kept_ms = self._clients.tombstones_kept_ms(self.changelog)
        if time.time() * 1000 - mark.at_ms > kept_ms / 2:
            return f"it may lack removals, which the changelog keeps for {kept_ms / 1000:.0f} s"
        return ""

    def __str__(self) -> str:
        """Return the changelog partition's name."""
        return f"{self.changelog}-{self.partition}"
