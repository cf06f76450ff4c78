"""`accolade payouts` as a script and as a person use it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from accolade.deploy.cli import app
from accolade.deploy.cli.payout_tables import booked_note
from accolade.sinks.ledger import open_ledger
from accolade.sinks.ledger_booked import booked, booked_between
from tests.sinks.award_log import award, begun_log
from tests.sinks.store_log import StoreLog

Run = Callable[..., Result]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A ledger of the test's own."""
    return f"sqlite:///{tmp_path}/ledger.db"


@pytest.fixture
def ledger(url: str) -> Iterator[Engine]:
    """The ledger, to be written by the test."""
    engine = open_ledger(url)
    yield engine
    engine.dispose()


@pytest.fixture
def log(ledger: Engine) -> StoreLog:
    """A log of awards that goes to the ledger."""
    return begun_log(ledger)


@pytest.fixture
def run(url: str, tmp_path: Path) -> Run:
    """Runs a command of the group."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(
            app, ["payouts", *arguments], env={"ACCOLADE_LEDGER_URL": url}, prog_name="accolade"
        )

    return run


def test_a_batch_is_written_and_written_again_byte_for_byte(
    log: StoreLog, run: Run, tmp_path: Path
) -> None:
    """The files' names are printed, and the control total above them."""
    log.write(award("c/ann", 1, 1_250_00), award("g/bob", 1, 500_00, kind="gift_card"))

    made = run("batch", "--kind", "money", "--out", str(tmp_path / "first"))
    files = [Path(line) for line in made.stdout.splitlines() if line.startswith("/")]
    assert made.exit_code == 0
    assert [file.name.partition(".")[2] for file in files] == ["csv", "csv.control.json"]
    assert "1250.00" in made.stdout
    batch_id = json.loads(files[1].read_text())["batch_id"]
    again = run("export", batch_id, "--out", str(tmp_path / "again"))

    assert again.exit_code == 0
    for file in files:
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_nothing_to_pay_makes_no_batch(run: Run) -> None:
    """It is no failure."""
    result = run("batch")

    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing to pay" in result.stderr


def test_what_cannot_be_is_told_with_what_to_do(run: Run, log: StoreLog, tmp_path: Path) -> None:
    """An unknown batch, an unknown kind, a folder that can't be written."""
    assert "accolade payouts list" in run("export", "1-2").stderr
    assert run("export", "1-2").exit_code == 1
    assert run("batch", "--kind", "monney").exit_code == 2
    log.write(award("c/ann", 1, 100))
    (tmp_path / "file").touch()

    result = run("batch", "--out", str(tmp_path / "file" / "inside"))
    assert result.exit_code == 1
    assert "accolade payouts export 000001-" in result.stderr


def test_batches_and_what_is_unpaid_are_listed(run: Run, log: StoreLog, tmp_path: Path) -> None:
    """For people, and as JSON."""
    log.write(award("c/ann", 1, 100))
    run("batch", "--out", str(tmp_path))
    log.write(award("c/ann", 2, 175))

    listed = json.loads(run("list", "--json").stdout)
    assert [row["rows"] for row in listed["batches"]] == [1]
    assert [row["amount"] for row in listed["unpaid"]] == ["0.75"]
    assert "in no batch yet: money 0.75 USD" in run("list").stdout


def test_a_statement_is_shown(run: Run, log: StoreLog) -> None:
    """Its lines add up."""
    log.write(award("c/ann", 1, 100), award("c/ann", 2, 0, state="withdrawn"))

    found = json.loads(run("statement", "ann", "--json").stdout)
    assert [line["balance_minor"] for line in found["lines"]] == [100, 0]
    assert "withdrawn" in run("statement", "ann").stdout


def test_a_statement_fits_a_terminal(run: Run, log: StoreLog) -> None:
    """An award's id has a line of its own, whole."""
    log.write(award(f"{'c' * 50}/ann", 1, 10**14, kind="experience", label="A trip for two"))

    lines = run("statement", "ann").stdout.splitlines()

    assert lines[1].split()[1:] == [
        *("1000000000000.00", "USD", "1000000000000.00", "USD"),
        *("experience", "none", "yet"),
    ]
    assert lines[2:4] == [f"    {'c' * 50}/ann (A trip for two)", ""]
    assert [line for line in lines if len(line) > 80] == []


def test_a_participant_without_bookings_is_told(run: Run) -> None:
    """With status 1; a program gets the empty statement as well."""
    plain, as_json = run("statement", "nobody"), run("statement", "nobody", "--json")

    assert (plain.exit_code, plain.stdout) == (1, "")
    assert plain.stderr.startswith("error: nothing is booked for nobody\n")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["lines"] == []


def test_what_came_to_be_booked_is_told(ledger: Engine, log: StoreLog) -> None:
    """By kind and currency, as the difference to what was there."""
    log.write(award("c/ann", 1, 100))
    before = booked(ledger)
    log.write(award("c/ann", 2, 175), award("g/bob", 1, 500, kind="gift_card"))

    assert booked_note(booked_between(before, before)) == "nothing new to book"
    assert booked_note(booked_between({}, before)) == "1 booking: money 1.00 USD"
    assert booked_note(booked_between(before, booked(ledger))) == (
        "2 bookings: gift_card 5.00 USD, money 0.75 USD"
    )


def test_refused_records_are_listed_and_tried_again(run: Run, log: StoreLog) -> None:
    """What stays refused is still there."""
    log.write(b"no record")

    result = run("refused", "--retry", "--json")
    assert "0 booked" in result.stderr
    assert [row["reason"] for row in json.loads(result.stdout)] == ["undecodable"]


def test_a_ledger_that_cannot_be_used_is_told_without_its_password() -> None:
    """One line, status 1."""
    result = CliRunner().invoke(
        app,
        ["payouts", "list"],
        env={"ACCOLADE_LEDGER_URL": "postgresql+psycopg://me:secret@127.0.0.1:1/none"},
    )

    assert result.exit_code == 1
    assert "error: the ledger" in result.stderr
    assert "secret" not in result.output
