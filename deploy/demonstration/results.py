"""Collects what leaves the flow, as an outside reader does."""

from collections import Counter, deque
from collections.abc import Mapping

from confluent_kafka import Consumer, Message, TopicPartition

from accolade.schemas import codec_for
from accolade.streams.catalogue import (
    AWARDS,
    BADGES,
    DEADLETTERS,
    LEADERBOARDS,
    PARKED,
    STANDINGS,
    Topic,
)
from accolade.streams.kafka_clients import consumer_config
from accolade.streams.records import (
    Award,
    Badge,
    DeadLetter,
    Leaderboard,
    Parked,
    Record,
    Standing,
)
from accolade.streams.settings import Settings

WATCHED = (AWARDS, BADGES, STANDINGS, LEADERBOARDS, DEADLETTERS, PARKED)
_READ_AT_MOST = 1_000
#: How many of the latest events the screen can show.
_LATEST = 12


class Results:
    """The latest revision of every award, badge and standing."""

    def __init__(self, settings: Settings) -> None:
        """Read all output topics from their beginning."""
        self.awards: dict[str, Award] = {}
        self.badges: dict[str, Badge] = {}
        self.standings: dict[str, Standing] = {}
        self.dead_letters: dict[str, DeadLetter] = {}
        self.parked: dict[str, Parked] = {}
        self.moves = 0
        self.records: Counter[str] = Counter()
        self.latest: deque[Award | Badge] = deque(maxlen=_LATEST)
        self._codec = codec_for(settings)
        self._topics: Mapping[str, Topic] = {settings.topic_name(t): t for t in WATCHED}
        self._reader = Consumer(consumer_config(settings, "accolade-demo"))
        self._reader.assign(
            [
                TopicPartition(name, partition, 0)
                for name, topic in self._topics.items()
                for partition in range(settings.partition_count(topic.partitions))
            ]
        )

    def read(self, wait_seconds: float) -> int:
        """Take what has come, waiting for the first as long as told; return how many."""
        messages = self._reader.consume(_READ_AT_MOST, wait_seconds)
        for message in messages:
            if message.error() is None:
                self._take(message)
        return len(messages)

    def read_all(self) -> None:
        """Take everything that is there."""
        while self.read(1.0):
            pass

    def close(self) -> None:
        """Close the connection."""
        self._reader.close()

    def _take(self, message: Message) -> None:
        topic = self._topics[message.topic()]
        self.records[topic.name] += 1
        if message.value() is None:
            if topic is PARKED:
                self.parked.pop(message.key().decode(), None)
            return
        self._put(self._codec.decode(message.value(), topic.records))

    def _put(self, record: Record) -> None:
        match record:
            case Award():
                self.awards[record.award_id] = record
                self.latest.append(record)
            case Badge():
                self.badges[record.badge_id] = record
                self.latest.append(record)
            case Standing():
                self.standings[record.board] = record
            case DeadLetter():
                self.dead_letters[record.dead_letter_id] = record
            case Parked():
                self.parked[record.parked_id] = record
            case Leaderboard():
                self.moves += 1
