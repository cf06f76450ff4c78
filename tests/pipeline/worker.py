"""A worker of a deployment: the real process, and what its pages say."""

from pathlib import Path
from threading import Event
from urllib.error import URLError
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from accolade.deploy.local_process import LocalProcess, free_port
from accolade.deploy.quiet import Quiet, positions
from accolade.streams.settings import Settings
from tests.pipeline.processes import ACCOLADE

_READY_SECONDS = 90.0
_COUNTED_SECONDS = 180.0
_PAGE_SECONDS = 5.0
_LOOK_SECONDS = 0.1


class Worker:
    """A process that runs `accolade worker`; started, not waited for."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        """Start it with a port of its own; the folder is for its files."""
        port = free_port()
        self._settings = settings.model_copy(update={"web_port": port, "data_dir": folder})
        self._address = f"http://127.0.0.1:{port}"
        self._process = LocalProcess([*ACCOLADE, "worker"], folder, self._settings.as_environment())
        self._quiet = Quiet(self._settings, f"{self._address}/metrics")
        self._pause = Event()

    def wait_until_ready(self) -> None:
        """Wait until it processes what it was assigned."""
        self._process.wait_until(lambda: self.page("/readyz") == "ready\n", _READY_SECONDS)

    def wait_until_counted(self) -> None:
        """Wait until it alone has counted everything published, in all stages."""
        self._process.wait_until(self._has_counted, _COUNTED_SECONDS)

    def kill(self) -> None:
        """End it with `kill -9`."""
        self._process.kill()

    def stop(self) -> int:
        """Ask it to end; return its exit status, that of a kill where it takes too long."""
        return self._process.stop()

    def page(self, path: str) -> str:
        """Return one of its pages; nothing while it doesn't answer."""
        try:
            with urlopen(f"{self._address}{path}", timeout=_PAGE_SECONDS) as answer:
                text: str = answer.read().decode()
        except (URLError, OSError):
            return ""
        return text

    def metric(self, name: str, **labels: str) -> float:
        """Return the sum of a metric's samples with these labels; 0 while there are none."""
        return sum(
            sample.value
            for family in text_string_to_metric_families(self.page("/metrics"))
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def tasks(self) -> set[tuple[str, int]]:
        """Return the stage and partition of each of its tasks."""
        at = positions(f"{self._address}/metrics")
        return {(stage, partition) for stage, _, partition in at}

    def _has_counted(self) -> bool:
        crm, facts, boards = self._settings.partitioning
        if self._quiet.behind() == 0 and len(self.tasks()) == 1 + crm + facts + boards:
            return True
        # Each look costs the worker a page.
        self._pause.wait(_LOOK_SECONDS)
        return False
