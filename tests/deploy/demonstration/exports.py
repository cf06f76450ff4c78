"""Made-up files in the columns of the public CRM export."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

_DEALS = (
    *("account", "opportunity_id", "sales_agent", "deal_stage"),
    *("product", "close_date", "close_value", "created_on"),
)
_TEAMS = ("sales_agent", "manager", "regional_office")
_REPS = (
    ("Ann Lee", "Max Orr", "North"),
    ("Bo Ray", "Max Orr", "North"),
    ("Cy Fox", "Ida Poe", "North"),
    ("Di Elm", "Kit Low", "South"),
)
#: Sells, and is in no team.
_UNKNOWN = "Ed Nix"
_FIRST_DAY, _DAYS = date(2025, 12, 20), 180


def public_export(folder: Path, deals: int) -> Path:
    """Write deals from December 2025 to June 2026, and the teams; return the file of deals."""
    _write(folder / "sales_teams.csv", _TEAMS, _REPS)
    file = folder / "sales_pipeline.csv"
    _write(file, _DEALS, _rows(Random(1), deals))
    return file


def _write(file: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(rows)


def _rows(chance: Random, deals: int) -> Iterator[Sequence[str]]:
    reps = [*(name for name, *_ in _REPS), _UNKNOWN]
    for number in range(deals):
        # The last of all days is there, so that the span is what it is said to be.
        day = _FIRST_DAY + timedelta(days=number * _DAYS // (deals - 1))
        stage = chance.choice(("Won", "Won", "Won", "Lost", "In_Progress"))
        closed = "" if stage == "In_Progress" else day.isoformat()
        value = {"Won": str(chance.randrange(100, 9_000)), "Lost": "0"}.get(stage, "")
        account = f"Account {chance.randrange(40)}"
        yield account, f"O-{number}", chance.choice(reps), stage, "GTX", closed, value, f"{day}"
