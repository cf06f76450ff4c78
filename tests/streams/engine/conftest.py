"""What the tests of the engine share."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from .counter import Counter


@pytest.fixture
def counter(kafka: str, prefix: str, tmp_path: Path) -> Iterator[Counter]:
    """A counter app; whatever worker is left is killed."""
    made = Counter(kafka, prefix, tmp_path)
    yield made
    if made.runs:
        made.end(signal.SIGKILL)
