"""Reads what is parked and shows it."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import typer
from msgspec.structs import asdict

from accolade.deploy.cli.brokers import reachable_settings
from accolade.deploy.cli.letters_shown import utc
from accolade.deploy.cli.problems import fail
from accolade.deploy.cli.tables import show_json, show_table, table
from accolade.schemas import codec_for
from accolade.streams.catalogue import PARKED
from accolade.streams.log_reader import LogUnavailable, latest_by_key, read_all
from accolade.streams.records import Parked


class ParkedRow(NamedTuple):
    """Something that is parked."""

    parked: Parked
    #: When it was parked, or when it last changed while it was; ms since 1970 UTC.
    since_ms: int


def read() -> list[ParkedRow]:
    """Return what is parked now, the longest first; ends the command if it can't be read."""
    settings = reachable_settings([PARKED])
    try:
        latest = latest_by_key(read_all(settings, codec_for(settings), PARKED))
    except LogUnavailable as error:
        fail(str(error))
    rows = [
        ParkedRow(entry.record, entry.timestamp_ms)
        for entry in latest.values()
        if isinstance(entry.record, Parked)
    ]
    return sorted(rows, key=lambda row: (row.since_ms, row.parked.parked_id))


def show(rows: Sequence[ParkedRow]) -> None:
    """Print what is parked, then how much waits for what."""
    for parked, since_ms in rows:
        typer.echo(f"{parked.parked_id}  {utc(since_ms)}  {parked.reason} {parked.waits_for}")
        typer.echo(f"    {parked.message}")
    if rows:
        totals = table("Waits for", "Reason", "Parked", right=("Parked",))
        for (reason, waits_for), count in _totals(rows):
            totals.add_row(waits_for, reason, f"{count:,}")
        show_table(totals)
    typer.echo(f"{len(rows):,} parked")


def show_as_json(rows: Sequence[ParkedRow]) -> None:
    """Print what is parked, and how much waits for what, as JSON."""
    show_json(
        {
            "parked": [{**asdict(row.parked), "since_ms": row.since_ms} for row in rows],
            "totals": [
                {"reason": reason, "waits_for": waits_for, "parked": count}
                for (reason, waits_for), count in _totals(rows)
            ],
        }
    )


def _totals(rows: Sequence[ParkedRow]) -> list[tuple[tuple[str, str], int]]:
    """Return how much waits for what, the most first."""
    counts = Counter((row.parked.reason, row.parked.waits_for) for row in rows)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
