"""
How state stands in a changelog: a row a record, and the source positions beside them.

Keys are `<table> NUL <owner> NUL <key>`, values the row as JSON; a source
position has the key `NUL position NUL <topic>` and the next offset as decimal
text. Anyone can read it.
"""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from accolade.streams.engine.tables import TableLike

POSITION_PREFIX = b"\0position\0"

#: A changelog record: key and value; without a value the row is removed.
Change = tuple[bytes, bytes | None]

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


class RowDecoders(dict[str, Callable[[bytes], Any]]):
    """What makes rows of the values of each table."""

    def __init__(self, tables: Iterable[TableLike]) -> None:
        """Take the tables of the stage."""
        super().__init__({t.name: msgspec.json.Decoder(t.row).decode for t in tables})

    def __missing__(self, table: str) -> Callable[[bytes], Any]:
        """Refuse a table that the stage doesn't have."""
        raise ValueError(f"the changelog has a row of an unknown table {table!r}")
