"""A deployment of the whole flow on the real broker: topics, workers, publisher, results."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from typer.testing import CliRunner, Result

from accolade.deploy.cli import app
from accolade.deploy.demonstration.results import Results
from accolade.schemas import codec_for
from accolade.streams.catalogue import Topic
from accolade.streams.log_reader import Entry, read_all
from accolade.streams.publisher import Publisher
from accolade.streams.records import Closing, Record
from accolade.streams.settings import Settings
from accolade.streams.topics import create_topics
from tests.pipeline.worker import Worker

_FLUSH_SECONDS = 60.0


class Deployment:
    """One deployment with a topic prefix of its own; a context manager that ends its workers."""

    def __init__(self, kafka: str, prefix: str, folder: Path, **more: Any) -> None:
        """
        Make the topics; no worker runs yet.

        Args:
            kafka: The broker's address.
            prefix: Of this deployment alone.
            folder: For what its processes keep.
            more: Further settings.
        """
        # Different numbers of partitions, so that one in another's place is seen.
        defaults = {
            "crm_partitions": 3,
            "facts_partitions": 4,
            "boards_partitions": 2,
            "replication": 1,
            "session_timeout_seconds": 6.0,
            "metrics_port": 0,
            "payouts_metrics_port": 0,
            "redis_prefix": f"{prefix}:",
        }
        self.settings = Settings(
            bootstrap_servers=kafka, topic_prefix=prefix, **{**defaults, **more}
        )
        self.codec = codec_for(self.settings)
        #: All that was published, in order.
        self.published: list[Record] = []
        self._folder = folder
        self._workers: list[Worker] = []
        create_topics(self.settings)

    # --- workers ---

    @property
    def worker(self) -> Worker:
        """The worker that was started last."""
        return self._workers[-1]

    def start(self) -> Worker:
        """Start a worker, and wait until it is ready."""
        worker = self.start_without_waiting()
        worker.wait_until_ready()
        return worker

    def start_without_waiting(self) -> Worker:
        """Start a worker; it may be killed before it is ready."""
        folder = self._folder / f"worker-{len(self._workers)}"
        folder.mkdir()
        self._workers.append(Worker(self.settings, folder))
        return self.worker

    # --- what goes in ---

    def play(self, records: Iterable[Record]) -> None:
        """Publish records, and wait until they are counted; each closing in its place."""
        for _, part in groupby(records, lambda record: isinstance(record, Closing)):
            # What stands before a closing is counted before it, so that the log
            # has it where the list has it.
            self.publish(list(part))
            self.worker.wait_until_counted()

    def publish(self, records: Sequence[Record]) -> None:
        """Publish records, each accepted by the broker."""
        with Publisher(self.settings, self.codec) as publisher:
            for record in records:
                publisher.publish(record)
            assert publisher.flush(_FLUSH_SECONDS).complete
        self.published += records

    # --- what comes out ---

    def results(self) -> Results:
        """Read what left the flow, as an outside reader does."""
        results = Results(self.settings)
        results.read_all()
        results.close()
        return results

    def log(self, topic: Topic) -> list[Entry]:
        """Read what is in a topic."""
        return list(read_all(self.settings, self.codec, topic))

    def command(self, *arguments: str) -> Result:
        """Run `accolade` with these arguments."""
        return CliRunner().invoke(app, arguments, env=self.settings.as_environment())

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the workers."""
        for worker in self._workers:
            worker.kill()
