"""
What Faust does that loses or doubles events or ends a healthy worker, mended.

All of it is here, each with its reason; the rest of the engine uses these
classes. Written against Faust 0.15.3 and aiokafka 0.12 to 0.14. What is not
mended is not used: Faust's commits and acks (positions stand in the changelog),
its producer (`ProducerBuffer.flush` forgets the message in flight, a failed send
is a log line), its recovery of tables (it waits forever on a trailing commit
marker and restores aborted values), its `exactly_once` (a rebalance fences its
own producers), windowed tables (recovered keys never expire) and writes to
tables (not allowed inside `take`).
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any

import aiokafka
import faust
from aiokafka.errors import KafkaError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

log = logging.getLogger(__name__)

#: How long the broker may hold a fetch that finds nothing. aiokafka has one
#: fetch under way per broker, and a partition that was busy when it was sent is
#: not part of it: Faust's 1,500 ms would be that partition's latency.
BROKER_WAIT_MS = 20

#: Options of every app, and why they differ from Faust's own.
OPTIONS: Mapping[str, Any] = {
    # Topics and changelogs are made by hand, with their settings.
    "topic_allow_declare": False,
    "topic_disable_leader": True,
    # The group's offsets are for lag tools; a task seeks to its own position.
    "consumer_auto_offset_reset": "earliest",
    # A stream is empty once its batches are queued, and not when they are counted.
    "stream_wait_empty": False,
    # Batches, not records: a handful is enough to keep a task busy.
    "stream_buffer_maxsize": 16,
}


class MendedApp(faust.App):  # type: ignore[misc] # Faust is untyped
    """An app that waits for work under way at a rebalance, and then goes on where it was."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Take Faust's own arguments; options go before `OPTIONS`."""
        self._ends = False
        super().__init__(*args, **{**OPTIONS, **options})
        self.on_partitions_revoked.connect(self._on_revoked)

    async def release(self) -> None:
        """Begin no further transaction, and wait for those under way."""
        raise NotImplementedError

    async def resync(self) -> None:
        """Seek each source to the position of its task."""
        raise NotImplementedError

    async def finish(self) -> None:
        """Bring to an end what is under way, for good."""
        raise NotImplementedError

    async def _on_revoked(self, app: Any, revoked: Any, **_: Any) -> None:
        # Faust waits for nothing before it joins the group again: another worker
        # would fence a transaction under way, and this one would end for it.
        await self.release()

    def on_rebalance_start(self) -> None:
        """Note that a rebalance begins."""
        super().on_rebalance_start()
        # Faust's fetcher takes being stopped while this is set for a crash.
        self.rebalancing = not self._ends

    def on_rebalance_end(self) -> None:
        """Go on from the tasks' own positions, not the group's."""
        super().on_rebalance_end()
        # Faust resumes, then seeks, then clears its queues: what it fetched in
        # between would be missed until the next record shows the gap.
        self._resync = asyncio.ensure_future(self.resync())

    async def stop(self) -> None:
        """Finish what is under way, then stop; a rebalance is not waited for."""
        self._ends = True
        self.rebalancing = False
        try:
            await self.finish()
        finally:
            # Services that are left running keep the process from ending.
            await super().stop()


class MendedConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc] # as above
    """Reads committed records only, and stays a member of the group while it restores."""

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        # Faust asks for committed records only in its own transactional mode,
        # whose commit path is not used here.
        self.consumer.in_transaction = True
        try:
            consumer = super()._create_worker_consumer(transport)
        finally:
            self.consumer.in_transaction = False
        consumer._fetch_max_wait_ms = BROKER_WAIT_MS
        return consumer

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Have the tasks restored, and stay a member of the group meanwhile."""
        # aiokafka sends heartbeats only once this has returned. A restore may take longer
        # than a session: the group would give the tasks away, and who gets them fences.
        self._ensure_consumer()._coordinator._start_heartbeat_task()
        await super().on_partitions_assigned(assigned, generation_id)

    async def is_member(self) -> bool:
        """Ask the group whether it still counts this worker in."""
        # Faust never asks; aiokafka knows only by the next heartbeat, which is late for
        # a process that stood still.
        coordinator = self._ensure_consumer()._coordinator
        return bool(await self.call_thread(coordinator._do_heartbeat))

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        # Faust ends the worker when these can't be committed, as happens in a
        # rebalance. They are for lag tools: the next commit will do.
        consumer = self._ensure_consumer()
        mine = {
            driver.ensure_aiokafka_TP(tp): driver.OffsetAndMetadata(offset, "")
            for tp, offset in offsets.items()
            if tp in self.assignment()
        }
        try:
            await consumer.commit(mine)
        except KafkaError as error:
            log.info("the group's offsets were not committed: %s", error)
            return False
        return True

    def close(self) -> None:
        """Leave the consumer to the end of its thread."""
        # Faust calls it when a rebalance comes while the worker stops, and closes the
        # client from another thread's loop: the worker would not leave the group.


class MendedConsumer(driver.Consumer):  # type: ignore[misc] # as above
    """Commits for lag tools alone, and never fetches a changelog."""

    def resume_partitions(self, tps: Iterable[TP]) -> None:
        """Fetch these again, but for changelogs: the tasks read them."""
        # Faust's recovery fetches those of standbys, and can't read transactions.
        super().resume_partitions({tp for tp in tps if not self._is_changelog_tp(tp)})

    def _new_offset(self, tp: TP) -> int | None:
        # Faust's version looks for a gapless run of acked offsets, and takes holes
        # of transactions for losses; a batch acks only its last.
        acked = self._acked[tp]
        if not acked:
            return None
        newest: int = max(acked)
        acked.clear()
        self._acked_index[tp].clear()
        return newest + 1
