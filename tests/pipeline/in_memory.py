"""
The whole flow in one process without a broker: real steps, real partitions, any interleaving.

Every task reads its partitions' logs in order. Which task goes next, how much it takes
at once and what comes twice is chance, from a seed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple, TypeVar

from accolade.agents import announce as announce_agent
from accolade.agents import credit as credit_agent
from accolade.agents import rank as rank_agent
from accolade.agents import tally as tally_agent
from accolade.streams.catalogue import (
    ACTIVITIES,
    ANNOUNCEMENTS,
    AWARDS,
    BADGES,
    DEALS,
    DEMOS,
    FACTS,
    MEETINGS,
    MODULES,
    PARKED,
    PAYMENTS,
    REFERENCE,
    STANDINGS,
    TALLIES,
    Partitions,
    Topic,
)
from accolade.streams.keys import key_of
from accolade.streams.partitioning import partition_of
from accolade.streams.records import (
    Activity,
    Award,
    Badge,
    Closing,
    Contact,
    Deal,
    Demo,
    LearningModule,
    Meeting,
    Parked,
    Payment,
    Record,
    Standing,
    Tally,
)
from accolade.streams.rules.announce import check_reference, make_announce
from accolade.streams.rules.credit import credit
from accolade.streams.rules.door import check_source
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.rank import rank
from accolade.streams.rules.state import Output, Partitioning, Position, Rejected, Step
from accolade.streams.rules.tally import make_tally

_TOPICS: dict[type[Record], Topic] = {
    Deal: DEALS,
    Demo: DEMOS,
    Meeting: MEETINGS,
    Activity: ACTIVITIES,
    Payment: PAYMENTS,
    LearningModule: MODULES,
}
R = TypeVar("R", bound=Record)

#: A batch has at most so many records; often it has one.
_LARGEST_BATCH = 40
#: Per mille of records that a log gets twice, and after which all is worked off.
_TWICE, _CAUGHT_UP = 20, 60


class Entry(NamedTuple):
    """A record in a log."""

    key: str
    record: Record


@dataclass
class Task:
    """A stage's partition: its state, and how far it has read its sources."""

    step: Step
    sources: tuple[Topic, ...]
    partition: int
    view: MemoryView = field(default_factory=MemoryView)
    read: dict[str, int] = field(default_factory=dict)


class InMemory:
    """All tasks of a deployment, and the logs between them."""

    def __init__(self, seed: int, partitioning: Partitioning | None = None) -> None:
        self._chance = Random(seed)
        self._partitioning = partitioning or Partitioning(crm=2, facts=3, boards=2)
        self._logs: dict[tuple[str, int], list[Entry]] = {}
        self.rejected: list[Rejected] = []
        #: The newest record of each id, by topic; None once it was erased.
        self._said: dict[str, dict[str, Record | None]] = {}
        counts = self._partitioning
        self._announce = [self._task(make_announce(counts), announce_agent.SOURCES, 0)]
        self._credit = [self._task(credit, credit_agent.SOURCES, at) for at in range(counts.crm)]
        tally = make_tally(counts)
        self._rest = [self._task(tally, tally_agent.SOURCES, at) for at in range(counts.facts)]
        self._rest += [self._task(rank, rank_agent.SOURCES, at) for at in range(counts.boards)]
        self._tasks = [*self._announce, *self._credit, *self._rest]

    def run(self, records: Iterable[Record]) -> None:
        """Publish the records in order, let the tasks work in between, and then to the end."""
        for record in records:
            if isinstance(record, Closing):
                # Its place among the facts is what it says: all before it is credited.
                self._finish([*self._announce, *self._credit])
            self._publish(record)
            if isinstance(record, Closing):
                self._finish(self._announce)
            # Mostly they lag behind; now and then they have caught up.
            if self._chance.randrange(1000) < _CAUGHT_UP:
                self._finish(self._tasks)
            for _ in range(self._chance.randrange(3)):
                self._work(self._tasks)
        self._finish(self._tasks)

    # --- what stands at the end ---

    def awards(self) -> dict[str, Award]:
        """Return the awards that stand, by id."""
        found = self._of(AWARDS, Award)
        return {award.award_id: award for award in found if award.state != "withdrawn"}

    def badges(self) -> set[str]:
        """Return the ids of the badges that are granted."""
        return {badge.badge_id for badge in self._of(BADGES, Badge) if badge.granted}

    def tallies(self) -> dict[tuple[str, str], tuple[int, str]]:
        """Return value and unit of the tallies that stand, by tally id and participant."""
        newest: dict[tuple[str, str], Tally] = {}
        for partition in range(self._partitioning.boards):
            for _, record in self._logs.get((TALLIES.name, partition), []):
                if isinstance(record, Tally):
                    newest[record.tally_id, record.participant] = record
        return {key: (tally.value, tally.unit) for key, tally in newest.items() if tally.active}

    def standings(self) -> dict[str, Standing]:
        """Return the standings that have anybody, by board."""
        return {s.board: s for s in self._of(STANDINGS, Standing) if s.size}

    def parked(self) -> dict[str, str]:
        """Return the reasons of what is parked, by id."""
        return {parked.parked_id: parked.reason for parked in self._of(PARKED, Parked)}

    def _of(self, topic: Topic, kind: type[R]) -> Iterator[R]:
        for record in self._said.get(topic.name, {}).values():
            if record is not None:
                assert isinstance(record, kind)
                yield record

    # --- logs ---

    def _publish(self, record: Record) -> None:
        if isinstance(record, Contact):
            return
        topic = _TOPICS.get(type(record), REFERENCE)
        key = key_of(record)
        partition = partition_of(key.encode(), self._partitioning.crm) if topic != REFERENCE else 0
        self._append(topic, partition, Entry(key, record))

    def _append(self, topic: Topic, partition: int, entry: Entry) -> None:
        log = self._logs.setdefault((topic.name, partition), [])
        log.append(entry)
        if self._chance.randrange(1000) < _TWICE and not isinstance(entry.record, Closing):
            log.append(entry)

    def _send(self, output: Output) -> None:
        if output.topic in (FACTS, ANNOUNCEMENTS, TALLIES):
            assert output.record is not None
            partition = output.partition
            if partition is None:
                by = output.partition_by or output.key
                partition = partition_of(by.encode(), self._count(output.topic))
            self._append(output.topic, partition, Entry(output.key, output.record))
            return
        said = self._said.setdefault(output.topic.name, {})
        old, new = said.get(output.key), output.record
        if isinstance(old, Award | Badge | Standing) and isinstance(new, Award | Badge | Standing):
            assert new.revision > old.revision, f"{output.key}: a receiver would drop this"
        said[output.key] = new

    def _count(self, topic: Topic) -> int:
        counts = self._partitioning
        by_kind = {
            Partitions.CRM: counts.crm,
            Partitions.FACTS: counts.facts,
            Partitions.BOARDS: counts.boards,
            Partitions.ONE: 1,
        }
        return by_kind[topic.partitions]

    # --- tasks ---

    def _task(self, step: Step, sources: tuple[Topic, ...], partition: int) -> Task:
        return Task(step, sources, partition)

    def _unread(self, task: Task) -> list[Topic]:
        return [
            topic
            for topic in task.sources
            if task.read.get(topic.name, 0) < len(self._logs.get((topic.name, task.partition), []))
        ]

    def _finish(self, tasks: list[Task]) -> None:
        while self._work(tasks):
            pass

    def _work(self, tasks: list[Task]) -> bool:
        """Let one of the tasks take a batch; return False where none has anything to do."""
        waiting = [(task, topics) for task in tasks if (topics := self._unread(task))]
        if not waiting:
            return False
        task, topics = self._chance.choice(waiting)
        topic = self._chance.choice(topics)
        self._take(task, topic, self._chance.choice((1, 1, 3, _LARGEST_BATCH)))
        return True

    def _take(self, task: Task, topic: Topic, size: int) -> None:
        """Run a batch as the engine does: of each id's outputs only the last is sent."""
        log = self._logs[topic.name, task.partition]
        start = task.read.get(topic.name, 0)
        outputs: dict[tuple[str, str], Output] = {}
        for offset in range(start, min(start + size, len(log))):
            entry = log[offset]
            position = Position(topic.name, task.partition, offset)
            try:
                self._check(topic, entry, position)
                said = list(task.step(task.view, entry.record, position))
            except Rejected as rejected:
                self.rejected.append(rejected)
                continue
            for output in said:
                outputs[output.topic.name, output.id or output.key] = output
        task.read[topic.name] = min(start + size, len(log))
        for output in outputs.values():
            self._send(output)

    def _check(self, topic: Topic, entry: Entry, position: Position) -> None:
        """Pass the door of the stage."""
        if topic is REFERENCE:
            check_reference(entry.record, entry.key, position)
        elif topic.partitions is Partitions.CRM:
            check_source(entry.record, entry.key, position, self._partitioning.crm)
