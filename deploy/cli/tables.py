"""Tables for people and JSON for programs, on standard output."""

import msgspec
import typer
from rich import box
from rich.console import Console
from rich.table import Table


def table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    """Return an empty table; the columns in `right` are numbers."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in columns:
        # Ids are to be copied: they are folded, never cut.
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, e.g. `1 deal`, `1,200 deals`."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def show_table(shown: Table, note: str = "") -> None:
    """Print a table, in colour only to a terminal, and a line below it."""
    Console(highlight=False, markup=False).print(shown)
    if note:
        typer.echo(f"\n{note}")


def show_json(value: object) -> None:
    """Print a value as JSON."""
    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
