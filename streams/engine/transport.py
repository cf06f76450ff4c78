"""
A Faust transport that hands agents whole fetched batches.

Registered under the entry point group `faust.transports` as `batched`; an app
with the broker `batched://host:port` gets, as an event's value, a `Batch` per
partition and fetch. Nothing waits to fill a batch.

Written against aiokafka's fetcher and Faust's aiokafka driver; what it takes
from their insides is in `drain`, `ConsumerThread` and `_drain_messages` alone,
and what of theirs is mended in `mends`.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiokafka
from aiokafka.consumer.fetcher import FetchResult
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from accolade.streams.engine.batches import Batch, Fetched
from accolade.streams.engine.faust_log import FAUST_LOG
from accolade.streams.engine.mends import MendedConsumer, MendedConsumerThread

#: How long a fetch waits for the first record; only a stop has to wait for it.
FETCH_TIMEOUT_SECONDS = 1.0


def drain(fetcher: Any, wanted: set[TP], most_records: int) -> list[Batch]:
    """
    Take what the fetcher holds for the wanted partitions, with fetch positions.

    Runs without a break, so no seek comes between a position and its records.
    A fetch that brought markers only is a batch without records: a gap in
    positions is then always real, and a partition that was read to its end is
    seen to be.
    """
    batches: list[Batch] = []
    for tp in list(fetcher._records):
        if tp not in wanted:
            if not fetcher._subscriptions.is_assigned(tp):
                del fetcher._records[tp]
            continue
        result = fetcher._records[tp]
        if type(result) is not FetchResult:
            if batches:
                break  # the error is raised by the next call
            del fetcher._records[tp]
            fetcher._notify(fetcher._wait_consume_future)
            result.check_raise()
            continue
        state = result._assignment.state_value(tp) if result._assignment.active else None
        if state is None or not state.has_valid_position:
            del fetcher._records[tp]
            fetcher._notify(fetcher._wait_consume_future)
            continue
        start = state.position
        records = result.getall(most_records)
        if not result.has_more():
            del fetcher._records[tp]
            fetcher._notify(fetcher._wait_consume_future)
        stop = state.position
        if stop == start:
            continue
        high = state.lso if state.lso is not None else stop
        batches.append(Batch(tp.topic, tp.partition, start, stop, high, _fetched(records)))
        most_records -= len(records)
        if most_records <= 0:
            break
    return batches


def _fetched(records: list[Any]) -> tuple[Fetched, ...]:
    return tuple(
        Fetched(r.topic, r.partition, r.offset, r.timestamp, r.key, r.value, r.headers)
        for r in records
    )


class ConsumerThread(MendedConsumerThread):
    """Fetches batches, with the positions they were fetched at."""

    logger = FAUST_LOG

    async def _fetch_records(
        self,
        consumer: aiokafka.AIOKafkaConsumer,
        active_partitions: set[TP],
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> Mapping[TP, Batch]:
        if not self.consumer.flow_active:
            return {}
        fetcher = consumer._fetcher
        if consumer._closed or fetcher._closed:
            raise aiokafka.errors.ConsumerStoppedError
        # A copy: the live set changes while the fetch waits.
        wanted = set(active_partitions)
        with fetcher._subscriptions.fetch_context():
            if fetcher._subscriptions.reassignment_in_progress:
                await fetcher._subscriptions.wait_for_assignment()
            batches = drain(fetcher, wanted, max_records or 1)
            if not batches and timeout:
                waiter = fetcher._create_fetch_waiter()
                done, _ = await driver.asyncio.wait([waiter], timeout=timeout)
                if not done:
                    waiter.cancel()
                    return {}
                waiter.result()  # authorization errors come this way
                batches = drain(fetcher, wanted, max_records or 1)
        return {TP(batch.topic, batch.partition): batch for batch in batches}


class Consumer(MendedConsumer):
    """Delivers one message per partition and fetch, whose value is the batch."""

    logger = FAUST_LOG

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def _drain_messages(self, fetcher: Any) -> None:
        try:
            await self._deliver_batches(fetcher)
        except (aiokafka.errors.ConsumerStoppedError, asyncio.CancelledError):
            # While the worker ends that is no failure: its exit status would say one.
            if not self.app.should_stop:
                raise

    async def _deliver_batches(self, fetcher: Any) -> None:
        deliver = self.callback
        while not (self._stopped.is_set() or fetcher._stopped.is_set()):
            await self.sleep(0)
            generation = self.app.consumer_generation_id
            fetched, active = await self._wait_next_records(FETCH_TIMEOUT_SECONDS)
            if not fetched or not self.flow_active or self.should_stop:
                continue
            for tp, batch in fetched.items():
                if self.app.consumer_generation_id != generation:
                    break
                if active is not None and tp not in active and tp not in self._buffered_partitions:
                    continue
                message = _message(tp, batch, generation)
                await self.wait_first(deliver(message), self.suspend_flow.wait())


def _message(tp: TP, batch: Batch, generation: int) -> ConsumerMessage:
    seconds = batch.records[-1].timestamp_ms / 1000.0 if batch.records else 0.0
    message = ConsumerMessage(
        tp.topic,
        tp.partition,
        batch.stop - 1,
        seconds,
        None,
        [],
        b"",
        batch,
        None,
        0,
        0,
        tp,
    )
    # Without it the stream takes the batch for one from before a rebalance
    # and drops it without a word.
    message.generation_id = generation
    return message


class Transport(driver.Transport):  # type: ignore[misc] # Faust is untyped
    """`batched://host:port`."""

    Consumer = Consumer
