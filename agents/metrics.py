"""Every metric of the worker, once, with its meaning."""

import time
from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from accolade.streams.catalogue import AWARDS
from accolade.streams.engine.runner import Runner
from accolade.streams.engine.task import Report, Task
from accolade.streams.records import DeadLetter

#: Of the tasks that this worker has; what it says of one ends with the task.
Lags = WeakKeyDictionary[Task[Any], dict[str, int]]

#: From a millisecond to what a rebalance takes.
LATENCY_SECONDS = (
    *(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5),
    *(1.0, 2.5, 5.0, 10.0, 30.0, 60.0),
)


class Metrics:
    """The worker's metrics, and the engine's observer that feeds them."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register all metrics."""
        self.events = Counter("accolade_events", "Records counted", ["stage"], registry=registry)
        self.dropped = Counter(
            "accolade_refetched",
            "Records fetched again that had been counted, and were dropped",
            ["stage"],
            registry=registry,
        )
        self.transactions = Histogram(
            "accolade_transaction_seconds",
            "Time from a batch's arrival at its task to the commit of its transaction",
            ["stage"],
            buckets=LATENCY_SECONDS,
            registry=registry,
        )
        #: Offsets that are not counted yet, by source topic, as each task last saw them.
        self.lags: Lags = WeakKeyDictionary()
        self.outputs = Counter("accolade_outputs", "Records emitted", ["topic"], registry=registry)
        self.event_to_award = Histogram(
            "accolade_event_to_award_seconds",
            "Time from an event's append to its topic to the commit of its award",
            buckets=LATENCY_SECONDS,
            registry=registry,
        )
        self.dead_letters = Counter(
            "accolade_dead_letters", "Records refused", ["stage", "reason"], registry=registry
        )
        self.restored = Counter(
            "accolade_restored_records",
            "Changelog records read to restore tasks",
            ["stage"],
            registry=registry,
        )
        self.restore_seconds = Histogram(
            "accolade_restore_seconds",
            "Time to fence and restore a task",
            ["stage"],
            buckets=LATENCY_SECONDS,
            registry=registry,
        )

    def on_committed(self, task: Task[Any], report: Report) -> None:
        """Count a transaction."""
        stage = task.stage.name
        self.events.labels(stage).inc(report.records)
        self.dropped.labels(stage).inc(report.dropped)
        self.lags.setdefault(task, {}).update(report.lag)
        if report.records:
            self.transactions.labels(stage).observe(report.seconds)
        now_ms = time.time() * 1000
        for sent in report.sent:
            topic = sent.output.topic
            self.outputs.labels(topic.name).inc()
            if topic is AWARDS:
                self.event_to_award.observe(max(0.0, now_ms - sent.origin_ms) / 1000)
            elif isinstance(sent.output.record, DeadLetter):
                self.dead_letters.labels(stage, sent.output.record.reason).inc()

    def on_restored(self, task: Task[Any], records: int, seconds: float) -> None:
        """Count a restored task."""
        self.restored.labels(task.stage.name).inc(records)
        self.restore_seconds.labels(task.stage.name).observe(seconds)


class TaskState(Collector):
    """What the tasks of this worker hold and where they stand, read when asked."""

    def __init__(self, runners: Mapping[str, Runner[Any]], lags: Lags) -> None:
        """Take the runners whose tasks are looked at, and how far these are behind."""
        self._runners = runners
        self._lags = lags

    def collect(self) -> Iterator[Metric]:
        """Yield table sizes, source positions and lags as they are."""
        rows = GaugeMetricFamily(
            "accolade_table_rows", "Rows of a table", labels=["stage", "table", "partition"]
        )
        positions = GaugeMetricFamily(
            "accolade_position",
            "Next offset to count of a source partition",
            labels=["stage", "topic", "partition"],
        )
        lags = GaugeMetricFamily(
            "accolade_lag_records",
            "Offsets of a source partition that are not counted yet",
            labels=["stage", "topic", "partition"],
        )
        standbys = GaugeMetricFamily(
            "accolade_standby_offset",
            "Changelog offset up to which a task that another worker owns is followed",
            labels=["stage", "partition"],
        )
        for stage, runner in self._runners.items():
            for number, replica in list(runner.standbys.items()):
                if (mark := replica.store.mark) is not None:
                    standbys.add_metric([stage, str(number)], mark.offset)
            for task in list(runner.tasks.values()):
                partition = str(task.partition)
                for table, size in list(task.rows.sizes.items()):
                    rows.add_metric([stage, table, partition], size)
                for topic, offset in task.next.items():
                    positions.add_metric([stage, topic, partition], offset)
                for topic, lag in list(self._lags.get(task, {}).items()):
                    lags.add_metric([stage, topic, partition], lag)
        yield rows
        yield positions
        yield lags
        yield standbys
