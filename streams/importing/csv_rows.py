"""Reads CSV with a header."""

import csv
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from accolade.streams.importing.cells import Cells
from accolade.streams.importing.mapping import Csv
from accolade.streams.importing.rows import Row, UnusableFile, decodes, malformed, physical_lines


class CsvRows:
    """The rows of a CSV file whose first line names the columns."""

    def __init__(self, stream: BinaryIO, written: Csv) -> None:
        """
        Read the header.

        Raises:
            UnusableFile: There is none, or it names a column twice.
        """
        self._encoding = written.encoding
        self._taken: list[str] = []
        lines = self._remembered(physical_lines(stream, written.encoding))
        self._reader = csv.reader(lines, delimiter=written.delimiter, strict=True)
        self.columns = self._header()

    def __iter__(self) -> Iterator[Row]:
        """Go through the rows once."""
        while True:
            line = self._reader.line_num + 1
            self._taken.clear()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield malformed(line, f"not CSV: {error}", ["".join(self._taken)])
                continue
            if cells:
                yield self._row(line, cells)

    def _remembered(self, lines: Iterator[str]) -> Iterator[str]:
        """Pass lines on, and keep those of the present row for when it can't be read."""
        for line in lines:
            self._taken.append(line)
            yield line

    def _header(self) -> tuple[str, ...]:
        try:
            header = tuple(cell.strip() for cell in next(self._reader))
        except StopIteration:
            raise UnusableFile("empty: its first line must name the columns") from None
        except csv.Error as error:
            raise UnusableFile(f"not CSV: {error}", 1) from error
        if not decodes("".join(header)):
            raise UnusableFile(f"not {self._encoding} text", 1)
        for column, times in Counter(header).items():
            if column and times > 1:
                raise UnusableFile(f"the header names column '{column}' {times} times", 1)
        return header

    def _row(self, line: int, cells: list[str]) -> Row:
        if len(cells) != len(self.columns):
            message = f"has {len(cells)} cells, and the header names {len(self.columns)}"
            return malformed(line, message, cells)
        values = dict(zip(self.columns, cells, strict=True))
        for column, cell in values.items():
            if not decodes(cell):
                return malformed(line, f"column '{column}': not {self._encoding} text", cells)
        return Row(line, Cells(values), cells)
