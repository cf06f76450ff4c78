"""The project's tools find nothing to say: lint, format, types, layers."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check", "--quiet", "--output-format=concise", "."], id="lint"),
        pytest.param(["ruff", "format", "--check", "--quiet", "."], id="format"),
        pytest.param(["mypy"], id="types"),
        pytest.param(["lint-imports", "--no-logo"], id="layers"),
    ],
)
def test_tool_finds_nothing(command: list[str]) -> None:
    """A tool that finds something ends with a status and says what."""
    program, *arguments = command
    run = subprocess.run(
        [TOOLS / program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )

    if run.returncode != 0:
        pytest.fail(run.stdout + run.stderr, pytrace=False)
