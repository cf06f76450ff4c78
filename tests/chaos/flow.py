"""Records that flow all the time, and the counts that come of them."""

from collections import Counter
from random import Random
from threading import Event, Thread

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

PARTITIONS = 4
KEYS = [f"key-{n}" for n in range(300)]
_BURST = 20
_PAUSE_SECONDS = 0.02
_WAIT_SECONDS = 180


class CountError(AssertionError):
    """A count is not what was sent."""


def make_topics(broker: str, app_id: str) -> None:
    """Make the source, the target and the changelog of the counter."""
    small = {"segment.ms": "10000", "min.cleanable.dirty.ratio": "0.01"}
    topics = [
        NewTopic(f"{app_id}-source", PARTITIONS, 1),
        NewTopic(f"{app_id}-counted", PARTITIONS, 1),
        NewTopic(
            f"{app_id}-count-changelog",
            PARTITIONS,
            1,
            config={"cleanup.policy": "compact", **small},
        ),
    ]
    admin = AdminClient({"bootstrap.servers": broker})
    for made in admin.create_topics(topics).values():
        made.result()


class Sender(Thread):
    """Appends records of random keys until it is stopped; remembers what it sent."""

    def __init__(self, broker: str, app_id: str, chance: Random) -> None:
        """Take where to; `start` begins."""
        super().__init__(daemon=True)
        self.sent: Counter[bytes] = Counter()
        self._topic = f"{app_id}-source"
        self._chance = chance
        self._producer = Producer({"bootstrap.servers": broker, "enable.idempotence": True})
        self._flowing, self._ending = Event(), Event()
        self._flowing.set()
        self._paused = Event()

    def run(self) -> None:
        """Send."""
        while not self._ending.wait(_PAUSE_SECONDS):
            if not self._flowing.is_set():
                assert self._producer.flush(30) == 0
                self._paused.set()
                self._flowing.wait()
                continue
            for _ in range(self._chance.randrange(_BURST)):
                key = self._chance.choice(KEYS)
                self._producer.produce(self._topic, key=key)
                self.sent[key.encode()] += 1
            self._producer.poll(0)

    def pause(self) -> None:
        """Send nothing more; what was sent is in the topic when this returns."""
        self._paused.clear()
        self._flowing.clear()
        self._paused.wait()

    def go_on(self) -> None:
        """Send again."""
        self._flowing.set()

    def close(self) -> None:
        """End the thread."""
        self._ending.set()
        self._flowing.set()
        self.join()


class Counts:
    """What an outside reader of committed records sees."""

    def __init__(self, broker: str, app_id: str) -> None:
        """Start at the beginning of the target."""
        self.counts: dict[bytes, int] = {}
        self._reader = Consumer(
            {
                "bootstrap.servers": broker,
                "group.id": f"{app_id}-reader",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
            }
        )
        topic = f"{app_id}-counted"
        self._reader.assign([TopicPartition(topic, p, 0) for p in range(PARTITIONS)])

    def read_until(self, total: int) -> None:
        """
        Read until the counts add up to `total`.

        Raises:
            CountError: A count was said twice or is missing after a long time.
        """
        silent = 0
        while sum(self.counts.values()) < total:
            records = self._reader.consume(5_000, 1.0)
            silent = 0 if records else silent + 1
            if silent > _WAIT_SECONDS:
                raise CountError(f"{sum(self.counts.values())} of {total} were counted")
            for record in records:
                assert record.error() is None, record.error()
                key, n = record.key() or b"", int(record.value() or b"")
                if n <= self.counts.get(key, 0):
                    raise CountError(f"{key!r}: {n} was said after {self.counts[key]}")
                self.counts[key] = n

    def close(self) -> None:
        """Read no more."""
        self._reader.close()
