"""A Faust app whose agents are stages: Faust assigns, the engine counts."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any

from faust.types import TP

from accolade.streams.engine.batches import BatchSchema
from accolade.streams.engine.clients import Clients
from accolade.streams.engine.faust_log import FAUST_LOG
from accolade.streams.engine.mends import MendedApp
from accolade.streams.engine.runner import Observer, Runner
from accolade.streams.engine.stage import Stage
from accolade.streams.engine.stores import StoreMaker, in_memory

log = logging.getLogger(__name__)


class App(MendedApp):
    """A Faust app with a runner per stage."""

    logger = FAUST_LOG

    def __init__(
        self,
        *args: Any,
        clients: Clients,
        observer: Observer,
        stores: StoreMaker = in_memory,
        standbys: int = 0,
        **options: Any,
    ) -> None:
        """
        Take Faust's own arguments, and those of the engine.

        Args:
            args: Faust's.
            clients: How to reach the broker.
            observer: Is told what happens.
            stores: Opens the store of a task.
            standbys: How many other workers follow each task, to take it over at once.
            options: Faust's.
        """
        self.clients = clients
        self.observer = observer
        self.stores = stores
        self.runners: dict[str, Runner[Any]] = {}
        #: Why the worker was ended, if it was.
        self.failure: BaseException | None = None
        self._assigned_before = False
        #: Ends the process; set by what runs the app.
        self.on_failure: Callable[[], None] = _nothing
        #: The latest rebalance, and the change of hands that it asks for.
        self._handover: tuple[int, asyncio.Future[None]] | None = None
        # The assignor alone knows of standbys; Faust's recovery reads no changelog.
        super().__init__(*args, table_standby_replicas=standbys, **options)

    def add_stage(self, stage: Stage[Any]) -> Runner[Any]:
        """Declare a stage: its table, its agent and its runner."""
        runner = Runner(
            stage,
            self.conf.id,
            self.clients,
            self.observer,
            self._fail,
            self._seek_partition,
            self.stores,
            self.is_member,
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

    async def take_assignment(self, generation: int) -> None:
        """
        Own the tasks of the group's generation; of all stages at once.

        Faust asks the tables one after another: the first call begins, the others
        wait for the same.
        """
        if self._handover is None or self._handover[0] != generation:
            owned = _by_changelog(self.assignor.assigned_actives())
            standing_by = _by_changelog(self.assignor.assigned_standbys())
            changes = (
                runner.own(owned[runner.stage.changelog], standing_by[runner.stage.changelog])
                for runner in self.runners.values()
            )
            self._handover = generation, asyncio.ensure_future(_all_of(changes))
        await asyncio.shield(self._handover[1])

    async def resync(self) -> None:
        """Seek each source to the position of its task."""
        if self._assigned_before:
            count = sum(len(runner.tasks) for runner in self.runners.values())
            log.info("partitions have changed hands: %d tasks are here now", count)
        self._assigned_before = True
        for runner in self.runners.values():
            for task in list(runner.tasks.values()):
                for topic, offset in task.next.items():
                    await self._seek_partition(topic, task.partition, offset)

    async def is_member(self) -> bool:
        """Ask the group whether it still counts this worker in."""
        return bool(await self.consumer._thread.is_member())

    async def _seek_partition(self, topic: str, partition: int, offset: int) -> None:
        tp = TP(topic, partition)
        if tp in self.consumer.assignment():
            await self.consumer.seek(tp, offset)

    def _fail(self, error: BaseException) -> None:
        if self.failure is None:
            self.failure = error
            log.critical("the worker ends: %s", error, exc_info=error)
            self.on_failure()


def _by_changelog(tps: Iterable[TP]) -> Mapping[str, set[int]]:
    partitions: dict[str, set[int]] = defaultdict(set)
    for tp in tps:
        partitions[tp.topic].add(tp.partition)
    return partitions


async def _all_of(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    await asyncio.gather(*coroutines)


def _nothing() -> None:
    """Leave the process alone."""
