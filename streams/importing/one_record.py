"""Reads one record that is given as JSON."""

from collections.abc import Sequence

from accolade.streams.importing.build import Wrong, build
from accolade.streams.importing.fields import fields_of
from accolade.streams.importing.json_rows import json_row
from accolade.streams.importing.load import named_like_fields
from accolade.streams.importing.problems import Problem
from accolade.streams.importing.rows import Row
from accolade.streams.records import Record


def read_record(text: str, classes: Sequence[type[Record]]) -> Record:
    """
    Return the record of a JSON object whose names are the record's fields.

    Args:
        text: The JSON object.
        classes: What it may be; its names tell which.

    Raises:
        Wrong: With all that is wrong with it.
    """
    row = json_row(1, text)
    fitting = [made for made in classes if _fits(row, made)]
    if len(classes) > 1 and row.problem is None and len(fitting) != 1:
        names = ", ".join(made.__name__ for made in classes)
        raise Wrong([Problem(row.line, "invalid", f"has the fields of none of {names}")])
    return build(row, named_like_fields((fitting or list(classes))[0]))


def _fits(row: Row, made: type[Record]) -> bool:
    """Return whether a row has all fields that are needed, and no other."""
    fields = fields_of(made)
    needed = {name for name, field in fields.items() if field.required}
    return needed <= row.cells.values.keys() <= fields.keys()
