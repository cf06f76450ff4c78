"""Turns a pure step over records into a stage of the engine: decoding, the door, encoding."""

from collections.abc import Callable, Iterable

from accolade.streams.catalogue import DEADLETTERS, Changelog, Topic
from accolade.streams.codecs import Codec, Undecodable
from accolade.streams.engine.batches import Fetched
from accolade.streams.engine.stage import Message, Stage
from accolade.streams.engine.tables import Overlay, TableLike
from accolade.streams.partitioning import partition_of
from accolade.streams.records import DeadLetter, Record
from accolade.streams.rules.state import Output, Position, Rejected, Step
from accolade.streams.settings import Settings

#: Compression lets a record be far larger than its topic's limit; a copy must
#: fit the dead letters' own.
LARGEST_COPY_BYTES = int(DEADLETTERS.config["max.message.bytes"]) - 256 * 1024

#: A message says what is wrong; it needn't repeat all of it.
LONGEST_MESSAGE = 2_000

#: Refuses a record by raising `Rejected`: its content, its key, its partition.
Door = Callable[[Record, str, Position], None]


def open_door(record: Record, key: str, at: Position) -> None:
    """Refuse nothing: the record comes from a stage of our own."""


class StageFactory:
    """Makes stages of steps for one deployment."""

    def __init__(self, settings: Settings, codec: Codec) -> None:
        """Take the names and partition counts, and how records are written."""
        self._settings = settings
        self._codec = codec

    def stage(
        self,
        changelog: Changelog,
        sources: tuple[Topic, ...],
        tables: Iterable[TableLike],
        step: Step,
        door: Door = open_door,
    ) -> Stage[Output]:
        """
        Return the stage that runs `step` over the sources.

        What can't be decoded, or is refused by the door or the step, becomes a
        dead letter; anything else that is raised ends the worker.
        """
        topics = {self._settings.topic_name(topic): topic for topic in sources}
        epoch = self._settings.epoch

        def run(view: Overlay, fetched: Fetched) -> Iterable[Output]:
            topic = topics[fetched.topic]
            at = Position(topic.name, fetched.partition, fetched.offset, epoch)
            try:
                record = self._decode(fetched, topic)
                door(record, (fetched.key or b"").decode(errors="replace"), at)
                return list(step(view, record, at))
            except Undecodable as error:
                refused = Rejected(error.reason, error.message)
            except Rejected as error:
                refused = error
            view.roll_back()
            return [_dead_letter(changelog.stage, fetched, topic, refused)]

        return Stage(
            name=changelog.stage,
            sources=tuple(topics),
            partitions=self._settings.partition_count(changelog.partitions),
            changelog=self._settings.changelog_name(changelog),
            tables=tuple(tables),
            step=run,
            identify=lambda output: (output.topic.name, output.id or output.key),
            encode=self._encode,
        )

    def _decode(self, fetched: Fetched, topic: Topic) -> Record:
        if fetched.value is None:
            raise Rejected("empty", "the record has no value; facts are never erased")
        return self._codec.decode(fetched.value, topic.records)

    def _encode(self, output: Output) -> Message:
        partition = output.partition
        if partition is None:
            by = output.partition_by or output.key
            count = self._settings.partition_count(output.topic.partitions)
            partition = partition_of(by.encode(), count)
        value = None if output.record is None else self._codec.encode(output.record)
        name = self._settings.topic_name(output.topic)
        return Message(name, partition, output.key.encode(), value)


def _dead_letter(stage: str, fetched: Fetched, topic: Topic, refused: Rejected) -> Output:
    letter_id = f"{topic.name}/{fetched.partition}/{fetched.offset}"
    key, value, message = fetched.key, fetched.value, refused.message[:LONGEST_MESSAGE]
    size = len(key or b"") + len(value or b"")
    if size > LARGEST_COPY_BYTES:
        message += f" (not copied: it has {size:,} bytes, and stands in the topic itself)"
        key = value = None
    return Output(
        DEADLETTERS,
        letter_id,
        DeadLetter(
            dead_letter_id=letter_id,
            topic=topic.name,
            partition=fetched.partition,
            offset=fetched.offset,
            timestamp_ms=fetched.timestamp_ms,
            key=key,
            value=value,
            reason=refused.reason,
            message=message,
            stage=stage,
        ),
    )
