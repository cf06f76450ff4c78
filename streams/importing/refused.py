"""Writes the refused lines of a file to another, to be put right and published again."""

import csv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from accolade.streams.importing.json_text import NotJson, read_json, write_json
from accolade.streams.importing.mapping import Csv
from accolade.streams.importing.problems import Problem
from accolade.streams.importing.rows import REFUSED_COLUMN, Written, decodes


class RefusedLines:
    """
    A file in the form of the one that was read, with the reasons in front of each line.

    It is made with the first line that is refused; none where nothing is. The
    reasons come first so that a line with too many cells keeps them in their column.
    """

    def __init__(self, path: Path, columns: Sequence[str] | None, written: Csv) -> None:
        """
        Take where to write, and the form of the file that is read: its columns, None for JSON.

        Raises:
            FileExistsError: There is a file already; what was repaired in it would be lost.
        """
        if path.exists():
            raise FileExistsError(path)
        self.path = path
        self._columns = columns
        self._delimiter = written.delimiter
        # The mark that may stand in front of a file that is read isn't needed.
        is_utf8 = columns is None or written.encoding == "utf-8-sig"
        encoding = "utf-8" if is_utf8 else written.encoding
        # What couldn't be decoded is written as the bytes that it was.
        self._file = path.open("x", encoding=encoding, errors="surrogateescape", newline="")
        self._started = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file; remove it where nothing was refused, or an error ended the reading."""
        self._file.close()
        if error is not None or not self._started:
            self.path.unlink()

    def add(self, written: Written, problems: Sequence[Problem]) -> None:
        """Write one refused line."""
        reasons = "; ".join(problem.described() for problem in problems)
        if self._columns is None:
            self._file.write(_json_line(str(written), reasons))
        else:
            self._add_csv(list(written), reasons, tuple(self._columns))
        self._started = True

    def _add_csv(self, cells: list[str], reasons: str, columns: tuple[str, ...]) -> None:
        writer = csv.writer(self._file, delimiter=self._delimiter, lineterminator="\n")
        again = columns[:1] == (REFUSED_COLUMN,)
        if not self._started:
            writer.writerow([REFUSED_COLUMN, *columns[again:]])
        writer.writerow([reasons, *cells[again:]])


def _json_line(text: str, reasons: str) -> str:
    found = _object_in(text)
    if found is None:
        # A field that no record has, so that the line isn't taken for one.
        plain = text.strip().encode(errors="surrogateescape").decode(errors="backslashreplace")
        found = {"malformed_line": plain}
    fields = {name: value for name, value in found.items() if name != REFUSED_COLUMN}
    return write_json({REFUSED_COLUMN: reasons, **fields}) + "\n"


def _object_in(text: str) -> dict[str, object] | None:
    try:
        found = read_json(text) if decodes(text) else None
    except NotJson:
        return None
    return found if isinstance(found, dict) else None
