"""A deployment of the whole flow on the real broker: topics, a worker, publisher, results."""

import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from accolade.deploy.demonstration.results import Results
from accolade.deploy.local_process import LocalProcess, free_port
from accolade.deploy.quiet import Quiet
from accolade.schemas import codec_for
from accolade.streams.publisher import Publisher
from accolade.streams.records import Record
from accolade.streams.settings import Settings
from accolade.streams.topics import create_topics

_READY_SECONDS = 90.0
_QUIET_SECONDS = 300.0


class Deployment:
    """One deployment with a topic prefix of its own; a context manager."""

    def __init__(self, kafka: str, prefix: str, folder: Path, partitions: int = 4) -> None:
        """Make the topics; no worker runs yet."""
        self.settings = Settings(
            bootstrap_servers=kafka,
            topic_prefix=prefix,
            crm_partitions=partitions,
            facts_partitions=partitions,
            boards_partitions=partitions,
            replication=1,
            web_host="127.0.0.1",
            web_port=free_port(),
            data_dir=folder,
            session_timeout_seconds=6.0,
        )
        self._folder = folder
        self._worker: LocalProcess | None = None
        create_topics(self.settings)

    def start(self) -> None:
        """Start the worker and wait until it is ready."""
        command = [sys.executable, "-m", "accolade.deploy.cli", "worker"]
        self._worker = LocalProcess(command, self._folder, self.settings.as_environment())
        self._worker.wait_until(self._ready, _READY_SECONDS)

    def start_without_waiting(self) -> None:
        """Start the worker; it may be killed before it is ready."""
        command = [sys.executable, "-m", "accolade.deploy.cli", "worker"]
        self._worker = LocalProcess(command, self._folder, self.settings.as_environment())

    def kill(self) -> None:
        """End the worker with `kill -9`."""
        assert self._worker is not None
        self._worker.kill()
        self._worker = None

    def publish(self, records: Iterable[Record]) -> None:
        """Publish records, each accepted by the broker."""
        with Publisher(self.settings, codec_for(self.settings)) as publisher:
            for record in records:
                publisher.publish(record)
            assert [] == list(publisher.flush(60).failed)

    def counted(self) -> None:
        """Wait until everything published is counted, in all stages."""
        Quiet(self.settings, f"{self._address}/metrics").wait(timeout_seconds=_QUIET_SECONDS)

    def results(self) -> Results:
        """Read what left the flow."""
        results = Results(self.settings)
        results.read_all()
        results.close()
        return results

    def page(self, path: str) -> str:
        """Return a page of the worker."""
        with urlopen(f"{self._address}{path}", timeout=5.0) as answer:
            text: str = answer.read().decode()
        return text

    @property
    def _address(self) -> str:
        return f"http://127.0.0.1:{self.settings.web_port}"

    def _ready(self) -> bool:
        try:
            return self.page("/readyz") == "ready\n"
        except (URLError, OSError):
            return False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.stop()
