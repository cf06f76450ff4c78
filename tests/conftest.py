"""What all tests share: real servers, started when first asked for, and Hypothesis' profiles."""

import os
import signal
import uuid
from collections.abc import Iterator
from types import FrameType

import pytest
from hypothesis import HealthCheck, settings

from accolade.deploy.kafka_local import LocalKafka
from accolade.deploy.redis_local import LocalRedis

# Shared machines are slow at times; how long an example took proves nothing.
settings.register_profile("here", deadline=None, print_blob=True)
# In CI a failure comes from the change, not from the examples drawn that day.
settings.register_profile(
    "ci",
    settings.get_profile("here"),
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure(config: pytest.Config) -> None:
    """Let a termination end the run as Ctrl-C does, with everything it started."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@pytest.fixture(scope="session")
def kafka_server() -> Iterator[LocalKafka]:
    """The broker that all tests share; whoever stops it starts it again."""
    with LocalKafka() as server:
        yield server


@pytest.fixture(scope="session")
def kafka(kafka_server: LocalKafka) -> str:
    """The shared broker's address, `host:port`."""
    return kafka_server.bootstrap


@pytest.fixture(scope="session")
def redis_server() -> Iterator[LocalRedis]:
    """The Redis that all tests share; whoever stops it starts it again."""
    with LocalRedis() as server:
        yield server


@pytest.fixture(scope="session")
def redis_url(redis_server: LocalRedis) -> str:
    """The shared Redis' URL; keys of different tests differ by their `prefix`."""
    return redis_server.url


@pytest.fixture
def prefix() -> str:
    """A name that no other test has, for topics, apps, groups and keys."""
    return f"t{uuid.uuid4().hex[:10]}"
