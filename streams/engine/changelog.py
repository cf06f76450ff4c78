"""
How state stands in a changelog: a row a record, and the source positions beside them.

Keys are `<table> NUL <owner> NUL <key>`, values the row as JSON; a source
position has the key `NUL position NUL <topic>` and the next offset as decimal
text. Anyone can read it.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from accolade.streams.engine.tables import Rows, TableLike

POSITION_PREFIX = b"\0position\0"

_encode_row = msgspec.json.Encoder().encode


def row_key(table: str, owner: str, key: str) -> bytes:
    """Return the changelog key of a row."""
    return f"{table}\0{owner}\0{key}".encode()


def row_value(row: Any) -> bytes | None:
    """Return the changelog value of a row; None, a tombstone, for a removed one."""
    return None if row is None else _encode_row(row)


def position_key(topic: str) -> bytes:
    """Return the changelog key of a source topic's position."""
    return POSITION_PREFIX + topic.encode()


class Restorer:
    """Puts changelog records into rows and positions."""

    def __init__(self, tables: Iterable[TableLike]) -> None:
        """Take the tables of the stage; a record of another is an error."""
        self._decoders = {table.name: msgspec.json.Decoder(table.row) for table in tables}
        self.rows = Rows()
        self.positions: dict[str, int] = {}

    def put(self, key: bytes | None, value: bytes | None) -> None:
        """
        Apply one record.

        Raises:
            ValueError: The record is of a table this stage doesn't have, or
                its row is not of the table's type.
        """
        if key is None:
            raise ValueError("the changelog has a record without a key")
        if key.startswith(POSITION_PREFIX):
            self.positions[key[len(POSITION_PREFIX) :].decode()] = int(value or b"0")
            return
        table, owner, row_name = key.decode().split("\0")
        decoder = self._decoders.get(table)
        if decoder is None:
            raise ValueError(f"the changelog has a row of an unknown table {table!r}")
        row = None if value is None else decoder.decode(value)
        self.rows.set(table, owner, row_name, row)
