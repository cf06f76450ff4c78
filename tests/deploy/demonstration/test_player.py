"""How a history is played into the embedded broker."""

from pathlib import Path

import pytest
from confluent_kafka import Consumer, TopicPartition

from accolade.deploy.demonstration.history import simulated
from accolade.deploy.demonstration.player import Player
from accolade.deploy.demonstration.worker import Tick, settings_for
from accolade.deploy.embedded_broker import PARTITIONS, EmbeddedBroker
from accolade.schemas import codec_for
from accolade.streams.kafka_clients import consumer_config
from accolade.streams.publisher import Publisher
from accolade.streams.records import Closing
from accolade.streams.settings import Settings
from accolade.streams.topics import all_topic_names

HISTORY = simulated(1, reps=3)


class Waits:
    """A worker that has counted everything at once; notes where it was waited for."""

    def __init__(self) -> None:
        self.player: Player | None = None
        #: How many events had been sent whenever all of them had to be counted.
        self.complete: list[int] = []

    def wait_until_counted(self, tick: Tick, up_to: int = 0) -> None:
        assert self.player is not None
        if up_to == 0:
            self.complete.append(self.player.sent.total())


def records_in(settings: Settings, topic: str) -> int:
    """Return how many records a topic of the embedded broker has had."""
    reader = Consumer(consumer_config(settings, "test"))
    ends = [
        reader.get_watermark_offsets(TopicPartition(topic, partition), timeout=10.0)[1]
        for partition in range(PARTITIONS)
    ]
    reader.close()
    return sum(ends)


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_what_stands_before_a_closing_is_counted_before_it(tmp_path: Path, seconds: float) -> None:
    """Whether it is played as fast as it goes or takes its time; and all of it arrives."""
    is_closing = [isinstance(record, Closing) for record in HISTORY.records()]
    edges = [at for at in range(1, len(is_closing)) if is_closing[at] != is_closing[at - 1]]
    waits = Waits()
    with EmbeddedBroker() as broker:
        settings = settings_for(broker.bootstrap, tmp_path)
        broker.create(all_topic_names(settings))
        with Publisher(settings, codec_for(settings)) as publisher:
            waits.player = Player(publisher, waits, HISTORY.events)
            waits.player.play(seconds, lambda: None)
        arrived = {topic: records_in(settings, topic) for topic in HISTORY.counts()}

    assert waits.complete == [*edges, len(is_closing)]
    assert arrived == dict(HISTORY.counts())
