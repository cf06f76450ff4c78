"""`accolade parked`: what waits for reference data, and for what."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Transactions and credits that wait for data.")


@app.callback()
def parked() -> None:
    """Transactions and credits that wait for data: they count by themselves when it comes."""


@app.command("list")
def list_parked(
    reason: Annotated[
        str | None,
        typer.Option(
            "--reason", metavar="REASON", help="Only those of this reason, e.g. missing_rate."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """
    List what is parked, and what it waits for.

    The longest first; then totals by what is waited for. Publish the person,
    unit, deal, rate or plan that is waited for, and what is parked counts by
    itself.
    """
    from accolade.deploy.cli.parked_shown import read, show, show_as_json

    rows = [row for row in read() if reason in (None, row.parked.reason)]
    (show_as_json if as_json else show)(rows)
