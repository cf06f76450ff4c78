"""Checks a whole file before its first record is sent."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from accolade.streams.importing.build import Wrong, build
from accolade.streams.importing.fields import fields_of
from accolade.streams.importing.mapping import Mapping
from accolade.streams.importing.problems import Problem
from accolade.streams.importing.rows import REFUSED_COLUMN, Rows, UnusableFile, Written
from accolade.streams.importing.spool import Conflict, Spool

#: Takes a refused line as it was written, and what is wrong with it.
Refuse = Callable[[Written, Sequence[Problem]], None]


@dataclass
class Checked:
    """What was found in a file."""

    lines: int = 0
    refused: int = 0
    #: How many lines were refused for each reason; one may be for several.
    by_reason: Counter[str] = field(default_factory=Counter)
    #: How many lines say just what another line says.
    repeated: int = 0


def check(rows: Rows, mapping: Mapping, spool: Spool, refuse: Refuse) -> Checked:
    """
    Put the records of all good lines into the spool, and hand the others to `refuse`.

    Two lines that say different things of one record at one revision are both
    refused, as nothing tells which is right.

    Raises:
        UnusableFile: It can't be read, or lacks a column.
    """
    _fit(rows, mapping)
    checked = Checked()
    for row in rows:
        checked.lines += 1
        try:
            record = build(row, mapping)
        except Wrong as error:
            _refused(checked, row.written, error.problems, refuse)
        else:
            spool.add(row.line, record, row.written)
    for conflict in spool.conflicts():
        _refused(checked, conflict.written, [_contradiction(conflict, mapping)], refuse)
    checked.repeated = checked.lines - checked.refused - spool.count()
    return checked


def _refused(
    checked: Checked, written: Written, problems: Sequence[Problem], refuse: Refuse
) -> None:
    checked.refused += 1
    checked.by_reason.update({problem.reason for problem in problems})
    refuse(written, problems)


def _contradiction(conflict: Conflict, mapping: Mapping) -> Problem:
    name = mapping.record.__name__
    message = (
        f"line {conflict.other_line} says something else of the same {name} at the same revision"
    )
    return Problem(conflict.line, "conflict", message)


def _fit(rows: Rows, mapping: Mapping) -> None:
    """Raise unless a CSV file has the columns that are read; a JSON file names none."""
    if rows.columns is None:
        return
    if mapping.own_names:
        _named_like_fields(rows.columns, mapping)
        return
    for column in mapping.columns():
        if column not in rows.columns:
            there = ", ".join(f"'{name}'" for name in rows.columns)
            message = f"there is no column '{column}', which the mapping reads; there are {there}"
            raise UnusableFile(message, 1)


def _named_like_fields(columns: Sequence[str], mapping: Mapping) -> None:
    fields = fields_of(mapping.record)
    name = mapping.record.__name__
    for column in columns:
        if column not in fields and column != REFUSED_COLUMN:
            message = (
                f"column '{column}' is no field of {name} ({', '.join(fields)});"
                " rename it, or give a mapping"
            )
            raise UnusableFile(message, 1)
    for field_ in fields.values():
        if field_.required and field_.name not in columns:
            message = f"there is no column '{field_.name}', which {name} needs; or give a mapping"
            raise UnusableFile(message, 1)
