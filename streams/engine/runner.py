"""
Runs the tasks of a stage that this worker owns.

At a rebalance the gate shuts, work under way is waited for, tasks that left are
dropped, tasks that came are fenced and restored; the gate opens once Faust has
finished its own part. An error in a task ends the worker with its reason: it
never goes on past a record.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, Protocol, TypeVar

from confluent_kafka import KafkaError, KafkaException

from accolade.streams.engine.batches import Batch
from accolade.streams.engine.clients import Clients
from accolade.streams.engine.follower import Follower
from accolade.streams.engine.replica import Replica
from accolade.streams.engine.stage import Stage
from accolade.streams.engine.stores import StoreMaker, in_memory
from accolade.streams.engine.task import Report, Task

log = logging.getLogger(__name__)

O = TypeVar("O")  # noqa: E741 # what a step emits

#: Batches that wait for a task; the stream stops taking more when it is full.
QUEUED_BATCHES = 4
#: Records at most in one transaction, beyond the first batch.
TRANSACTION_RECORDS = 10_000


#: A task that is fenced by mistake is taken over again this often; then the worker ends.
RELOADS_AT_MOST = 3
_FENCED = {
    KafkaError._FENCED,
    KafkaError.PRODUCER_FENCED,
    KafkaError.INVALID_PRODUCER_EPOCH,
}


async def _is_alone() -> bool:
    """Return that a worker without a group is not expelled."""
    return True


class Observer(Protocol):
    """Is told what happens, for metrics."""

    def on_committed(self, task: Task[Any], report: Report) -> None:
        """A transaction was committed."""
        ...

    def on_restored(self, task: Task[Any], records: int, seconds: float) -> None:
        """A task was taken over."""
        ...


class Runner(Generic[O]):
    """The tasks of one stage on this worker."""

    def __init__(
        self,
        stage: Stage[O],
        app_id: str,
        clients: Clients,
        observer: Observer,
        fail: Callable[[BaseException], None],
        seek: Callable[[str, int, int], Any],
        stores: StoreMaker = in_memory,
        is_member: Callable[[], Awaitable[bool]] = _is_alone,
    ) -> None:
        """
        Take what it needs.

        Args:
            stage: What to run.
            app_id: Prefix of the transactional ids.
            clients: How to reach the broker.
            observer: Is told what happens.
            fail: Ends the worker with the reason.
            seek: Coroutine function that seeks (topic, partition, offset).
            stores: Opens the store of a task.
            is_member: Asks the group whether it still counts this worker in.
        """
        self.stage = stage
        self.tasks: dict[int, Task[O]] = {}
        #: Last stable offset of each task's changelog when it was restored.
        self.stable: dict[int, int] = {}
        self._app_id = app_id
        self._clients = clients
        self._observer = observer
        self.fail = fail
        self._seek = seek
        self._stores = stores
        self._is_member = is_member
        self._reloads: dict[int, int] = {}
        self._follower = self._new_follower({})
        self._queues: dict[int, asyncio.Queue[Batch]] = {}
        self._loops: dict[int, asyncio.Task[None]] = {}
        self._busy: dict[int, asyncio.Lock] = {}
        self._gate: asyncio.Event | None = None
        self._stopped = False
        # One more than tasks: a stop doesn't wait for their restore.
        self._threads = ThreadPoolExecutor(stage.partitions + 1, f"{stage.name}-task")

    @property
    def gate(self) -> asyncio.Event:
        """Shut while tasks change hands; made inside the running loop."""
        if self._gate is None:
            self._gate = asyncio.Event()
        return self._gate

    @property
    def ready(self) -> bool:
        """Whether this worker processes what it was assigned."""
        return self._gate is not None and self._gate.is_set()

    async def take(self, batch: Batch) -> None:
        """Queue a batch for its task; waits while the queue is full or tasks change hands."""
        await self.gate.wait()
        queue = self._queues.get(batch.partition)
        if queue is not None:
            await queue.put(batch)

    async def release(self) -> None:
        """Begin no further transaction and wait for those under way: a rebalance begins."""
        self.gate.clear()
        for busy in list(self._busy.values()):
            async with busy:
                pass

    @property
    def standbys(self) -> Mapping[int, Replica]:
        """The replicas of tasks that this worker stands by for, by partition."""
        return self._follower.replicas

    async def own(self, partitions: set[int], standbys: Set[int] = frozenset()) -> None:
        """
        Own exactly these tasks from now on; the gate stays shut until `open`.

        Args:
            partitions: Of the tasks.
            standbys: Of the tasks that others own, and this worker stands by for.
        """
        try:
            await self._change_hands(partitions, standbys)
        except Exception as error:
            if self._stopped:
                # Whoever owns the tasks now fences what was being taken over here.
                log.info("%s: left while tasks changed hands: %s", self.stage.name, error)
                return
            # What is raised in a rebalance Faust swallows: the gate stays shut,
            # and the worker ends with the reason.
            self.fail(error)

    async def _change_hands(self, partitions: set[int], standbys: Set[int]) -> None:
        await self.release()
        if self._stopped:
            return
        await self._in_thread(self._follower.stop)
        # They are this turn's now: a stop that comes in between must not close them.
        held = dict(self._follower.replicas)
        self._follower = self._new_follower({})
        for partition in list(self.tasks):
            await self._stop_loop(partition)
            if partition not in partitions:
                held[partition] = self.tasks.pop(partition).replica
                del self._busy[partition]
        for partition in held.keys() - partitions - standbys:
            await self._in_thread(held.pop(partition).store.close)
        taken = partitions - self.tasks.keys()
        await asyncio.gather(*(self._take_over(p, held.pop(p, None)) for p in taken))
        await asyncio.gather(*(self._note_stable(partition) for partition in partitions))
        self._follower = await self._in_thread(self._follow, standbys, held)

    async def _note_stable(self, partition: int) -> None:
        self.stable[partition] = await self._in_thread(
            self._clients.last_stable_offset, self.stage.changelog, partition
        )

    def _follow(self, standbys: Set[int], held: Mapping[int, Replica]) -> Follower:
        replicas = {p: held[p] if p in held else self._new_replica(p) for p in standbys}
        follower = self._new_follower(replicas)
        follower.start()
        return follower

    def _new_follower(self, replicas: Mapping[int, Replica]) -> Follower:
        return Follower(self.stage.changelog, replicas, self._clients, self.fail)

    def _new_replica(self, partition: int) -> Replica:
        changelog = self.stage.changelog
        store = self._stores(changelog, partition, self.stage.tables)
        return Replica(changelog, partition, self._clients, store)

    def open(self) -> None:
        """Process from now on, unless it was stopped meanwhile."""
        if self._stopped:
            return
        for partition in self.tasks:
            if partition not in self._loops:
                self._queues[partition] = asyncio.Queue(QUEUED_BATCHES)
                self._loops[partition] = asyncio.create_task(self._work(partition))
        self.gate.set()

    async def stop(self) -> None:
        """Finish the transactions under way and stop, also while tasks change hands."""
        self._stopped = True
        await self.release()
        for partition in list(self._loops):
            await self._stop_loop(partition)
        await self._in_thread(self._follower.stop)
        for replica in [t.replica for t in self.tasks.values()] + [*self.standbys.values()]:
            await self._in_thread(replica.store.close)
        # The threads end with the process: a restore under way may still need them.

    async def _take_over(self, partition: int, replica: Replica | None) -> None:
        held = replica or await self._in_thread(self._new_replica, partition)
        task = Task(self.stage, partition, self._app_id, self._clients, held)
        await self._restore(task, is_new=replica is None)
        self.tasks[partition] = task
        # Here, not where it opens: the next rebalance may come before that.
        self._busy[partition] = asyncio.Lock()
        self._reloads[partition] = 0

    async def _restore(self, task: Task[O], *, is_new: bool = False) -> None:
        started = time.perf_counter()
        restored = await self._in_thread(task.take_over)
        seconds = time.perf_counter() - started
        # A task without a past, as all are on new topics, is no news.
        level = logging.INFO if restored or not is_new else logging.DEBUG
        says = "%s: taken over in %.1f s, %d changelog records read"
        log.log(level, says, task, seconds, restored)
        self._observer.on_restored(task, restored, seconds)

    async def _stop_loop(self, partition: int) -> None:
        loop = self._loops.pop(partition, None)
        self._queues.pop(partition, None)
        if loop is not None:
            loop.cancel()
            await asyncio.wait([loop])

    async def _work(self, partition: int) -> None:
        task, queue = self.tasks[partition], self._queues[partition]
        try:
            while True:
                await self._next_round(task, queue)
        except Exception as error:
            # Whatever it was: a partition that stands still while the worker
            # looks healthy would be worse than a worker that ends.
            error.add_note(f"in the task {task}")
            self.fail(error)

    async def _next_round(self, task: Task[O], queue: asyncio.Queue[Batch]) -> None:
        batches = [await queue.get()]
        async with self._busy[task.partition]:
            if not self.gate.is_set():
                return
            while not queue.empty() and _records(batches) < TRANSACTION_RECORDS:
                batches.append(queue.get_nowait())
            try:
                report = await self._in_thread(task.process, batches)
            except KafkaException as error:
                if not await self._may_reload(task, error):
                    raise
                await self._reload(task)
                return
            self._observer.on_committed(task, report)
        for topic, offset in report.seek.items():
            log.info("%s: reading %s again from offset %d", task, topic, offset)
            await self._seek(topic, task.partition, offset)

    async def _may_reload(self, task: Task[O], error: KafkaException) -> bool:
        """Tell whether a task was fenced that is this worker's all the same."""
        if error.args[0].code() not in _FENCED or not await self._is_member():
            return False
        self._reloads[task.partition] += 1
        return self._reloads[task.partition] <= RELOADS_AT_MOST

    async def _reload(self, task: Task[O]) -> None:
        # A worker that stood still in the middle of taking it over went on to fence it.
        log.warning("%s: fenced by a worker that is no member any more; taken over again", task)
        await self._restore(task)
        for topic, offset in task.next.items():
            await self._seek(topic, task.partition, offset)

    async def _in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)


def _records(batches: list[Batch]) -> int:
    return sum(len(batch.records) for batch in batches)
