"""What two sides differ by, to the cent."""

from pathlib import Path

import pytest

from accolade.streams.history.comparison import (
    BadSheet,
    Cell,
    Difference,
    cells_of,
    differences,
    read_sheet,
)
from tests.streams.rules.tally_desk import Desk, closing, deal, person, refund, written

PLAN = written("{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}")
ADA = Cell("ada", "p", "c", "2026-Q2", "money", "USD")
BEN = ADA._replace(participant="ben")


def sheet(tmp_path: Path, *rows: str, columns: str = "participant,component,period,amount") -> Path:
    """Return a spreadsheet's file."""
    file = tmp_path / "sheet.csv"
    file.write_text("\n".join([columns, *rows]), encoding="utf-8")
    return file


def test_an_adjustment_counts_in_the_cell_that_it_adjusts():
    """100.00, and 40.00 of that taken back after the closing."""
    won = deal("d", 100_000)
    desk = Desk(PLAN, person(), won, closing(), refund("r", won, 40_000, "2026-07-02"))

    assert len(desk.awards()) == 2
    assert cells_of(desk.awards().values()) == {ADA: 6000}


def test_only_cells_that_differ_are_told():
    """Where a side has nothing it is 0."""
    same = ADA._replace(period="2026-Q1")
    before, after = {ADA: 100, same: 5}, {BEN: 7, same: 5}

    assert differences(before, after) == [Difference(ADA, 100, 0), Difference(BEN, 0, 7)]


def test_a_sheet_is_read_to_the_cent(tmp_path):
    """Plan and currency are what the component has."""
    file = sheet(tmp_path, "ada,c,2026-Q2,1234.5", " ben ,c,2026-Q2,-0.01")

    assert read_sheet(file, [ADA]) == {ADA: 123_450, BEN: -1}


def test_a_sheet_may_name_plan_kind_and_currency(tmp_path):
    """Then nothing has to be found out."""
    columns = "participant,component,period,amount,plan,kind,currency"
    file = sheet(tmp_path, "ada,c,2026-Q2,7,q,points,", "ada,c,2026-Q2,7,q,,JPY", columns=columns)

    assert read_sheet(file, []) == {
        ADA._replace(plan="q", kind="points", currency=""): 7,
        ADA._replace(plan="q", currency="JPY"): 7,
    }


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("ada,c,2026-Q2,1.005", "sheet.csv:2: amount: 1.005 has more than 2 decimals"),
        ("ada,c,2026-Q2,much", "sheet.csv:2: amount: 'much' is no number"),
        ("ada,c,2026-Q2,NaN", "sheet.csv:2: amount: NaN has more than"),
        ("ada,x,2026-Q2,1", "sheet.csv:2: x pays nobody anything: a column `plan`"),
        ("ada,c,2026-Q2", "sheet.csv:2: has not as many cells"),
        ("ada,c,2026-Q2,1\nada,c,2026-Q2,1", "sheet.csv:3: ada has this cell twice"),
    ],
)
def test_what_is_wrong_with_a_sheet_names_the_row(tmp_path, row, says):
    """Nothing is compared then."""
    with pytest.raises(BadSheet, match=says):
        read_sheet(sheet(tmp_path, row), [ADA])


def test_a_sheet_without_its_columns_is_refused(tmp_path):
    """And so is a file that isn't there."""
    with pytest.raises(BadSheet, match="has no column component, period, amount"):
        read_sheet(sheet(tmp_path, columns="participant,pay"), [])
    with pytest.raises(BadSheet, match="can't be read"):
        read_sheet(tmp_path / "nothing.csv", [])
