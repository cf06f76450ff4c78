"""`accolade replay` as someone at a terminal sees it."""

import json
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from accolade.deploy.cli import app
from accolade.streams.plans.catalogue import catalogue_text
from accolade.streams.records import Closing, Record
from tests.reference.small_company import UNITS, catalogue_plan, person, won

SAMPLE = "q2-sales-performance"
#: 75,000 at 5 % and 15,000 at 7 % are 4,800; 90,000 are 180 % of the target: 1,000 more.
FACTS = [
    catalogue_plan(SAMPLE),
    *UNITS,
    person("ana"),
    person("ben"),
    won("d1", "90000.00", "ana", on="2026-04-10T10:00"),
    won("d2", "100.00", "ben", on="2026-05-05T10:00"),
    Closing(plan_id=SAMPLE, period="2026-Q2", author="max"),
]


def run(*arguments: str, typed: str | None = None) -> Result:
    """Run `accolade replay`."""
    return CliRunner().invoke(app, ["replay", *arguments], input=typed)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A file of facts."""
    return written(tmp_path / "facts.jsonl", FACTS)


def written(file: Path, records: list[Record]) -> Path:
    """Write records to a file of facts."""
    file.write_bytes(b"\n".join(map(msgspec.json.encode, records)))
    return file


def plan_folder(folder: Path, *changes: tuple[str, str]) -> str:
    """Return a folder with the sample plan, changed."""
    text = catalogue_text(SAMPLE)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    folder.mkdir()
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    return str(folder)


def test_a_replay_prints_what_is_paid(facts):
    """By plan and component, with boards."""
    done = run("--facts", str(facts))

    assert done.exit_code == 0, done.output
    assert "9 facts replayed" in done.stdout
    assert [line.split() for line in done.stdout.splitlines() if "commission" in line] == [
        [SAMPLE, "commission", "2", "4805.00", "USD"]
    ]
    assert "1 ana, 2 ben" in done.stdout


def test_a_replay_as_json_has_every_award(facts):
    """Facts may come from standard input too."""
    done = run("--facts", "-", "--json", typed=facts.read_text())
    said = json.loads(done.stdout)
    awards = {award["award_id"]: award["amount_minor"] for award in said["awards"]}

    assert done.exit_code == 0
    assert (said["facts"], said["refused"], said["parked"]) == (9, [], [])
    assert awards[f"{SAMPLE}/commission/2026-Q2/ana"] == 480_000
    assert awards[f"{SAMPLE}/top_performer/2026-Q2/ana"] == 50_000


def test_what_arrived_later_is_left_out(facts):
    """The second deal was won in May."""
    done = run("--facts", str(facts), "--json", "--as-of", "2026-05-01T00:00:00Z")

    participants = {award["participant"] for award in json.loads(done.stdout)["awards"]}
    assert participants == {"ana"}


def test_bad_lines_are_told_with_their_place(facts):
    """The rest is folded, and the status says that it wasn't all."""
    with facts.open("ab") as stream:
        stream.write(b'\n{"plan_id": "unknown", "period": "2026-Q2"}\n{"deal_id": 7}\n')
    done = run("--facts", str(facts))

    assert done.exit_code == 1
    assert f"{facts}:10: plan_id: no plan 'unknown' is known" in done.stdout
    assert f"{facts}:11: as a" in done.stdout
    assert "4805.00" in done.stdout


def test_another_plan_is_compared_by_participant_and_component(facts, tmp_path):
    """8 % instead of 7 % above 75,000 pays 150 more."""
    other = plan_folder(tmp_path / "other", ("rate: 7%", "rate: 8%"))
    done = run("--facts", str(facts), "--compare", other)
    as_json = json.loads(run("--facts", str(facts), "--compare", other, "--json").stdout)
    same = run("--facts", str(facts), "--compare", plan_folder(tmp_path / "same"))

    assert done.exit_code == 0
    assert "4800.00" in done.stdout
    assert "4950.00" in done.stdout
    assert "change in all: +150.00 USD" in done.stdout
    assert [(d["participant"], d["component"]) for d in as_json["differences"]] == [
        ("ana", "commission")
    ]
    assert "both pay the same, to the cent" in same.stdout


def test_plans_of_a_folder_pay_in_place_of_those_of_the_history(facts, tmp_path):
    """As the comparison says."""
    other = plan_folder(tmp_path / "other", ("rate: 7%", "rate: 8%"))

    assert "4955.00" in run("--facts", str(facts), "--plans", other).stdout


def test_a_spreadsheet_is_compared_cell_by_cell(facts, tmp_path):
    """A cent too much is told, and the status says so."""
    said = json.loads(run("--facts", str(facts), "--json").stdout)
    sheet = tmp_path / "sheet.csv"
    rows = [
        f"{a['participant']},{a['component']},{a['period']},{a['kind']},{a['amount_minor'] / 100}"
        for a in said["awards"]
    ]
    sheet.write_text("\n".join(["participant,component,period,kind,amount", *rows]))
    same = run("--facts", str(facts), "--against", str(sheet))
    sheet.write_text(sheet.read_text().replace(",4800.0", ",4800.01"))
    differs = run("--facts", str(facts), "--against", str(sheet))

    assert (same.exit_code, differs.exit_code) == (0, 1), same.stdout
    assert "1 cell differs" in differs.stdout
    assert "-0.01" in differs.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "give either --facts FILE or --from-kafka"),
        (["--facts", "x", "--from-kafka"], "give either --facts FILE or --from-kafka"),
        (["--facts", "x", "--as-of", "soon"], "is no time like"),
        (["--facts", "x", "--as-of", "2026-05-01"], "names no zone"),
        (["--facts", "x", "--compare", "a", "--against", "b"], "one at a time"),
    ],
)
def test_what_cannot_be_asked_for_is_a_usage_error(arguments, says):
    """Status 2."""
    done = run(*arguments)

    assert (done.exit_code, says in " ".join(done.stderr.replace("│", " ").split())) == (2, True)


def test_files_that_cannot_be_used_are_named(facts, tmp_path):
    """Facts, and plans with all their findings."""
    wrong = plan_folder(tmp_path / "wrong", ("rounding: half_up\n", ""))
    (tmp_path / "empty").mkdir()
    missing = run("--facts", str(tmp_path / "nothing.jsonl"))
    refused = run("--facts", str(facts), "--plans", wrong)
    empty = run("--facts", str(facts), "--plans", str(tmp_path / "empty"))

    assert (missing.exit_code, "nothing.jsonl: can't be read" in missing.stderr) == (1, True)
    assert (refused.exit_code, "plan.yaml:" in refused.stderr) == (1, True)
    assert (empty.exit_code, "there is no plan file" in empty.stderr) == (1, True)
