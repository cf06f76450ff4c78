"""`accolade worker` as someone at a terminal sees it."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from accolade.deploy.cli import app
from accolade.streams.settings import Settings
from tests.pipeline.processes import ACCOLADE, END_SECONDS
from tests.streams.topics_here import with_topics

LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ \[info\] (.*)")


@pytest.fixture
def settings(kafka: str, prefix: str, tmp_path: Path) -> Settings:
    """Topics of the test's own, and any free port."""
    changes = {"web_port": 0, "data_dir": tmp_path}
    return with_topics(kafka, prefix).model_copy(update=changes)


def refused(settings: Settings) -> str:
    """Return what a worker says that doesn't start."""
    result = CliRunner().invoke(app, ["worker"], env=settings.as_environment())
    assert result.exit_code == 1
    return result.stderr


@pytest.mark.pipeline
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_logs_that_it_is_ready_and_that_it_has_stopped(
    settings: Settings, how: signal.Signals
) -> None:
    """On stderr, in plain lines, and nothing else; the port is the one that was found."""
    worker = subprocess.Popen(
        [*ACCOLADE, "worker"],
        env={**os.environ, **settings.as_environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stderr is not None
        ready = worker.stderr.readline()
        port = ready.strip().rpartition(":")[2]
        with urlopen(f"http://127.0.0.1:{port}/readyz") as page:
            assert page.read() == b"ready\n"
        worker.send_signal(how)
        out, rest = worker.communicate(timeout=END_SECONDS)
    finally:
        worker.kill()
        worker.wait()

    assert [LINE.fullmatch(line)[1] for line in (ready + rest).splitlines()] == [  # type: ignore[index]
        f"ready: stages announce, credit, tally, rank; metrics on 127.0.0.1:{port}",
        "stopping: what is under way is finished first",
        "stopped",
    ]
    assert (worker.returncode, out) == (0, "")


@pytest.mark.pipeline
def test_a_port_that_is_taken_is_told(settings: Settings) -> None:
    """With the setting to change; there is a worker on it, as a rule."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused(settings.model_copy(update={"web_port": port}))

    assert said.splitlines()[0] == (
        f"error: metrics can't be served on 127.0.0.1:{port}: Address already in use"
    )
    assert "ACCOLADE_WEB_PORT" in said


@pytest.mark.pipeline
def test_other_numbers_of_partitions_than_the_topics_have_are_refused(settings: Settings) -> None:
    """A worker would wait for partitions that never come."""
    count = settings.boards_partitions
    said = refused(settings.model_copy(update={"boards_partitions": count + 1}))

    name = f"{settings.topic_prefix}incentive.tallies"
    assert f"{name} has {count} partitions, and the settings say {count + 1}\n" in said
    assert said.splitlines()[-1] == "are, or begin with another topic_prefix."


def test_the_help_names_the_port_and_what_is_needed() -> None:
    """Each with the variable that sets it."""
    said = CliRunner().invoke(app, ["worker", "--help"], prog_name="accolade").stdout

    for wanted in ("6066", "ACCOLADE_WEB_PORT", "ACCOLADE_BOOTSTRAP_SERVERS", "topics create"):
        assert wanted in said
