"""`accolade deadletters`: seen, looked into and run again."""

import json
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from accolade.deploy.cli import app
from accolade.deploy.cli.letters_shown import preview
from accolade.streams.catalogue import ANNOUNCEMENTS, DEALS, TALLIES
from accolade.streams.settings import Settings
from tests.streams.letters_here import letter, refuse
from tests.streams.topics_here import DEAL, entries_of, records_of, with_topics

BYTES = b"\x00\xffnot avro"


@pytest.fixture
def settings(kafka: str, prefix: str) -> Settings:
    """Return the settings of a deployment with two dead letters, the second of which is bytes."""
    settings = with_topics(kafka, prefix)
    unreadable = msgspec.structs.replace(
        letter(settings, BYTES, offset=7), reason="undecodable", message="begins with 00 ff"
    )
    refuse(settings, letter(settings, DEAL))
    refuse(settings, unreadable)
    return settings


def run(settings: Settings, *arguments: object) -> Result:
    """Run `accolade deadletters`."""
    command = ["deadletters", *map(str, arguments)]
    return CliRunner().invoke(app, command, env=settings.as_environment())


def listed(settings: Settings, *arguments: object) -> list[str]:
    """Return the ids that are listed."""
    result = run(settings, "list", "--json", *arguments)
    assert result.exit_code == 0
    return [row["id"] for row in json.loads(result.stdout)]


pytestmark = pytest.mark.pipeline


def test_letters_are_listed_with_what_is_wrong(settings):
    """And counted by reason."""
    lines = run(settings, "list").stdout.splitlines()

    assert [lines[0].split()[0], lines[0].split()[-1]] == ["crm.deals/1/0", "misplaced_key"]
    assert lines[1] == "    key 'D-1' belongs elsewhere"
    assert lines[-1] == "2 dead letters: 1 misplaced_key, 1 undecodable"


def test_letters_are_listed_by_reason_topic_and_number(settings):
    """The newest where a number is given."""
    assert listed(settings) == ["crm.deals/1/0", "crm.deals/1/7"]
    assert listed(settings, "--reason", "undecodable") == ["crm.deals/1/7"]
    assert listed(settings, "--topic", "crm.demos") == []
    assert listed(settings, "--limit", "1") == ["crm.deals/1/7"]
    assert "1 of 2 dead letters" in run(settings, "list", "--limit", "1").stdout


def test_a_letter_shows_what_the_record_says(settings):
    """As JSON that can be repaired."""
    text = run(settings, "show", "crm.deals/1/0").stdout
    shown = json.loads(run(settings, "show", "crm.deals/1/0", "--json").stdout)

    assert "message    key 'D-1' belongs elsewhere" in text.splitlines()
    assert "from       crm.deals, partition 1, offset 0" in text.splitlines()
    assert '"deal_id": "D-1"' in text
    assert (shown["record"], shown["key"], shown["key_hex"]) == ("Deal", "D-1", "442d31")
    assert shown["fields"]["team"] == [
        {"rep_id": "ann", "role": "account_executive", "share_bp": None}
    ]


def test_a_letter_that_can_not_be_read_shows_its_bytes(settings, tmp_path):
    """And writes them to a file as they are."""
    out = tmp_path / "value"
    result = run(settings, "show", "crm.deals/1/7", "--value-out", out)

    assert result.exit_code == 0
    assert "It can't be read: " in result.stdout
    assert result.stdout.splitlines()[-1] == preview(BYTES)
    assert out.read_bytes() == BYTES


def test_bytes_are_shown_as_hexadecimal_and_text():
    """The first of them, and how many there are more."""
    assert preview(BYTES) == "000000  00 ff 6e 6f 74 20 61 76 72 6f                    ..not avro"
    assert preview(b"x" * 1_256).splitlines()[-1] == "… 1,000 more; all with --value-out FILE"


def test_a_letter_is_replayed_once(settings):
    """It is no longer listed, and its history says who."""
    result = run(settings, "replay", "crm.deals/1/0", "--by", "ops")

    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "1 replayed")
    assert listed(settings) == ["crm.deals/1/7"]
    assert listed(settings, "--replayed") == ["crm.deals/1/0"]
    assert "replayed   by ops at 2" in run(settings, "show", "crm.deals/1/0").stdout
    assert [entry.partition for entry in entries_of(settings, DEALS)] == [2]


def test_letters_are_replayed_by_reason_or_all(settings):
    """What was replayed isn't again."""
    assert json.loads(run(settings, "replay", "--reason", "undecodable", "--json").stdout) == {
        "replayed": [
            {
                "dead_letter_id": "crm.deals/1/7",
                "topic": settings.topic_name(DEALS),
                "partition": 2,
                "offset": 0,
            }
        ],
        "not_replayed": [],
    }
    assert run(settings, "replay", "--all").stdout.splitlines()[-1] == "1 replayed"
    assert run(settings, "replay", "--all").stdout == "0 replayed\n"
    assert entries_of(settings, DEALS)[0].value == BYTES


def test_a_repaired_record_is_replayed_in_its_place(settings, tmp_path):
    """From the JSON that `show` gives."""
    repaired = tmp_path / "deal.json"
    fields = json.loads(run(settings, "show", "crm.deals/1/0", "--json").stdout)["fields"]
    repaired.write_text(json.dumps({**fields, "amount": "-1"}))
    wrong = run(settings, "replay", "crm.deals/1/7", "--with", repaired)
    assert (wrong.exit_code, "column 'amount': amount: -1 is below 0" in wrong.stderr) == (1, True)

    repaired.write_text(json.dumps(fields, indent=2))
    assert run(settings, "replay", "crm.deals/1/7", "--with", repaired).exit_code == 0
    (record,) = records_of(settings, DEALS)
    assert msgspec.structs.replace(record, amount=DEAL.amount) == DEAL
    assert listed(settings) == ["crm.deals/1/0"]


def test_a_key_may_be_given(settings):
    """For one letter."""
    assert run(settings, "replay", "crm.deals/1/7", "--key", "D-9").exit_code == 0
    assert [entry.key for entry in entries_of(settings, DEALS)] == [b"D-9"]


def test_a_letter_that_can_not_be_replayed_does_not_keep_the_others(settings):
    """It is named, and stays."""
    refuse(settings, letter(settings, None, offset=9))
    result = run(settings, "replay", "--all")

    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "2 replayed"
    assert "error: crm.deals/1/9 has no value: give the record instead" in result.stderr
    assert listed(settings) == ["crm.deals/1/9"]


def test_what_the_flow_derives_can_not_be_replaced(settings, tmp_path):
    """It comes again from its sources; reference data goes through its one order."""
    refuse(settings, letter(settings, b"?", TALLIES), letter(settings, b"?", ANNOUNCEMENTS))
    file = tmp_path / "r.json"
    file.write_text('{"rep_id": "ann"}')
    derived = run(settings, "replay", "incentive.tallies/1/0", "--with", file)
    other = run(settings, "replay", "incentive.announcements/1/0", "--with", file)

    assert "incentive.tallies is written by the flow itself" in derived.stderr
    assert "has the fields of none of Person, Unit, Plan, " in other.stderr
    assert (derived.exit_code, other.exit_code) == (1, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--all", "--reason", "invalid"],
        ["a", "--all"],
        ["a", "b", "--key", "k"],
        ["--all", "--with", "f"],
        ["a", "--with", "f", "--key", "k"],
    ],
)
def test_what_is_to_be_replayed_must_be_clear(arguments):
    """A command line that doesn't say is a usage error."""
    assert CliRunner().invoke(app, ["deadletters", "replay", *arguments]).exit_code == 2


def test_an_id_that_is_not_there_is_named(settings, tmp_path: Path):
    """With where the ids are."""
    for command in (["show"], ["replay"]):
        result = run(settings, *command, "crm.deals/0/99")
        assert (result.exit_code, "there is no dead letter crm.deals/0/99" in result.stderr) == (
            1,
            True,
        )
