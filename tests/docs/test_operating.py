"""What docs/operating.md says is there, is there."""

import re
import tomllib
from pathlib import Path

import pytest
from prometheus_client import REGISTRY, CollectorRegistry
from pydantic import Secret, SecretStr
from typer.testing import CliRunner

from accolade.agents.metrics import Metrics, TaskState
from accolade.deploy.cli import app
from accolade.sinks import metrics as sink_metrics
from accolade.streams.settings import Settings
from accolade.streams.settings_file import PREFIX

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "operating.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return [text for name, text in found if name == language]


def rows(heading: str) -> list[str]:
    """Return the rows of all tables under a heading."""
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    assert lines != []
    return lines


def row_of(name: str) -> str:
    """Return what the table says of a setting: its variable, default and meaning."""
    field = Settings.model_fields[name]
    default = field.default
    if isinstance(default, Secret | SecretStr):
        default = default.get_secret_value()
    text = str(default).lower() if isinstance(default, bool) else str(default or "")
    shown = f"`{text}`" if text else "`0`" if default == 0 else ""
    return f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |"


def names_in(registry: CollectorRegistry) -> set[str]:
    """Return the names by which Prometheus asks for a registry's metrics."""
    return {
        f"{metric.name}_total" if metric.type == "counter" else metric.name
        for metric in registry.collect()
        if metric.name.startswith("accolade_")
    }


def test_every_setting_is_told_with_its_default() -> None:
    """In the words and the order of the settings themselves."""
    told = [row for row in rows("Settings") if row.startswith(f"| `{PREFIX}")]

    assert told == [row_of(name) for name in Settings.model_fields]


def test_every_metric_is_told() -> None:
    """Those of the worker and those of the sinks, and no other."""
    registry = CollectorRegistry()
    registry.register(TaskState({}, Metrics(registry).lags))
    assert sink_metrics.LAG is not None
    named = {row.split("`")[1] for row in rows("Metrics")}
    told = {name for name in named if re.fullmatch(r"accolade_\w+", name)}

    assert told == names_in(registry) | names_in(REGISTRY)


@pytest.mark.parametrize("text", blocks("toml"))
def test_settings_files_have_settings_alone(text: str) -> None:
    """Each could be read as it stands."""
    assert tomllib.loads(text).keys() <= Settings.model_fields.keys()


COMMANDS = [
    command
    for text in blocks("sh")
    for command in re.findall(r"^\s*accolade (.+)$", text, re.MULTILINE)
]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_exist_with_their_options(command: str) -> None:
    """As they are written."""
    words = command.partition(" #")[0].split()
    options = [word for word in words if word.startswith("--")]
    path = words[: 1 if words[0] == "worker" else 2]
    shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200"})

    assert shown.exit_code == 0
    assert [option for option in options if option not in shown.stdout] == []


LINKS = re.findall(r"\]\(([^)]+)\)", TEXT)


@pytest.mark.parametrize("link", sorted(set(LINKS)))
def test_links_lead_somewhere(link: str) -> None:
    """To a page that is there, and a heading in it."""
    name, _, anchor = link.partition("#")
    text = (DOCS / name).read_text("utf-8") if name else TEXT
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in headings}

    assert not anchor or anchor in anchors
