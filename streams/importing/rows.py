"""What a file of any form is read as: rows of cells."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from accolade.streams.importing.cells import Cells
from accolade.streams.importing.problems import Problem

#: No line of data is longer; more is a file of another kind.
LINE_CHARACTERS_MAX = 4 * 1024 * 1024
#: The column that a file of refused lines has before its own; it is never read.
REFUSED_COLUMN = "refused_because"

#: What `surrogateescape` makes of bytes that aren't of the encoding.
_UNDECODED = re.compile("[\udc80-\udcff]")

#: A line as it stands in a file: the cells of CSV, the text of JSON.
Written = list[str] | str


class UnusableFile(Exception):
    """A file that can't be read at all."""

    def __init__(self, message: str, line: int | None = None) -> None:
        """Take what is wrong, and the line where that is known."""
        super().__init__(message)
        self.message = message
        self.line = line

    def located(self, file: str) -> str:
        """Return it as `FILE:line: what is wrong`."""
        return f"{file}: {self.message}" if self.line is None else f"{file}:{self.line}: {self}"


@dataclass(frozen=True)
class Row:
    """A line of a file."""

    #: Where it begins, from 1.
    line: int
    cells: Cells
    #: The line as it is, to be written again.
    written: Written
    #: What keeps it from being read at all.
    problem: Problem | None = None


class Rows(Protocol):
    """An open file's rows, to be gone through once; empty lines are passed over."""

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The columns of all rows; None where each row has its own."""
        ...

    def __iter__(self) -> Iterator[Row]:
        """
        Go through the rows.

        Raises:
            UnusableFile: The file can't be read any further.
        """
        ...


def malformed(line: int, message: str, written: Written) -> Row:
    """Return the row of a line that can't be read."""
    return Row(line, Cells({}), written, Problem(line, "malformed", message))


def decodes(text: str) -> bool:
    """Return whether all of a text's bytes were of the file's encoding."""
    return text.isascii() or _UNDECODED.search(text) is None


def physical_lines(stream: BinaryIO, encoding: str) -> Iterator[str]:
    """
    Yield a file's lines with their ends, none of which may fill the memory.

    Bytes that aren't of the encoding stay in them, see `decodes`.

    Raises:
        UnusableFile: A line is too long, or the encoding can't go on.
    """
    text = io.TextIOWrapper(stream, encoding, "surrogateescape", newline="")
    number = 0
    try:
        while line := text.readline(LINE_CHARACTERS_MAX):
            number += 1
            if len(line) >= LINE_CHARACTERS_MAX:
                raise UnusableFile(f"longer than {LINE_CHARACTERS_MAX:,} characters", number)
            yield line
    except UnicodeDecodeError as error:
        raise UnusableFile(f"not {encoding} text", number + 1) from error
