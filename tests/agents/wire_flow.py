"""All stages in one process, over the very bytes that they would read and write."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from accolade.agents.announce import announce
from accolade.agents.credit import credit
from accolade.agents.rank import rank
from accolade.agents.stages import StageFactory
from accolade.agents.tally import tally
from accolade.schemas import codec_for
from accolade.streams.engine.batches import Fetched
from accolade.streams.engine.stage import Message, Stage
from accolade.streams.engine.tables import Overlay, Rows
from accolade.streams.outgoing import BY_KEY
from accolade.streams.partitioning import partition_of
from accolade.streams.rules.state import Output
from accolade.streams.settings import Settings
from tests.pipeline.raw_records import Raw


@dataclass
class _Task:
    """A partition of a stage: its state, and how far it has read its sources."""

    stage: Stage[Output]
    partition: int
    rows: Rows = field(default_factory=Rows)
    read: dict[str, int] = field(default_factory=dict)


class WireFlow:
    """The logs, and the tasks between them."""

    def __init__(self) -> None:
        """Start with empty logs."""
        self.settings = Settings(crm_partitions=2, facts_partitions=3, boards_partitions=2)
        self.codec = codec_for(self.settings)
        #: Names of the topics that each stage has written to.
        self.emitted: dict[str, set[str]] = defaultdict(set)
        self._logs: dict[tuple[str, int], list[Fetched]] = defaultdict(list)
        factory = StageFactory(self.settings, self.codec)
        stages = [make(factory, self.settings.partitioning) for make in (announce, credit, tally)]
        stages.append(rank(factory, self.settings.partitioning))
        self._tasks = [_Task(stage, at) for stage in stages for at in range(stage.partitions)]

    def send(self, raw: Raw) -> None:
        """Append a record from outside to the log where it belongs."""
        count = self.settings.partition_count(raw.topic.partitions)
        at = partition_of(raw.key, count) if raw.partition == BY_KEY else raw.partition
        self._append(Message(self.settings.topic_name(raw.topic), at, raw.key, raw.value))

    def run(self) -> None:
        """Let the tasks work until all logs are read."""
        while sum(self._take(task, topic) for task in self._tasks for topic in task.stage.sources):
            pass

    def rows(self, stage: str) -> list[Rows]:
        """Return the state of each task of a stage."""
        return [task.rows for task in self._tasks if task.stage.name == stage]

    def _take(self, task: _Task, topic: str) -> int:
        """Let a task read a source to its end; return how many records that were."""
        fetched = self._logs[topic, task.partition][task.read.get(topic, 0) :]
        task.read[topic] = task.read.get(topic, 0) + len(fetched)
        view = Overlay(task.rows)
        outputs: list[Output] = []
        for record in fetched:
            view.savepoint()
            outputs += task.stage.step(view, record)
        for table, owner, key, row in view.writes():
            task.rows.set(table, owner, key, row)
        self._emit(task.stage, outputs)
        return len(fetched)

    def _emit(self, stage: Stage[Output], outputs: Iterable[Output]) -> None:
        latest = {stage.identify(output): output for output in outputs}
        for output in latest.values():
            message = stage.encode(output)
            self.emitted[stage.name].add(message.topic)
            self._append(message)

    def _append(self, message: Message) -> None:
        log = self._logs[message.topic, message.partition]
        place = message.topic, message.partition, len(log)
        log.append(Fetched(*place, 0, message.key, message.value))
