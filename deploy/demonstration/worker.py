"""The demo's worker: a process of its own on the embedded broker."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from accolade.deploy.embedded_broker import PARTITIONS
from accolade.deploy.local_process import LocalProcess, free_port
from accolade.deploy.quiet import Quiet
from accolade.streams.settings import Settings

_READY_SECONDS = 90.0
_COUNTED_SECONDS = 600.0
_PAGE_SECONDS = 1.0
#: Between two looks at where it stands; each costs it some 30 ms.
_LOOK_SECONDS = 0.25

#: Called while something is waited for; takes a moment itself.
Tick = Callable[[], object]


def settings_for(bootstrap: str, folder: Path) -> Settings:
    """Return the settings of a worker on the embedded broker; the environment's don't count."""
    return Settings(
        bootstrap_servers=bootstrap,
        crm_partitions=PARTITIONS,
        facts_partitions=PARTITIONS,
        boards_partitions=PARTITIONS,
        # The embedded broker edits transactional batches and leaves their checksum as it was.
        check_crcs=False,
        # It keeps little: the smaller, the more.
        compression="zstd",
        web_host="127.0.0.1",
        web_port=free_port(),
        data_dir=folder,
    )


class Worker:
    """Started with the object, ended with its context."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        """Start it; the folder is for its files."""
        self._address = f"http://127.0.0.1:{settings.web_port}"
        self._quiet = Quiet(settings, f"{self._address}/metrics")
        command = [sys.executable, "-m", "accolade.deploy.cli", "worker"]
        self._process = LocalProcess(command, folder, settings.as_environment())

    def wait_until_ready(self) -> None:
        """
        Wait until it processes.

        Raises:
            StartError: It has ended, or takes too long.
        """
        self._process.wait_until(self._is_ready, _READY_SECONDS)

    def wait_until_counted(self, tick: Tick, up_to: int = 0) -> None:
        """
        Wait until it has counted everything, or all but a number of offsets.

        Raises:
            StartError: It has ended, or takes too long.
        """

        def has_counted() -> bool:
            behind = self._quiet.behind()
            if behind is not None and behind <= up_to:
                return True
            look_at = time.monotonic() + _LOOK_SECONDS
            while time.monotonic() < look_at:
                tick()
            return False

        self._process.wait_until(has_counted, _COUNTED_SECONDS)

    def __enter__(self) -> Self:
        """Return itself; it runs already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, and wait until it has ended."""
        self._process.stop()

    def _is_ready(self) -> bool:
        try:
            with urlopen(f"{self._address}/readyz", timeout=_PAGE_SECONDS) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False
