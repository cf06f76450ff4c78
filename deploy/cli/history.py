"""`accolade replay`: what a history pays, without a broker in between."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

_Facts = Annotated[
    list[Path] | None,
    typer.Option(
        "--facts",
        help="File of JSON lines, a record each; - for standard input. May be given several"
        " times; the files are read one after another.",
        metavar="FILE",
    ),
]
_FromKafka = Annotated[
    bool,
    typer.Option("--from-kafka", help="The facts of the deployment that the settings name."),
]
_Plans = Annotated[
    Path | None,
    typer.Option(
        "--plans",
        help="Folder of plan files that pay in place of the plans of the history.",
        metavar="DIR",
    ),
]
_Compare = Annotated[
    Path | None,
    typer.Option(
        "--compare",
        help="Folder of other plan files: what they would have paid, beside.",
        metavar="DIR",
    ),
]
_Against = Annotated[
    Path | None,
    typer.Option(
        "--against",
        help="CSV file with participant, component, period and amount (and perhaps plan, kind,"
        " currency): what a spreadsheet says, cell by cell.",
        metavar="FILE",
    ),
]
_AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help="Only what had arrived by then, e.g. 2026-06-30T18:00:00+02:00.",
        metavar="TIME",
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print everything as JSON for scripts.")]


def replay(
    facts: _Facts = None,
    from_kafka: _FromKafka = False,
    plans: _Plans = None,
    compare: _Compare = None,
    against: _Against = None,
    as_of: _AsOf = None,
    as_json: _Json = False,
) -> None:
    """
    Fold a history again: its awards, badges and boards.

    They are as the flow would have them. The history is files of events (deals,
    people, plans, closings, …) or the log of a deployment. --compare shows what
    other plans would have paid on it, --against what a spreadsheet says.

    Status 1: something was refused, or differs from the spreadsheet.
    """
    from accolade.deploy.cli.history_run import Asked, run

    if bool(facts) == from_kafka:
        raise typer.BadParameter("give either --facts FILE or --from-kafka")
    if compare is not None and against is not None:
        raise typer.BadParameter("--compare and --against are asked for one at a time")
    moment = None if as_of is None else _moment(as_of)
    run(Asked(tuple(facts or ()), plans, compare, against, moment, as_json))


def _moment(text: str) -> int:
    """Return a time as µs UTC; ends the command if it is none, or names no zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        says = f"--as-of: {text!r} is no time like 2026-06-30T18:00:00+02:00"
        raise typer.BadParameter(says) from error
    if moment.tzinfo is None:
        raise typer.BadParameter(f"--as-of: {text!r} names no zone, e.g. {text}+02:00 or {text}Z")
    return int(moment.astimezone(UTC).timestamp()) * 1_000_000 + moment.microsecond
