"""The records of a file between checking and sending: on disk, however large the file."""

import hashlib
import sqlite3
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple, Self

import msgspec

from accolade.streams.identity import identity_of
from accolade.streams.importing.rows import Written
from accolade.streams.records import Record

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE lines (
    line INTEGER PRIMARY KEY, identity BLOB, digest BLOB, record BLOB, written BLOB
);
"""
#: Made after the last line, which is faster than to keep it sorted from the first.
_INDEX = """
CREATE INDEX by_identity ON lines (identity, digest, line);
CREATE TABLE contested AS
    SELECT identity FROM lines GROUP BY identity HAVING min(digest) <> max(digest);
CREATE UNIQUE INDEX contested_identity ON contested (identity);
"""
#: Each with one of the lines that it contradicts.
_CONFLICTS = """
SELECT line, written, (
    SELECT min(line) FROM lines AS other
    WHERE other.identity = this.identity AND other.digest <> this.digest
)
FROM lines AS this WHERE identity IN (SELECT identity FROM contested) ORDER BY line
"""
_AGREED = """
FROM lines AS this
WHERE identity NOT IN (SELECT identity FROM contested) AND line = (
    SELECT min(line) FROM lines AS same
    WHERE same.identity = this.identity AND same.digest = this.digest
)
"""


class Conflict(NamedTuple):
    """A line that says something else than another of the same record and revision."""

    line: int
    #: The line as it was written, see `Row.written`.
    written: Written
    other_line: int


class Spool:
    """
    Keeps the records of one file in a temporary database that ends with it.

    Add all lines first; what is asked afterwards covers them all.
    """

    def __init__(self, record: type[Record]) -> None:
        """Open an empty one for records of a class."""
        # An empty name: SQLite's own temporary file, gone when it is closed.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")
        self._encoder = msgspec.msgpack.Encoder(order="deterministic")
        self._decoder = msgspec.msgpack.Decoder(record)
        self._written: msgspec.msgpack.Decoder[Written] = msgspec.msgpack.Decoder(Written)
        self._complete = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it; what it holds is gone."""
        self._database.close()

    def add(self, line: int, record: Record, written: Written) -> None:
        """Keep the record of a line, and the line as it was written."""
        encoded = self._encoder.encode(record)
        digest = hashlib.blake2b(encoded, digest_size=16).digest()
        # Not as text for people: ids may have spaces, and two keys would read alike.
        identity = self._encoder.encode(identity_of(record))
        row = (line, identity, digest, encoded, self._encoder.encode(written))
        self._database.execute("INSERT INTO lines VALUES (?, ?, ?, ?, ?)", row)

    def conflicts(self) -> Iterator[Conflict]:
        """Yield every line that contradicts another, by rising line."""
        self._finish()
        for line, written, other in self._database.execute(_CONFLICTS):
            yield Conflict(line, self._written.decode(written), other)

    def count(self) -> int:
        """Return how many `records()` there are."""
        self._finish()
        found: int = self._database.execute("SELECT count(*)" + _AGREED).fetchone()[0]
        return found

    def records(self) -> Iterator[tuple[int, Record]]:
        """Yield line and record of what no other line contradicts, each once, by rising line."""
        self._finish()
        for line, encoded in self._database.execute("SELECT line, record" + _AGREED + "ORDER BY 1"):
            yield line, self._decoder.decode(encoded)

    def _finish(self) -> None:
        if not self._complete:
            self._complete = True
            self._database.executescript(_INDEX)  # which ends the transaction first
