"""Tells when a worker has counted everything that is in its topics."""

from collections.abc import Set
from urllib.error import URLError
from urllib.request import urlopen

from confluent_kafka import IsolationLevel, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec
from prometheus_client.parser import text_string_to_metric_families

from accolade.streams.kafka_clients import admin_config
from accolade.streams.settings import Settings

_METRIC = "accolade_position"
_BROKER_SECONDS = 10.0

#: Next offset to count, by (stage, topic, partition).
Positions = dict[tuple[str, str, int], int]


def positions(metrics_url: str) -> Positions:
    """Return where a worker stands; nothing while it doesn't answer."""
    try:
        with urlopen(metrics_url, timeout=_BROKER_SECONDS) as answer:
            lines = answer.read().decode().splitlines(keepends=True)
    except (URLError, OSError):
        return {}
    # A worker has a thousand other samples.
    text = "".join(line for line in lines if _METRIC in line)
    return {
        (s.labels["stage"], s.labels["topic"], int(s.labels["partition"])): int(s.value)
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }


class Quiet:
    """Compares what the topics hold with what a worker has counted."""

    def __init__(self, settings: Settings, metrics_url: str) -> None:
        """Take the worker's settings and the URL of its metrics."""
        self._metrics_url = metrics_url
        self._admin = AdminClient(admin_config(settings))
        #: What the worker was seen to read.
        self._partitions: set[tuple[str, int]] = set()

    def behind(self) -> int | None:
        """
        Return how many offsets the worker has still to count; None while it is starting.

        What it has counted is in topics by then: ends are read first, and again
        after the positions, so that nothing under way is missed.
        """
        before = self._ends(self._partitions)
        # A page of metrics costs the worker more than anything else here: one will do.
        at = positions(self._metrics_url)
        if not at:
            return None
        partitions = {(topic, partition) for _, topic, partition in at}
        if not partitions <= self._partitions:
            self._partitions = partitions
            return self.behind()
        behind = sum(max(0, before[topic, p] - next_) for (_, topic, p), next_ in at.items())
        if behind == 0 and self._ends(self._partitions) != before:
            return 1
        return behind

    def _ends(self, partitions: Set[tuple[str, int]]) -> dict[tuple[str, int], int]:
        if not partitions:
            return {}
        asked = self._admin.list_offsets(
            {TopicPartition(topic, p): OffsetSpec.latest() for topic, p in partitions},
            # A commit is known to its producer before readers can see its records: what
            # is appended counts, not what can be read already.
            isolation_level=IsolationLevel.READ_UNCOMMITTED,
            request_timeout=_BROKER_SECONDS,
        )
        return {(tp.topic, tp.partition): end.result().offset for tp, end in asked.items()}
