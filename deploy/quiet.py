"""Tells when a worker has counted everything that is in its topics."""

import time
from collections.abc import Callable, Iterable
from urllib.error import URLError
from urllib.request import urlopen

from confluent_kafka import IsolationLevel, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec
from prometheus_client.parser import text_string_to_metric_families

from accolade.streams.kafka_clients import admin_config
from accolade.streams.settings import Settings

_POLL_SECONDS = 0.2
_BROKER_SECONDS = 10.0

#: Next offset to count, by (stage, topic, partition).
Positions = dict[tuple[str, str, int], int]


def positions(metrics_url: str) -> Positions:
    """Return where a worker stands; nothing while it doesn't answer."""
    try:
        with urlopen(metrics_url, timeout=_BROKER_SECONDS) as answer:
            text = answer.read().decode()
    except (URLError, OSError):
        return {}
    return {
        (s.labels["stage"], s.labels["topic"], int(s.labels["partition"])): int(s.value)
        for family in text_string_to_metric_families(text)
        if family.name == "accolade_position"
        for s in family.samples
    }


class Quiet:
    """Compares what the topics hold with what a worker has counted."""

    def __init__(self, settings: Settings, metrics_url: str) -> None:
        """Take the worker's settings and the URL of its metrics."""
        self._metrics_url = metrics_url
        self._admin = AdminClient(admin_config(settings))

    def behind(self) -> int | None:
        """
        Return how many offsets the worker has still to count; None while it is starting.

        What it has counted is in topics by then: ends are read first, and again
        after the positions, so that nothing under way is missed.
        """
        at = positions(self._metrics_url)
        if not at:
            return None
        partitions = {(topic, partition) for _, topic, partition in at}
        before = self._ends(partitions)
        at = positions(self._metrics_url)
        behind = sum(max(0, before[topic, p] - next_) for (_, topic, p), next_ in at.items())
        if behind == 0 and self._ends(partitions) != before:
            return 1
        return behind

    def wait(
        self, tell: Callable[[int | None], object] = lambda _: None, timeout_seconds: float = 600.0
    ) -> None:
        """
        Wait until nothing is left to count; `tell` is told how much is, now and then.

        Raises:
            TimeoutError: It takes longer.
        """
        deadline = time.monotonic() + timeout_seconds
        while (behind := self.behind()) != 0:
            tell(behind)
            if time.monotonic() > deadline:
                raise TimeoutError(f"the worker has {behind} offsets to count after all this time")
            time.sleep(_POLL_SECONDS)

    def _ends(self, partitions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
        asked = self._admin.list_offsets(
            {TopicPartition(topic, p): OffsetSpec.latest() for topic, p in partitions},
            # A commit is known to its producer before readers can see its records: what
            # is appended counts, not what can be read already.
            isolation_level=IsolationLevel.READ_UNCOMMITTED,
            request_timeout=_BROKER_SECONDS,
        )
        return {(tp.topic, tp.partition): end.result().offset for tp, end in asked.items()}
