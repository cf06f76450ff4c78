"""Boards and tallies as `accolade boards` prints them."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table

from accolade.deploy.cli.tables import counted, table
from accolade.sinks.board_parts import BoardPart, BoardRow
from accolade.sinks.board_rows import TallyRow
from accolade.streams.currencies import major_text


def board_table(part: BoardPart) -> Table:
    """Return places as rows."""
    shown = table("rank", "participant", "name", "value", right=("rank", "value"))
    for row in part.rows:
        name = row.name if row.name != row.participant else ""
        shown.add_row(str(row.rank), row.participant, name, _amount(row.value, part.info.unit))
    return shown


def board_note(part: BoardPart) -> str:
    """Return how many are on the board, and its state."""
    state = "final" if part.final else "live"
    return f"{counted(part.size, 'participant')}, {part.info.ties}, {state}"


def board_json(part: BoardPart) -> dict[str, Any]:
    """Return places as a JSON object."""
    return {**_summary(part), "rows": [_row(row, part.info.unit) for row in part.rows]}


def boards_lines(parts: Sequence[BoardPart]) -> Iterator[str]:
    """Yield two lines for each board: its id is for copying, and may need a line of its own."""
    for part in parts:
        yield part.info.board
        yield f"    {part.info.measure}, {part.info.unit}; {board_note(part)}"


def boards_json(parts: Sequence[BoardPart]) -> list[dict[str, Any]]:
    """Return the boards as a JSON array."""
    return [_summary(part) for part in parts]


def tallies_table(rows: Sequence[TallyRow]) -> Table:
    """Return one row for each tally."""
    shown = table("plan", "measure", "period", "value", right=("value",))
    for row in rows:
        shown.add_row(row.plan_id, row.measure, row.period, _amount(row.value, row.unit))
    return shown


def tallies_json(rows: Sequence[TallyRow]) -> list[dict[str, Any]]:
    """Return the tallies as a JSON array."""
    return [
        {
            "tally_id": row.tally_id,
            "plan_id": row.plan_id,
            "measure": row.measure,
            "period": row.period,
            "value": row.value,
            "amount": major_text(row.value, row.unit),
            "unit": row.unit,
            "boards": [board for board, _ in row.places],
        }
        for row in rows
    ]


def _summary(part: BoardPart) -> dict[str, Any]:
    info = part.info
    return {
        "board": info.board,
        "plan_id": info.plan_id,
        "plan_version": info.plan_version,
        "measure": info.measure,
        "period": info.period,
        "unit": info.unit,
        "ties": info.ties,
        "size": part.size,
        "final": part.final,
    }


def _row(row: BoardRow, unit: str) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "participant": row.participant,
        "name": row.name,
        "value": row.value,
        "amount": major_text(row.value, unit),
    }


def _amount(value: int, unit: str) -> str:
    text = major_text(value, unit)
    return text if unit == "count" else f"{text} {unit}"
