"""The `accolade` command as a whole."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from accolade.deploy.cli import app

COMMANDS = [
    "boards",
    "deadletters",
    "parked",
    "payouts",
    "plan",
    "publish",
    "topics",
    "worker",
]
#: What takes longer to import than a person likes to wait for a usage error.
SLOW = {"aiokafka", "confluent_kafka", "fastavro", "faust", "pydantic", "redis", "sqlalchemy"}


@pytest.mark.parametrize("command", COMMANDS)
def test_command_explains_itself(command: str) -> None:
    """Every command is there and has a help of its own."""
    result = CliRunner().invoke(app, [command, "--help"])

    assert (result.exit_code, f"accolade {command}" in result.output) == (0, True)


def test_nothing_asked_shows_what_can_be() -> None:
    """A command line without a command is a usage error that shows the help."""
    result = CliRunner().invoke(app, [])

    assert (result.exit_code, "Usage: accolade" in result.output) == (2, True)


def test_version_is_the_installed_one() -> None:
    """As the project says."""
    pyproject = Path(__file__).parents[3] / "pyproject.toml"
    version = tomllib.loads(pyproject.read_text())["project"]["version"]

    result = CliRunner().invoke(app, ["--version"])

    assert (result.exit_code, result.output) == (0, f"accolade {version}\n")


def test_help_waits_for_no_library() -> None:
    """What is slow to import is imported by the command that needs it."""
    program = "import sys, accolade.deploy.cli; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert SLOW & set(run.stdout.split()) == set()
