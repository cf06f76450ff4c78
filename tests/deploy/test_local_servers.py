"""The servers that tests and trials start."""

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from confluent_kafka.admin import AdminClient, NewTopic
from redis import Redis

from accolade.deploy.kafka_local import LocalKafka
from accolade.deploy.local_process import LocalProcess, StartError
from accolade.deploy.redis_local import LocalRedis

START_A_REDIS_AND_WAIT = """
import sys
from accolade.deploy.redis_local import LocalRedis

with LocalRedis() as redis:
    print(redis.url, flush=True)
    sys.stdin.read()
"""
ANSWER_SECONDS = 20


@pytest.fixture
def own_kafka() -> Iterator[LocalKafka]:
    """A broker of the test's own, to be ended as it likes."""
    with LocalKafka() as server:
        yield server


@pytest.mark.pipeline
def test_killed_broker_comes_back_with_its_topics(own_kafka: LocalKafka) -> None:
    """At the same address, so that clients find it again."""
    bootstrap = own_kafka.bootstrap
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    admin.create_topics([NewTopic("kept", 2)])["kept"].result(ANSWER_SECONDS)

    own_kafka.kill()
    own_kafka.start()

    topics = AdminClient({"bootstrap.servers": own_kafka.bootstrap}).list_topics().topics
    assert (own_kafka.bootstrap, list(topics)) == (bootstrap, ["kept"])


def test_restarted_redis_is_empty() -> None:
    """It keeps nothing on disk."""
    with LocalRedis() as server:
        with Redis.from_url(server.url) as client:
            client.set("key", "value")

        server.restart()

        with Redis.from_url(server.url) as client:
            assert client.dbsize() == 0


def test_server_ends_with_its_killed_starter() -> None:
    """A test run that is killed leaves no server behind."""
    starter = subprocess.Popen(
        [sys.executable, "-c", START_A_REDIS_AND_WAIT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    host, port = starter.stdout.readline().removeprefix("redis://").split("/")[0].split(":")
    with socket.create_connection((host, int(port)), ANSWER_SECONDS) as connection:
        starter.kill()
        starter.communicate()

        # The server's end of the connection closes when it dies.
        assert connection.recv(1) == b""


def test_server_that_ends_at_once_tells_why(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The error holds what the server said."""
    folder = tmp_path_factory.mktemp("server")
    process = LocalProcess(["/bin/sh", "-c", "echo no room; exit 3"], folder)

    with pytest.raises(StartError, match="sh ended with code 3:\nno room"):
        process.wait_until(lambda: False, ANSWER_SECONDS)
