"""Rows that are on disk, in a RocksDB; those that were used lately are in memory, decoded."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rocksdict import Rdict

from accolade.streams.engine.changelog import RowDecoders, row_key
from accolade.streams.engine.recent import Recent
from accolade.streams.engine.stores import Write

#: Rows of a task that are kept decoded.
RECENT_ROWS = 50_000


class RocksRows:
    """Rows of a store on disk; those used lately are in memory."""

    def __init__(self, db: Rdict, decoders: RowDecoders, sizes: dict[str, int]) -> None:
        """Take the open database, and how many rows it has of each table."""
        self.sizes = sizes
        self._db = db
        self._decoders = decoders
        #: Rows that are known not to be there are None.
        self._single: Recent[tuple[str, str, str], Any] = Recent(RECENT_ROWS)
        self._owned: Recent[tuple[str, str], dict[str, Any]] = Recent(RECENT_ROWS)

    def get(self, table: str, owner: str, key: str) -> Any:
        """Return the row or None."""
        place = (table, owner, key)
        known = self._single.find(place)
        if known is not None:
            return known[0]
        owned = self._owned.find((table, owner))
        if owned is not None:
            return owned[0].get(key)
        value = self._db.get(row_key(table, owner, key))
        row = None if value is None else self._decoders[table](value)
        self._single.put(place, row)
        return row

    def of(self, table: str, owner: str) -> dict[str, Any]:
        """Return the owner's rows by key; not to be changed."""
        place = (table, owner)
        known = self._owned.find(place)
        if known is not None:
            return known[0]
        prefix, decode = row_key(table, owner, ""), self._decoders[table]
        rows = {
            key[len(prefix) :].decode(): decode(value) for key, value in under(self._db, prefix)
        }
        self._owned.put(place, rows, 1 + len(rows))
        return rows

    def owners(self, table: str) -> set[str]:
        """Return who has rows in the table."""
        return set(_owners(self._db, f"{table}\0".encode()))

    def keys(self) -> Iterator[tuple[str, str, str]]:
        """Iterate over (table, owner, key) of all rows."""
        for raw in _row_keys(self._db):
            table, owner, key = raw.decode().split("\0")
            yield table, owner, key

    def take(self, writes: Iterable[Write]) -> None:
        """Keep rows that are being written, and count them."""
        for table, owner, key, row in writes:
            before = self.get(table, owner, key)
            self.sizes[table] = self.sizes.get(table, 0) + (row is not None) - (before is not None)
            self._single.put((table, owner, key), row)
            known = self._owned.find((table, owner))
            if known is None:
                continue
            if row is None:
                known[0].pop(key, None)
            else:
                known[0][key] = row

    def count(self) -> None:
        """Count the rows of each table."""
        self.sizes.clear()
        for raw in _row_keys(self._db):
            table = raw[: raw.index(b"\0")].decode()
            self.sizes[table] = self.sizes.get(table, 0) + 1

    def count_changes(self, changes: Mapping[bytes, bytes | None]) -> None:
        """Count what changes that are about to be written add and remove."""
        keys = list(changes)
        for key, before in zip(keys, _values(self._db, keys), strict=True):
            table = key[: key.index(b"\0")].decode()
            if table:
                added = (changes[key] is not None) - (before is not None)
                self.sizes[table] = self.sizes.get(table, 0) + added

    def forget(self) -> None:
        """Keep no rows in memory: what is on disk has changed."""
        self._single.clear()
        self._owned.clear()

    def close(self) -> None:
        """Keep nothing, and answer no more."""
        self.forget()
        self.sizes = {}


def _row_keys(db: Rdict) -> Iterator[bytes]:
    """Yield the keys of all rows; what stands beside the rows begins with a NUL."""
    keys: Iterator[Any] = db.keys(from_key=b"\1")
    return keys


def _values(db: Rdict, keys: list[Any]) -> list[bytes | None]:
    """Return the values of keys."""
    values: list[bytes | None] | None = db.get(keys)
    return values or []


def under(db: Rdict, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield keys with this prefix and their values."""
    at = db.iter()
    at.seek(prefix)
    while at.valid():
        key = at.key()
        if not key.startswith(prefix):
            return
        yield key, at.value()
        at.next()


def _owners(db: Rdict, prefix: bytes) -> Iterator[str]:
    """Yield the owners in a table, each once, without a look at all their rows."""
    at = db.iter()
    at.seek(prefix)
    while at.valid():
        key = at.key()
        if not key.startswith(prefix):
            return
        owner = key[: key.index(b"\0", len(prefix))]
        yield owner[len(prefix) :].decode()
        at.seek(owner + b"\1")
