"""Reads JSON lines: one object a line."""

from collections.abc import Iterator
from typing import BinaryIO

from accolade.streams.importing.cells import Cells
from accolade.streams.importing.json_text import NotJson, read_json
from accolade.streams.importing.rows import Row, decodes, malformed, physical_lines


class JsonRows:
    """The rows of a file with one JSON object a line; numbers are exact."""

    #: Each object has its own.
    columns = None

    def __init__(self, stream: BinaryIO) -> None:
        """Take the file."""
        self._lines = physical_lines(stream, "utf-8-sig")

    def __iter__(self) -> Iterator[Row]:
        """Go through the rows once."""
        for line, text in enumerate(self._lines, 1):
            if text.strip():
                yield json_row(line, text)


def json_row(line: int, text: str) -> Row:
    """Return the row of one JSON object."""
    if not decodes(text):
        return malformed(line, "not UTF-8 text", text)
    try:
        found = read_json(text)
    except NotJson as error:
        return malformed(line, f"not JSON: {error}", text)
    if not isinstance(found, dict):
        return malformed(line, "not a JSON object", text)
    return Row(line, Cells(found), text)
