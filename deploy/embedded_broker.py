"""
librdkafka's own broker inside this process: a real TCP broker from pip alone, for the demo.

It keeps everything in memory, gives every topic four partitions, and forgets
what exceeds about 5 MB in one of them.
"""

import logging
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from confluent_kafka import Consumer, Producer, TopicPartition

#: What librdkafka gives to every topic; it can't be asked for more.
PARTITIONS = 4
_TIMEOUT_SECONDS = 10.0


class EmbeddedBroker:
    """The broker; it lives as long as this object is open."""

    def __init__(self) -> None:
        """Start it on a free port of this machine."""
        self._host = Producer(
            {
                "bootstrap.servers": "embedded",
                "test.mock.num.brokers": 1,
                # It tells that it is a mock, and of each client that comes and goes.
                "log_level": 2,
                "logger": _silent(),
            }
        )
        broker = next(iter(self._host.list_topics(timeout=_TIMEOUT_SECONDS).brokers.values()))
        self.bootstrap = f"{broker.host}:{broker.port}"

    def create(self, names: Iterable[str]) -> None:
        """Make topics; asking for one makes it."""
        for name in names:
            self._host.list_topics(name, timeout=_TIMEOUT_SECONDS)

    def forgotten(self, names: Iterable[str]) -> dict[str, int]:
        """Return how many records each topic has lost, where any."""
        reader = Consumer({"bootstrap.servers": self.bootstrap, "group.id": "watermarks"})
        try:
            lost = {
                name: sum(
                    reader.get_watermark_offsets(TopicPartition(name, p), _TIMEOUT_SECONDS)[0]
                    for p in range(PARTITIONS)
                )
                for name in names
            }
        finally:
            reader.close()
        return {name: records for name, records in lost.items() if records}

    def __enter__(self) -> Self:
        """Return itself; it runs already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it; everything in it is gone."""
        del self._host


def _silent() -> logging.Logger:
    logger = logging.getLogger("accolade.embedded_broker")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return logger
