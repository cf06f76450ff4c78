"""`accolade payouts`: the ledger of awards, payout batches and statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from accolade.sinks.ledger_rows import PayoutBatch

app = typer.Typer(no_args_is_help=True, help="What awards come to, and what of it is paid.")

_KINDS = ("money", "gift_card", "points", "experience", "training")

_Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
_JsonFile = Annotated[bool, typer.Option("--json", help="Write the rows as JSON, not CSV.")]
_Folder = Annotated[
    Path,
    typer.Option(
        "--out", file_okay=False, metavar="FOLDER", help="Folder for the files; made if need be."
    ),
]


@app.command()
def run(
    once: Annotated[
        bool,
        typer.Option(
            "--once", help="End when all awards that are there are booked, and print what was."
        ),
    ] = False,
) -> None:
    """
    Book awards in the ledger as they come, until stopped.

    Each revision of an award is booked once, whatever happens meanwhile: its
    booking and the position in the log are one transaction of the database.
    """
    from accolade.deploy.cli.brokers import answering_settings
    from accolade.deploy.cli.following import follow, follow_to_end
    from accolade.deploy.cli.payout_tables import booked_note, unpaid_note
    from accolade.sinks.feeds import payouts_follower
    from accolade.sinks.ledger_batches import open_totals
    from accolade.sinks.ledger_booked import booked, booked_between

    with _ledger() as ledger:
        settings = answering_settings()
        before = booked(ledger)
        follower = payouts_follower(settings, ledger)
        if not once:
            follow(follower, settings, settings.payouts_metrics_port)
            return
        follow_to_end(follower, settings)
        typer.echo(booked_note(booked_between(before, booked(ledger))))
        typer.echo(unpaid_note(open_totals(ledger)))


@app.command()
def batch(
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help=f"Only this kind; may be repeated. One of {', '.join(_KINDS)}.",
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            metavar="TIME",
            help="Only what was booked before this time, UTC: 2026-07-01, 2026-07-01T12:00:00.",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
        ),
    ] = None,
    folder: _Folder = Path(),
    as_json: _JsonFile = False,
) -> None:
    """
    Make a payout batch of all bookings that are in none yet.

    Writes its rows, and beside them the control total. Nothing is ever in two
    batches; what changes later is in a later batch, as the difference.
    """
    from accolade.sinks.ledger_batches import make_batch

    for kind in kinds or ():
        if kind not in _KINDS:
            raise typer.BadParameter(f"{kind!r} is none of {', '.join(_KINDS)}")
    before = None if until is None else round(until.replace(tzinfo=UTC).timestamp()) * 1_000_000
    with _ledger() as ledger:
        made = make_batch(ledger, kinds or (), before)
    if made is None:
        typer.echo("nothing to pay: all bookings are in batches", err=True)
        return
    _write(made, folder, as_json)


@app.command()
def export(
    batch_id: Annotated[
        str, typer.Argument(metavar="BATCH", help="As `accolade payouts list` shows it.")
    ],
    folder: _Folder = Path(),
    as_json: _JsonFile = False,
) -> None:
    """Write a batch's files again, byte for byte."""
    from accolade.deploy.cli.problems import fail
    from accolade.sinks.ledger_batches import NoSuchBatchError, load_batch

    with _ledger() as ledger:
        try:
            found = load_batch(ledger, batch_id)
        except NoSuchBatchError:
            fail(f"there is no batch {batch_id}; `accolade payouts list` shows those there are")
    _write(found, folder, as_json)


@app.command("list")
def list_all(as_json: _Json = False) -> None:
    """List the batches, and what is in none yet."""
    from accolade.deploy.cli.payout_tables import batches_json, batches_table, unpaid_note
    from accolade.deploy.cli.tables import show_json, show_table
    from accolade.sinks.ledger_batches import list_batches, open_totals

    with _ledger() as ledger:
        batches, unpaid = list_batches(ledger), open_totals(ledger)
    if as_json:
        show_json(batches_json(batches, unpaid))
    else:
        show_table(batches_table(batches), unpaid_note(unpaid))


@app.command()
def statement(
    participant: Annotated[
        str, typer.Argument(metavar="PARTICIPANT", help="A person's id, or unit:<unit id>.")
    ],
    as_json: _Json = False,
) -> None:
    """
    Show all that was booked for a participant.

    Line by line with the balance, then what it comes to. Status 1 if nothing is booked
    for the participant.
    """
    from accolade.deploy.cli.payout_tables import balances_table, statement_lines
    from accolade.deploy.cli.problems import fail
    from accolade.deploy.cli.tables import show_json, show_table
    from accolade.sinks.ledger_statements import statement_of

    with _ledger() as ledger:
        found = statement_of(ledger, participant)
    if as_json:
        show_json(found)
    elif found.lines:
        typer.echo("\n".join(statement_lines(found.lines)))
        typer.echo()
        show_table(balances_table(found.balances))
    if not found.lines:
        fail(f"nothing is booked for {participant}\nAwards are booked by: accolade payouts run")


@app.command()
def refused(
    retry: Annotated[
        bool, typer.Option("--retry", help="Book those that can be read by now.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """List the records that couldn't be booked, and why."""
    from accolade.deploy.cli.payout_tables import refused_table
    from accolade.deploy.cli.problems import load_settings
    from accolade.deploy.cli.tables import show_json, show_table
    from accolade.sinks.feeds import ledger_store
    from accolade.sinks.ledger_refused import list_refused

    with _ledger() as ledger:
        if retry:
            booked = ledger_store(load_settings(), ledger).retry_refused()
            typer.echo(f"{booked} booked", err=True)
        rows = list_refused(ledger)
    if as_json:
        show_json(rows)
    else:
        show_table(refused_table(rows))


def _write(batch: "PayoutBatch", folder: Path, as_json: bool) -> None:
    from accolade.deploy.cli.payout_tables import totals_table
    from accolade.deploy.cli.problems import fail
    from accolade.deploy.cli.tables import show_table
    from accolade.sinks.payout_files import write_batch

    try:
        files = write_batch(batch, folder, json=as_json)
    except OSError as error:
        fail(
            f"{folder} can't be written: {error.strerror}. The batch stands in the ledger; write "
            f"it with: accolade payouts export {batch.batch_id} --out FOLDER"
        )
    show_table(totals_table(batch.totals))
    for file in files:
        typer.echo(str(file))


@contextmanager
def _ledger() -> "Iterator[Engine]":
    """Give the settings' ledger, and tell what is wrong with it."""
    from sqlalchemy.exc import DBAPIError

    from accolade.deploy.cli.problems import fail, load_settings
    from accolade.sinks.ledger import LedgerError, open_ledger

    settings = load_settings()
    try:
        engine = open_ledger(settings.ledger_url.get_secret_value())
        try:
            yield engine
        finally:
            engine.dispose()
    except LedgerError as error:
        fail(f"{error} (ACCOLADE_LEDGER_URL is {settings.ledger_url})")
    except DBAPIError as error:
        fail(f"the ledger ({settings.ledger_url}) can't be used: {error.orig}")
