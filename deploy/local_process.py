"""A server of this machine's own: started on a free port, ended with whoever started it."""

import os
import random
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

#: Below the range from which systems take the port of an outgoing connection: a
#: server that is down keeps its port, and a client can't connect to itself.
_PORTS = range(20_000, 32_000)
_POLL_SECONDS = 0.05
_STOP_SECONDS = 20.0
_LINES_SHOWN = 20

#: Waits for the starter's end of the pipe to close, by whatever death, and then
#: ends the server and removes its files.
_REAPER = 'read -r _; kill -9 "$1" 2>/dev/null; rm -rf -- "$2"'


class StartError(RuntimeError):
    """A server that ended, or didn't answer in time, when it was started."""


def free_port() -> int:
    """Return a port on which nothing listens."""
    while True:
        port = random.choice(_PORTS)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


class LocalProcess:
    """
    A running server process.

    It has a session of its own, so that Ctrl-C reaches its starter alone, and
    it doesn't outlive its starter, even one that is killed.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        """
        Start the command.

        Args:
            command: Program and arguments.
            folder: Where it runs; holds its files and its output, and is removed
                if the starter dies without having stopped the server.
            environment: Variables that come on top of this process's own.
        """
        self.name = Path(command[0]).name
        self.log = folder / f"{self.name}.log"
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._reaper = subprocess.Popen(
            ["/bin/sh", "-c", _REAPER, "reaper", str(self._process.pid), str(folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> Self:
        """
        Wait until the server is ready.

        Raises:
            StartError: It ended first, or the time was up; says what it logged last.
        """
        for _ in range(max(1, round(seconds / _POLL_SECONDS))):
            if ready():
                return self
            try:
                code = self._process.wait(_POLL_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            self._dismiss_reaper()
            raise StartError(f"{self.name} ended with code {code}:\n{self._last_lines()}")
        self.kill()
        raise StartError(f"{self.name} wasn't ready in {seconds:g} s:\n{self._last_lines()}")

    def stop(self) -> int:
        """
        End it in order, by force if that takes too long; nothing if it has ended.

        Returns:
            Its exit status; the negative number of the signal that ended it, if one did.
        """
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a loss of power would."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int:
        if self._process.poll() is None:
            self._process.send_signal(how)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._dismiss_reaper()
        return self._process.returncode

    def _dismiss_reaper(self) -> None:
        self._reaper.kill()
        self._reaper.communicate()

    def _last_lines(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-_LINES_SHOWN:])


def listens(port: int) -> bool:
    """Tell whether something accepts connections on this machine's port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.0):
            return True
    except OSError:
        return False
