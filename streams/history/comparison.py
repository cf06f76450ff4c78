"""What two outcomes of one history differ by, and what a spreadsheet says beside an outcome."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from accolade.streams.currencies import MINOR_DECIMALS
from accolade.streams.records import Award

#: Columns of a spreadsheet with a row for each amount; `plan` and `kind` may be there too.
LONG_COLUMNS = ("participant", "component", "period", "amount")
_MONEY = "money"


class Cell(NamedTuple):
    """What a participant is paid by a component for a period, of one kind."""

    participant: str
    plan: str
    component: str
    period: str
    kind: str
    #: Empty for points.
    currency: str


class Difference(NamedTuple):
    """A cell in which two sides differ."""

    cell: Cell
    #: Minor units (points: whole points); 0 where a side has nothing there.
    before_minor: int
    after_minor: int


class BadSheet(Exception):
    """A spreadsheet that can't be compared, and where."""


Cells = dict[Cell, int]


def cells_of(awards: Iterable[Award]) -> Cells:
    """Return what awards add up to, an adjustment with what it adjusts."""
    cells: Cells = defaultdict(int)
    for award in awards:
        period = award.adjusts.split("/")[2] if award.adjusts else award.period
        currency = "" if award.kind == "points" else award.currency
        place = (award.participant, award.plan_id, award.component, period, award.kind)
        cells[Cell(*place, currency)] += award.amount_minor
    return dict(cells)


def differences(before: Mapping[Cell, int], after: Mapping[Cell, int]) -> list[Difference]:
    """Return where two sides differ, by participant, plan, component and period."""
    return [
        Difference(cell, before.get(cell, 0), after.get(cell, 0))
        for cell in sorted(before.keys() | after.keys())
        if before.get(cell, 0) != after.get(cell, 0)
    ]


def read_sheet(path: Path, known: Iterable[Cell]) -> Cells:
    """
    Return the amounts of a spreadsheet.

    Args:
        path: A CSV file with the columns participant, component, period and amount, and
            perhaps plan, kind and currency. Amounts are major units.
        known: Cells that what a row leaves out is found by: the plan and currency of a
            component.

    Raises:
        BadSheet: It can't be read, or a row of it, which is named.
    """
    homes = _Homes(known)
    cells: Cells = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for line, row in _rows(stream, path):
                try:
                    cell, minor = homes.read(row)
                except ValueError as error:
                    raise BadSheet(f"{path}:{line}: {error}") from error
                if cell in cells:
                    raise BadSheet(f"{path}:{line}: {cell.participant} has this cell twice")
                cells[cell] = minor
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadSheet(f"{path}: can't be read: {error}") from error
    return cells


def _rows(stream: Iterable[str], path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(stream, strict=True)
    missing = [name for name in LONG_COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BadSheet(f"{path}:1: has no column {', '.join(missing)}")
    for row in reader:
        if None in row or None in row.values():
            raise BadSheet(f"{path}:{reader.line_num}: has not as many cells as there are columns")
        yield reader.line_num, {name: (value or "").strip() for name, value in row.items()}


class _Homes:
    """Finds what a row leaves out: the plan that a component is of, and its currency."""

    def __init__(self, known: Iterable[Cell]) -> None:
        self._plans: dict[str, set[str]] = defaultdict(set)
        self._currencies: dict[str, set[str]] = defaultdict(set)
        for cell in known:
            self._plans[cell.component].add(cell.plan)
            if cell.currency:
                self._currencies[cell.plan].add(cell.currency)

    def read(self, row: Mapping[str, str]) -> tuple[Cell, int]:
        component = row["component"]
        kind = row.get("kind") or _MONEY
        plan = row.get("plan") or _only(self._plans[component], "plan", component)
        currency = ""
        if kind != "points":
            currency = row.get("currency") or _only(self._currencies[plan], "currency", plan)
        if currency and currency not in MINOR_DECIMALS:
            raise ValueError(f"{currency} is no currency")
        minor = _minor(row["amount"], MINOR_DECIMALS.get(currency, 0))
        return Cell(row["participant"], plan, component, row["period"], kind, currency), minor


def _only(found: set[str], column: str, what: str) -> str:
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise ValueError(f"{what} pays nobody anything: a column `{column}` has to tell what it is")
    names = ", ".join(sorted(found))
    raise ValueError(f"{what} is of several ({names}): a column `{column}` has to tell which")


def _minor(text: str, decimals: int) -> int:
    try:
        exact = Decimal(text).scaleb(decimals)
    except InvalidOperation as error:
        raise ValueError(f"amount: {text!r} is no number like 1234.50") from error
    if not exact.is_finite() or exact != exact.to_integral_value():
        raise ValueError(f"amount: {text} has more than {decimals} decimals")
    return int(exact)
