"""Commands of `accolade` that run as processes of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from accolade.streams.settings import Settings

ACCOLADE = (sys.executable, "-m", "accolade.deploy.cli")

#: How long a command may take to end.
END_SECONDS = 60


@contextmanager
def beside(settings: Settings, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command beside what is done in the block, then ask it to end."""
    process = subprocess.Popen(
        [*ACCOLADE, *arguments], env=_environment(settings), stderr=subprocess.DEVNULL
    )
    try:
        yield process
        process.terminate()
        assert 0 == process.wait(END_SECONDS)
    finally:
        process.kill()
        process.wait()


def finished(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*ACCOLADE, *arguments],
        env=_environment(settings),
        capture_output=True,
        text=True,
        timeout=END_SECONDS,
        check=False,
    )


def _environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, **settings.as_environment()}
