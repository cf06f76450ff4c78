"""What commands say while no broker answers, and when they give up."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from accolade.deploy.cli import app, brokers
from accolade.deploy.local_process import free_port
from accolade.streams.plans.catalogue import catalogue_text
from accolade.streams.settings import Settings
from tests.streams.topics_here import with_topics

#: Every command that asks a broker, but for its files.
COMMANDS: Sequence[Sequence[str]] = (
    ("worker",),
    ("topics", "create"),
    ("topics", "create", "--dry-run"),
    ("topics", "check"),
    ("publish", "deals", "deals.csv"),
    ("publish", "erase", "ann"),
    ("plan", "publish", "plan.yaml"),
    ("plan", "withdraw", "badge-rush"),
    ("plan", "list", "--published"),
    ("deadletters", "list"),
    ("parked", "list"),
    ("payouts", "run"),
    ("payouts", "run", "--once"),
    ("boards", "run"),
)


@pytest.fixture
def nowhere() -> Settings:
    """Settings of a broker that isn't there."""
    return Settings(
        bootstrap_servers=f"127.0.0.1:{free_port()}", broker_wait_seconds=0.6, web_port=0
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_who_does_not_answer_is_told_at_once_and_in_the_end(
    command: Sequence[str], nowhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is waited for; then what to do, and the setting of how long."""
    monkeypatch.setattr(brokers, "SILENCE_SECONDS", 0.0)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deals.csv").write_text("deal_id\n")
    (tmp_path / "plan.yaml").write_text(catalogue_text("badge-rush"))

    result = CliRunner().invoke(app, list(command), env=nowhere.as_environment())

    address = nowhere.bootstrap_servers
    lines = result.stderr.removeprefix("plan.yaml: no errors, no warnings\n").splitlines()
    assert result.exit_code == 1
    assert lines[0] == f"Kafka at {address} doesn't answer yet; waiting ..."
    assert lines[1].startswith(f"error: no Kafka broker answers at {address}: Connect to ")
    assert lines[2:] == [
        "Start it, or set ACCOLADE_BOOTSTRAP_SERVERS to where it is.",
        "It was tried for 0.6 s; ACCOLADE_BROKER_WAIT_SECONDS says how long.",
    ]


def test_who_is_waited_for_is_told_within_two_seconds() -> None:
    """Where somebody looks at a terminal and nothing happens."""
    assert brokers.SILENCE_SECONDS <= 2


@pytest.mark.pipeline
def test_a_broker_that_wants_a_password_is_not_waited_for(kafka: str) -> None:
    """Waiting doesn't mend a refusal, and another reason than silence is told."""
    settings = Settings(
        bootstrap_servers=kafka,
        broker_wait_seconds=3_600,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_username="me",
        sasl_password="secret",
    )

    result = CliRunner().invoke(app, ["topics", "check"], env=settings.as_environment())

    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: Kafka at {kafka} refuses: ")
    assert "ACCOLADE_SECURITY_PROTOCOL" in result.stderr
    assert "secret" not in result.output


@pytest.mark.pipeline
def test_a_broker_that_answers_is_not_talked_about(kafka: str, prefix: str) -> None:
    """Nothing but what was asked for."""
    settings = with_topics(kafka, prefix)

    result = CliRunner().invoke(app, ["topics", "check"], env=settings.as_environment())

    assert (result.exit_code, result.stderr) == (0, "")
