"""`accolade publish` as someone at a terminal and a script see it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from accolade.deploy.cli import app
from accolade.deploy.local_process import free_port
from accolade.streams.catalogue import CONTACTS, DEALS, REFERENCE
from accolade.streams.importing.kinds import KINDS, named
from accolade.streams.log_reader import latest_by_key
from accolade.streams.records import Contact, Record
from accolade.streams.settings import Settings
from tests.crm_export import MAPPINGS, crm_export_folder, crm_export_records
from tests.streams.topics_here import entries_of, limit_messages, records_of, with_topics

GOOD = "person_id,revision,name\nann,1,Ann\nbo,1,Bo\n"
#: Lines 3, 4 and 6 are wrong.
BAD = "person_id,revision,name\nann,1,Ann\nbo,x,Bo\ncy,1\ndi,1,Di\nunit:x,1,X\n"


@pytest.fixture
def settings(kafka: str, prefix: str) -> Settings:
    """Return the settings of a deployment of this test's own."""
    return with_topics(kafka, prefix)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a test puts its file."""
    return tmp_path / "people.csv"


def run(*arguments: object, settings: Settings | None = None, typed: str | None = None) -> Result:
    """Run `accolade publish`."""
    environment = settings.as_environment() if settings else {}
    command = ["publish", *map(str, arguments)]
    return CliRunner().invoke(app, command, env=environment, input=typed)


def contacts_in(settings: Settings) -> list[Record]:
    """Return the published contacts by their ids."""
    found = records_of(settings, CONTACTS)
    return sorted(found, key=lambda record: record.person_id if isinstance(record, Contact) else "")


def contact(person_id: str, name: str, revision: int = 1) -> Contact:
    """Return a contact."""
    return Contact(person_id=person_id, revision=revision, name=name)


@pytest.mark.pipeline
def test_a_good_file_is_published(settings, file):
    """And told how much of it."""
    file.write_text(GOOD)
    result = run("contacts", file, settings=settings)

    assert (result.exit_code, result.stdout) == (0, f"{file}: 2 lines; 2 contacts sent\n")
    assert result.stderr == ""
    assert contacts_in(settings) == [contact("ann", "Ann"), contact("bo", "Bo")]


@pytest.mark.pipeline
def test_nothing_is_sent_of_a_file_with_a_wrong_line(settings, file):
    """Every wrong line is named, with its column and what stands there."""
    file.write_text(BAD)
    result = run("contacts", file, settings=settings)

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"{file}:3: column 'revision': not a whole number (value 'x')",
        f"{file}:4: has 2 cells, and the header names 3",
        f"{file}:6: column 'person_id': person_id: 'unit:x' is a unit; "
        "a person's id must not begin with 'unit:'",
        "error: 3 of 5 lines are wrong; nothing was sent.",
        "Put them right, or send the others with --skip-bad.",
    ]
    assert contacts_in(settings) == []
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.pipeline
def test_bad_lines_can_be_skipped_put_right_and_published(settings, file):
    """They are written with their reasons to a file that can be published itself."""
    file.write_text(BAD)
    result = run("contacts", file, "--skip-bad", settings=settings)
    refused = file.with_name("people.refused.csv")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{file}: 5 lines; 2 contacts sent; 3 refused (1 not_a_number, 1 malformed, 1 invalid)",
        f"wrong lines: {refused}",
    ]
    assert contacts_in(settings) == [contact("ann", "Ann"), contact("di", "Di")]

    # Somebody may be repairing it: it isn't written over.
    again = run("contacts", file, "--skip-bad", settings=settings)
    assert (again.exit_code, f"error: {refused} is there already" in again.stderr) == (1, True)

    repaired = refused.read_text().replace("bo,x,Bo", "bo,2,Bo").replace("cy,1", "cy,1,Cy")
    refused.write_text(repaired.replace("unit:x", "ed"))
    assert run("contacts", refused, settings=settings).exit_code == 0
    assert contacts_in(settings)[1:] == [
        contact("bo", "Bo", 2),
        contact("cy", "Cy"),
        contact("di", "Di"),
        contact("ed", "X"),
    ]


@pytest.mark.pipeline
def test_standard_input_is_read_as_a_file(settings, tmp_path, monkeypatch):
    """Its refused lines go into the working folder."""
    monkeypatch.chdir(tmp_path)
    lines = '{"person_id": "ann", "revision": 1, "name": "Ann"}\n{"person_id": 1}\n'
    result = run(
        *("contacts", "-", "--format", "jsonl", "--skip-bad"), settings=settings, typed=lines
    )

    assert result.exit_code == 0
    assert "stdin:2: column 'revision': empty, and `revision` is needed" in result.stderr
    assert contacts_in(settings) == [contact("ann", "Ann")]
    assert [path.name for path in tmp_path.iterdir()] == ["stdin.refused.jsonl"]


@pytest.mark.pipeline
def test_a_script_reads_the_summary_as_json(settings, file):
    """With counts by reason, and where the refused lines are."""
    file.write_text(BAD + "di,1,Di\n")
    elsewhere = file.with_name("elsewhere.csv")
    result = run(
        *("contacts", file, "--skip-bad", "--json", "--refused", elsewhere), settings=settings
    )

    assert json.loads(result.stdout) == {
        "kind": "contacts",
        "file": str(file),
        "dry_run": False,
        "lines": 6,
        "records": 2,
        "repeated": 1,
        "sent": 2,
        "refused": 3,
        "by_reason": {"invalid": 1, "malformed": 1, "not_a_number": 1},
        "refused_file": str(elsewhere),
        "failed": [],
    }


def test_a_dry_run_needs_no_broker_and_leaves_nothing(file):
    """It tells what is wrong as a run would."""
    file.write_text(BAD)
    result = run("contacts", file, "--dry-run", "--skip-bad")

    assert result.exit_code == 1
    assert result.stdout.startswith(f"{file}: 5 lines; 2 contacts to send; 3 refused")
    assert result.stderr.splitlines()[-1] == "error: 3 of 5 lines are wrong."
    assert list(file.parent.iterdir()) == [file]
    file.write_text(GOOD)
    assert run("contacts", file, "--dry-run").exit_code == 0


def test_a_mapping_that_is_wrong_is_named_with_its_line(file, tmp_path):
    """Before the file is looked at."""
    mapping = tmp_path / "m.yaml"
    mapping.write_text("record: contacts\nfields:\n  person_id: id\n  nam: name\n")
    result = run("contacts", file, "--mapping", mapping, "--dry-run")

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "error: the mapping can't be used",
        f"{mapping}:2: fields: `name` is missing: Contact needs it",
        f"{mapping}:2: fields: `revision` is missing: Contact needs it",
        f"{mapping}:4: fields.nam: Contact has no field `nam`; did you mean `name`?",
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.csv", None, "none.csv: No such file or directory"),
        ("empty.csv", "", "empty.csv: empty: its first line must name the columns"),
        ("other.csv", "a,b\n", "other.csv:1: column 'a' is no field of Contact"),
    ],
)
def test_a_file_that_can_not_be_used_is_an_error(tmp_path, name, content, message):
    """In one line that names it."""
    if content is not None:
        (tmp_path / name).write_text(content)
    result = run("contacts", tmp_path / name, "--dry-run")

    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {tmp_path}/{message}")


def test_a_format_that_can_not_be_told_is_a_usage_error(tmp_path):
    """Neither by the name nor by what is given."""
    assert run("contacts", tmp_path / "people.txt").exit_code == 2
    assert run("contacts", tmp_path / "people.csv", "--format", "xml").exit_code == 2
    assert run("quotes", tmp_path / "people.csv").exit_code == 2


def test_brokers_that_do_not_answer_are_told_before_the_file_is_read(file):
    """With their address."""
    address = f"127.0.0.1:{free_port()}"
    nowhere = Settings(bootstrap_servers=address, broker_wait_seconds=0)
    result = run("contacts", file, settings=nowhere)

    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: no Kafka broker answers at {address}")


@pytest.mark.pipeline
def test_what_the_brokers_do_not_take_is_named(settings, file):
    """With what to do."""
    limit_messages(settings, settings.topic_name(CONTACTS), 10)
    file.write_text(GOOD)
    result = run("contacts", file, settings=settings)

    assert result.exit_code == 1
    assert "Contact ann, revision 1: its " in result.stderr
    assert result.stderr.splitlines()[-2:] == [
        "error: 2 of 2 records not delivered.",
        "Publish the same file again: what is there already changes nothing.",
    ]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--dry-run"], 1),
        (["--dry-run", "--skip-bad"], 1),
        (["--no-such-option"], 2),
        (["--dry-run", "--format", "jsonl"], 1),
    ],
)
def test_a_script_sees_the_status(file, arguments, status):
    """1 for what was refused, 2 for a wrong command line."""
    file.write_text(BAD)
    command = [sys.executable, "-m", "accolade.deploy.cli", "publish", "contacts", file]
    ran = subprocess.run([*command, *arguments], capture_output=True, check=False)

    assert ran.returncode == status


@pytest.mark.pipeline
def test_topics_that_are_missing_are_told_with_what_to_do(kafka, prefix, file):
    """Nothing makes topics behind an operator's back."""
    result = run("contacts", file, settings=Settings(bootstrap_servers=kafka, topic_prefix=prefix))

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"error: topics are missing on {kafka}: {prefix}crm.contacts",
        "Make them with: accolade topics create",
    ]


@pytest.mark.pipeline
def test_a_contact_can_be_erased(settings, file):
    """Its name is gone once the topic is compacted."""
    file.write_text(GOOD)
    run("contacts", file, settings=settings)
    result = run("erase", "ann", settings=settings)

    assert (result.exit_code, result.stdout) == (0, "erased: ann\n")
    assert latest_by_key(entries_of(settings, CONTACTS)).keys() == {b"bo"}
    assert run("erase", "unit:x", settings=settings).exit_code == 1


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_explains_its_fields(kind):
    """As they are called in a file without mapping."""
    result = run(kind, "--help")
    needed = " ".join(result.stdout.split()).partition("Needed: ")[2]

    assert result.exit_code == 0
    assert needed.startswith(next(iter(KINDS[kind].__struct_fields__)))


@pytest.mark.pipeline
def test_the_shipped_script_publishes_the_whole_crm_export(settings, tmp_path):
    """Run again, it publishes what changes nothing: the same records."""
    folder = crm_export_folder()
    command = tmp_path / "accolade"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m accolade.deploy.cli "$@"\n')
    command.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        [MAPPINGS / "publish.sh", folder],
        env={**os.environ, **settings.as_environment(), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    published = [
        record for topic in (REFERENCE, CONTACTS, DEALS) for record in records_of(settings, topic)
    ]

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "14,277 deals sent" in ran.stdout
    assert sorted(map(shown, published)) == sorted(map(shown, crm_export_records(folder)))


def shown(record: Record) -> str:
    """Return a record as text; amounts come back with all their decimals."""
    fields = {name: getattr(record, name) for name in record.__struct_fields__}
    if "amount" in fields:
        fields["amount"] = fields["amount"].normalize()
    return f"{type(record).__name__} {fields}"


@pytest.mark.parametrize(
    ("kind", "count", "expected"),
    [
        ("deals", 1, "1 deal"),
        ("people", 1, "1 person"),
        ("activities", 1, "1 activity"),
        ("choices", 1, "1 choice"),
        ("deals", 0, "0 deals"),
        ("people", 1_200, "1,200 people"),
    ],
)
def test_one_is_not_told_in_the_plural(kind: str, count: int, expected: str) -> None:
    """Whatever it is."""
    assert named(kind, count) == expected


def test_an_amount_is_told_as_it_is_written(tmp_path: Path) -> None:
    """Not as the program holds it."""
    file = tmp_path / "deals.csv"
    columns, values = (
        "deal_id,revision,occurred_at,stage,amount,currency",
        "D-1,1,2026-04-01T00:00Z",
    )
    file.write_text(f"{columns}\n{values},open,5.005,USD\n")

    said = run("deals", file, "--dry-run").stderr.splitlines()

    assert said == [
        f"{file}:2: column 'amount': amount: 5.005 has more than 2 decimals",
        "error: 1 of 1 line is wrong.",
    ]
