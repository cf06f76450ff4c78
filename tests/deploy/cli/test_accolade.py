"""The `accolade` command as a whole."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
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


def every_command(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command and group."""
    yield words
    for name, command in getattr(group, "commands", {}).items():
        yield from every_command(command, (*words, name))


@pytest.mark.parametrize("words", list(every_command(typer.main.get_command(app))), ids=" ".join)
def test_help_fits_a_terminal_and_tells_no_types_of_flags(words: tuple[str, ...]) -> None:
    """80 columns; a flag takes no value; a group's list names what each command does."""
    said = CliRunner().invoke(app, [*words, "--help"], prog_name="accolade").output

    assert [line for line in said.splitlines() if len(line) > 80] == []
    assert "<bool>" not in said
    assert "..." not in said.partition("Commands:")[2]


def test_help_tells_what_the_exit_status_means() -> None:
    """And where the settings are."""
    said = CliRunner().invoke(app, ["--help"]).output

    assert "0 done" in said
    assert "2 wrong usage" in said
    assert "docs/operating.md" in said


def test_the_list_of_topics_fits_a_terminal() -> None:
    """Names are whole, as they are for copying."""
    lines = CliRunner().invoke(app, ["topics", "list"]).output.splitlines()

    assert [line for line in lines if len(line) > 80] == []
    assert "incentive.tallies            tally_id|participant           3  compacted" in lines
