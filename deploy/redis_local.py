"""A real Redis on this machine, for tests and trials."""

import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from redis import Redis
from redis.exceptions import RedisError

from accolade.deploy.local_process import LocalProcess, StartError, free_port

_READY_SECONDS = 20.0


class LocalRedis:
    """
    A Redis that keeps nothing on disk: started again it is empty, at the same address.

    A context manager: starts on entry, stops on exit.
    """

    def __init__(self) -> None:
        """Choose its port."""
        self._port = free_port()
        self._folder: Path | None = None
        self._process: LocalProcess | None = None

    @property
    def url(self) -> str:
        """Its address, as a `redis://` URL."""
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """
        Start it and wait until it answers.

        Raises:
            StartError: It isn't installed, ended, or didn't answer in time.
        """
        program = shutil.which("redis-server")
        if program is None:
            raise StartError(
                "redis-server isn't installed. Install it (Debian: apt-get install redis-server; "
                "macOS: brew install redis)."
            )
        self._folder = Path(tempfile.mkdtemp(prefix="accolade-redis-"))
        command = [
            *(program, "--bind", "127.0.0.1", "--port", str(self._port)),
            *("--save", "", "--appendonly", "no", "--dir", str(self._folder)),
        ]
        self._process = LocalProcess(command, self._folder).wait_until(
            self._answers, _READY_SECONDS
        )

    def stop(self) -> None:
        """Shut it down; what it held is gone."""
        if self._process is not None:
            self._process.stop()
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def restart(self) -> None:
        """Stop it and start it again, empty, at the same address."""
        self.stop()
        self.start()

    def flush(self) -> None:
        """Make it forget everything."""
        with Redis.from_url(self.url) as client:
            client.flushall()

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url) as client:
                return bool(client.ping())
        except RedisError:
            return False
