"""`accolade plan` as someone at a terminal sees it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from accolade.deploy.cli import app
from accolade.streams.catalogue import REFERENCE
from accolade.streams.plans.canonical import parse_body
from accolade.streams.plans.catalogue import catalogue_names, catalogue_text
from accolade.streams.plans.json_schema import schema_text
from accolade.streams.records import Plan
from tests.streams.topics_here import records_of, with_topics

RIGHT = catalogue_text("badge-rush")
WRONG = RIGHT.replace("rounding: half_up\n", "").replace("40%", "15%")
RERANKED = RIGHT.replace("rush: {measure", "rush: {population: {units: team}, measure")
ODD = catalogue_text("elite-achievers-club").replace("where: {status: won}, ", "")


def run(*arguments: str, typed: str | None = None) -> Result:
    """Run `accolade plan`."""
    return CliRunner().invoke(app, ["plan", *arguments], input=typed)


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """A file with a right plan."""
    file = tmp_path / "plan.yaml"
    file.write_text(RIGHT, encoding="utf-8")
    return file


def test_a_right_plan_has_status_0(plan_file: Path) -> None:
    """And nothing on stdout."""
    result = run("check", str(plan_file))

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{plan_file}: no errors, no warnings\n"


def test_findings_show_the_line_and_what_to_write() -> None:
    """Place, message, source line with a caret, and the text to write."""
    result = run("check", "-", typed=WRONG)
    line = next(n for n, said in enumerate(WRONG.splitlines(), 1) if "15%" in said)

    assert result.exit_code == 1
    assert result.stdout.splitlines()[4:] == [
        f"<stdin>:{line}:20: error: `from` comes after 20%: tiers must rise, 15% < 20% < 60% < 80%",
        "              - {from: 15%, badge: Milestone crusher}",
        "                       ^",
    ]
    assert "  write instead: rounding: half_up" in result.stdout.splitlines()
    assert result.stderr == "<stdin>: 2 errors\n"


def test_warnings_refuse_only_when_asked_to(tmp_path: Path) -> None:
    """`--strict` makes them count."""
    file = tmp_path / "odd.yaml"
    file.write_text(ODD, encoding="utf-8")

    assert [run("check", str(file)).exit_code, run("check", "--strict", str(file)).exit_code] == [
        0,
        1,
    ]
    assert "warning: `sales` names no status" in run("check", str(file)).stdout


def test_findings_are_json_for_programs(plan_file: Path) -> None:
    """Of all files, in a list."""
    wrong = plan_file.with_name("wrong.yaml")
    wrong.write_text(WRONG, encoding="utf-8")

    result = run("check", "--json", str(plan_file), str(wrong))
    said = json.loads(result.stdout)

    assert result.exit_code == 1
    assert [(one["file"], one["path"], one["severity"]) for one in said] == [
        (str(wrong), ["rounding"], "error"),
        (str(wrong), ["components", "badges", "pays", "badges", "levels", 1, "from"], "error"),
    ]


def test_a_file_that_is_not_there_is_a_usage_error() -> None:
    """Status 2, with its name."""
    result = run("check", "nowhere.yaml")

    assert (result.exit_code, "nowhere.yaml" in result.stderr) == (2, True)


def test_bytes_that_are_no_text_are_a_finding(tmp_path: Path) -> None:
    """Not a traceback."""
    file = tmp_path / "plan.yaml"
    file.write_bytes(b"title: \xff\n")

    result = run("check", str(file))

    assert (result.exit_code, "is not text in UTF-8" in result.stdout) == (1, True)


def test_the_plans_that_come_along_are_listed_and_shown() -> None:
    """What is shown is the file, to begin from."""
    listed = json.loads(run("list", "--json").stdout)

    assert [row["plan"] for row in listed] == list(catalogue_names())
    assert all(name in run("list").stdout for name in catalogue_names())
    assert run("show", "badge-rush").stdout == RIGHT
    unknown = run("show", "nothing")
    assert (unknown.exit_code, "there is no plan nothing" in unknown.stderr) == (1, True)


def test_the_schema_is_printed() -> None:
    """As docs/plan.schema.json has it."""
    assert run("schema").stdout == schema_text()


@pytest.mark.pipeline
def test_plans_are_published_as_the_next_version_and_withdrawn(
    kafka: str, prefix: str, plan_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is published already is not published again; a wrong plan never is."""
    settings = with_topics(kafka, prefix)
    for variable, value in settings.as_environment().items():
        monkeypatch.setenv(variable, value)

    first = run("publish", str(plan_file))
    again = run("publish", "--json", str(plan_file))
    plan_file.write_text(RIGHT.replace("20%", "25%"), encoding="utf-8")
    changed = run("publish", str(plan_file))
    plan_file.write_text(WRONG, encoding="utf-8")
    refused = run("publish", str(plan_file))
    plan_file.write_text(RERANKED, encoding="utf-8")
    reranked = run("publish", str(plan_file))
    withdrawn = run("withdraw", "badge-rush")
    listed = json.loads(run("list", "--published", "--json").stdout)
    unknown = run("withdraw", "nothing")

    assert first.stdout == "badge-rush: published as version 1\n"
    assert json.loads(again.stdout)["new"] is False
    assert changed.stdout == "badge-rush: published as version 2\n"
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert (reranked.exit_code, reranked.stdout) == (1, "")
    assert "give the board a new name" in reranked.stderr
    assert withdrawn.stdout == "badge-rush: withdrawn as version 3\n"
    assert [(row["version"], row["active"]) for row in listed] == [(3, False)]
    assert (unknown.exit_code, "no plan nothing is published" in unknown.stderr) == (1, True)
    plans = [record for record in records_of(settings, REFERENCE) if isinstance(record, Plan)]
    assert [(plan.version, plan.active) for plan in plans] == [(1, True), (2, True), (3, False)]
    assert parse_body(plans[0].body).title == "Badge rush"
