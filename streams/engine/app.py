"""A Faust app whose agents are stages: Faust assigns, the engine counts."""

import logging
from collections.abc import Callable
from typing import Any

from faust.types import TP

from accolade.streams.engine.batches import BatchSchema
from accolade.streams.engine.clients import Clients
from accolade.streams.engine.mends import MendedApp
from accolade.streams.engine.runner import Observer, Runner
from accolade.streams.engine.stage import Stage

log = logging.getLogger(__name__)


class App(MendedApp):
    """A Faust app with a runner per stage."""

    def __init__(self, *args: Any, clients: Clients, observer: Observer, **options: Any) -> None:
        """Take Faust's own arguments, and those of the engine."""
        self.clients = clients
        self.observer = observer
        self.runners: dict[str, Runner[Any]] = {}
        #: Why the worker was ended, if it was.
        self.failure: BaseException | None = None
        #: Ends the process; set by what runs the app.
        self.on_failure: Callable[[], None] = _nothing
        super().__init__(*args, **options)

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

    async def finish(self) -> None:
        """End the runners, with what they have under way committed."""
        for runner in self.runners.values():
            await runner.stop()

    async def release(self) -> None:
        """Begin no further transaction, and wait for those under way."""
        for runner in self.runners.values():
            await runner.release()

    async def resync(self) -> None:
        """Seek each source to the position of its task."""
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
