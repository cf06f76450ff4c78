"""Reads a file's lines as rows of cells: CSV with a header, or one JSON object a line."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import BinaryIO

import msgspec

from accolade.streams.importing.mapping import Csv
from accolade.streams.importing.problems import Problem

#: No line of data is longer; more is a file of another kind.
LINE_CHARACTERS_MAX = 4 * 1024 * 1024
#: The column that a file of refused lines has before its own; it is never read.
REFUSED_COLUMN = "refused_because"

#: What `surrogateescape` makes of bytes that aren't of the encoding.
_UNDECODED = re.compile("[\udc80-\udcff]")


class Format(Enum):
    """The forms a file may have; the value is its extension too."""

    CSV = "csv"
    JSONL = "jsonl"


class UnusableFile(Exception):
    """A file that can't be read at all; the text begins with the line where it is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        """Take what is wrong, and where."""
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True)
class Cells:
    """What stands in the columns of a row, or in the fields of an object inside one."""

    values: Mapping[str, object]
    #: What is in front of a column's name when it is spoken of, e.g. `members[1].`.
    prefix: str = ""

    def get(self, column: str) -> object:
        """Return what stands in a column, None for nothing; `a.b` is `b` of the object `a`."""
        if column in self.values or "." not in column:
            return self.values.get(column)
        found: object = self.values
        for part in column.split("."):
            if not isinstance(found, dict):
                return None
            found = found.get(part)
        return found


@dataclass(frozen=True)
class Row:
    """A line of a file."""

    #: Where it begins, from 1.
    line: int
    cells: Cells
    #: Its cells (CSV) or its text (JSON), to be written again.
    written: list[str] | str
    #: What keeps it from being read at all.
    problem: Problem | None = None


@dataclass
class Rows:
    """An open file's rows."""

    stream: BinaryIO
    format: Format
    csv: Csv = field(default_factory=Csv)
    #: The columns of a CSV file; a JSON file names none.
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Read a CSV file's header."""
        encoding = self.csv.encoding if self.format is Format.CSV else "utf-8-sig"
        self._text = io.TextIOWrapper(self.stream, encoding, "surrogateescape", newline="")
        if self.format is Format.CSV:
            lines = _lines(self._text)
            self._reader = csv.reader(lines, delimiter=self.csv.delimiter, strict=True)
            self.columns = _header(self._reader)

    def __iter__(self) -> Iterator[Row]:
        """Go through the rows once; empty lines are passed over."""
        return self._csv_rows() if self.format is Format.CSV else self._json_rows()

    def _csv_rows(self) -> Iterator[Row]:
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield _malformed(line, f"not a line of CSV: {error}", [])
                continue
            if cells:
                yield self._csv_row(line, cells)

    def _csv_row(self, line: int, cells: list[str]) -> Row:
        if len(cells) != len(self.columns):
            wanted = f"has {len(cells)} cells, and the header has {len(self.columns)}"
            return _malformed(line, wanted, cells)
        for column, cell in zip(self.columns, cells, strict=True):
            if not cell.isascii() and _UNDECODED.search(cell):
                message = f"column '{column}': not {self.csv.encoding} text"
                return _malformed(line, message, cells)
        return Row(line, Cells(dict(zip(self.columns, cells, strict=True))), cells)

    def _json_rows(self) -> Iterator[Row]:
        for line, text in enumerate(_lines(self._text), 1):
            if text.strip():
                yield _json_row(line, text)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield physical lines, none of which may fill the memory."""
    number = 0
    try:
        while line := text.readline(LINE_CHARACTERS_MAX):
            number += 1
            if len(line) >= LINE_CHARACTERS_MAX:
                raise UnusableFile(f"longer than {LINE_CHARACTERS_MAX:,} characters", number)
            yield line
    except UnicodeDecodeError as error:
        raise UnusableFile(f"not {error.encoding} text", number + 1) from error


def _header(reader: "csv._reader") -> tuple[str, ...]:
    try:
        header = tuple(cell.strip() for cell in next(reader))
    except StopIteration:
        raise UnusableFile("empty: its first line must name the columns") from None
    except csv.Error as error:
        raise UnusableFile(f"not a line of CSV: {error}", 1) from error
    for column, times in Counter(header).items():
        if column and times > 1:
            raise UnusableFile(f"the header names column '{column}' {times} times", 1)
    return header


def _json_row(line: int, text: str) -> Row:
    if _UNDECODED.search(text):
        return _malformed(line, "not UTF-8 text", text)
    try:
        found = msgspec.json.decode(text, float_hook=Decimal)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        return _malformed(line, f"not JSON: {error}", text)
    if not isinstance(found, dict):
        return _malformed(line, "not a JSON object", text)
    return Row(line, Cells(found), text)


def _malformed(line: int, message: str, written: list[str] | str) -> Row:
    return Row(line, Cells({}), written, Problem(line, "malformed", message))
