"""Three workers of the plain counter, and what can happen to them."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

APP = Path(__file__).parents[1] / "streams" / "engine" / "count_app.py"
_STOP_SECONDS = 60


class Member:
    """A place for a worker process: empty, running or stalled."""

    def __init__(self, name: str, command: list[str], folder: Path) -> None:
        """Take what to run; its data folder is kept from one process to the next."""
        self.name = name
        self.log = folder / f"{name}.log"
        self.stalled = False
        #: Whether its process was stalled at any time: it may have been fenced.
        self.was_stalled = False
        self._command = command
        self._folder = folder / name
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def here(self) -> bool:
        """Whether it has a process."""
        return self._process is not None

    def join(self, variables: Mapping[str, str]) -> None:
        """Start a process."""
        environment = {**os.environ, "DATADIR": str(self._folder), **variables}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.stalled = self.was_stalled = False

    def kill(self) -> None:
        """End its process with `kill -9`, also while it is stalled."""
        self._running.kill()
        self._running.wait()
        self._process = None

    def leave(self) -> int:
        """Ask its process to end; return its status, that of a kill where it takes too long."""
        process = self._running
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._process = None
        return process.returncode

    def stall(self) -> None:
        """Stop its process from running; its session at the broker goes on for a while."""
        self._running.send_signal(signal.SIGSTOP)
        self.stalled = self.was_stalled = True

    def wake(self) -> None:
        """Let it run again."""
        self._running.send_signal(signal.SIGCONT)
        self.stalled = False

    def ended(self) -> int | None:
        """Return the status of a process that ended by itself, once."""
        if self._process is None or self._process.poll() is None:
            return None
        status = self._process.returncode
        self._process = None
        return status

    def last_lines(self) -> str:
        """Return the end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-60:])

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, f"{self.name} has no process"
        return self._process


def crew(broker: str, app_id: str, partitions: int, folder: Path, size: int = 3) -> list[Member]:
    """Return the members, none of which runs yet."""
    command = [sys.executable, str(APP), broker, app_id, str(partitions)]
    return [Member(f"worker-{n}", command, folder) for n in range(1, size + 1)]
