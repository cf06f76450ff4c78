"""A Faust app whose agents are stages: Faust assigns, the engine counts."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import faust
from faust.types import TP

from accolade.streams.engine.batches import BatchSchema
from accolade.streams.engine.clients import Clients
from accolade.streams.engine.runner import Observer, Runner
from accolade.streams.engine.stage import Stage

log = logging.getLogger(__name__)


class App(faust.App):  # type: ignore[misc] # Faust is untyped
    """A Faust app with a runner per stage."""

    def __init__(self, *args: Any, clients: Clients, observer: Observer, **options: Any) -> None:
        """
        Take Faust's own arguments, and those of the engine.

        What differs from Faust's defaults is not a matter of taste: topics and
        changelogs are made by hand with their settings, group offsets are for
        lag tools alone, and standby tables would read a transactional changelog.
        """
        self.clients = clients
        self.observer = observer
        self.runners: dict[str, Runner[Any]] = {}
        #: Why the worker was ended, if it was.
        self.failure: BaseException | None = None
        self._ends = False
        #: Ends the process; set by what runs the app.
        self.on_failure: Callable[[], None] = _nothing
        super().__init__(
            *args,
            topic_allow_declare=False,
            topic_disable_leader=True,
            table_standby_replicas=0,
            consumer_auto_offset_reset="earliest",
            stream_wait_empty=False,
            # Batches, not records: a handful is enough to keep a task busy.
            stream_buffer_maxsize=16,
            **options,
        )

    def add_stage(self, stage: Stage[Any]) -> Runner[Any]:
        """Declare a stage: its table, its agent and its runner."""
        runner = Runner(
            stage, self.conf.id, self.clients, self.observer, self._fail, self._seek_partition
        )
        self.runners[stage.name] = runner
        self.Table(
            stage.name,
            partitions=stage.partitions,
            store=f"tasks://{stage.name}",
            changelog_topic=self.topic(stage.changelog, partitions=stage.partitions),
        )
        source = self.topic(*stage.sources, schema=BatchSchema(), partitions=stage.partitions)

        async def take(batches: Any) -> None:
            async for event in batches.events():
                await runner.take(event.message.value)

        self.agent(source, name=stage.name)(take)
        return runner

    @property
    def ready(self) -> bool:
        """Whether every stage processes what it was assigned."""
        return all(runner.ready for runner in self.runners.values())

    def on_rebalance_start(self) -> None:
        """Note that a rebalance begins."""
        super().on_rebalance_start()
        # Faust's fetcher takes being stopped while this is set for a crash.
        self.rebalancing = not self._ends

    def on_rebalance_end(self) -> None:
        """Go on from the tasks' own positions, not the group's."""
        super().on_rebalance_end()
        # Only now: Faust clears its queues last, and what it fetched before
        # would be missed until the next record shows the gap.
        self._resync = asyncio.ensure_future(self._seek_all())

    async def stop(self) -> None:
        """Finish what is under way, then stop; a rebalance is not waited for."""
        self._ends = True
        self.rebalancing = False
        for runner in self.runners.values():
            await runner.stop()
        await super().stop()

    async def _seek_all(self) -> None:
        for runner in self.runners.values():
            for task in list(runner.tasks.values()):
                for topic, offset in task.next.items():
                    await self._seek_partition(topic, task.partition, offset)

    async def _seek_partition(self, topic: str, partition: int, offset: int) -> None:
        tp = TP(topic, partition)
        if tp in self.consumer.assignment():
            await self.consumer.seek(tp, offset)

    def _fail(self, error: BaseException) -> None:
        if self.failure is None:
            self.failure = error
            log.critical("the worker ends: %s", error, exc_info=error)
            self.on_failure()


def _nothing() -> None:
    """Leave the process alone."""
