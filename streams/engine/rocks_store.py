"""
State on disk: a RocksDB for each task, for state larger than memory.

Keys and values are those of the changelog, so restoring decodes nothing. Rows,
source positions and the mark are one write batch: after a crash the store is at
some earlier mark, with everything that belongs to it. Rows that were used lately
are kept in memory, decoded.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from rocksdict import (
    BlockBasedOptions,
    Cache,
    DBCompressionType,
    Options,
    Rdict,
    WriteBatch,
    WriteBufferManager,
    WriteOptions,
)

from accolade.streams.engine.changelog import POSITION_PREFIX, Change, RowDecoders, row_key
from accolade.streams.engine.recent import Recent
from accolade.streams.engine.stores import Committed, Mark, StateStore, Write
from accolade.streams.engine.tables import TableLike

#: Memory for blocks read from disk, of all tasks of the process together.
BLOCKS_BYTES = 64 * 1024 * 1024
#: Memory for what isn't written to its file yet, of all tasks together.
UNWRITTEN_BYTES = 64 * 1024 * 1024
#: What isn't written yet of one task goes to a file of its own from this size on.
_FILE_BYTES = 8 * 1024 * 1024
#: Rows of a task that are kept decoded.
RECENT_ROWS = 50_000
#: Bits a key for telling without a look at the disk that a row isn't there: 1 % is mistaken.
_FILTER_BITS = 10

_MARK_KEY = b"\0mark"


class StoreInUseError(RuntimeError):
    """Another process has the store open."""


class _Kept(msgspec.Struct):
    """What stands beside the rows."""

    mark: Mark
    #: Rows by table; None before they were counted.
    sizes: dict[str, int] | None


class RocksStores:
    """Opens the stores of a worker's tasks, below one folder; they share their memory."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is this worker's alone."""
        self._folder = folder
        self._options = _options()

    def __call__(self, changelog: str, partition: int, tables: Sequence[TableLike]) -> StateStore:
        """
        Open a task's store with what it still holds.

        Raises:
            StoreInUseError: Another process has it open.
        """
        return RocksStore(self._folder / changelog / str(partition), tables, self._options)


class RocksStore:
    """A task's state in a RocksDB."""

    outlives_process = True

    def __init__(self, folder: Path, tables: Sequence[TableLike], options: Options) -> None:
        """Open it, or make it."""
        self._folder = folder
        self._options = options
        self._decoders = RowDecoders(tables)
        self._open()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._db = Rdict(str(self._folder), self._options)
        except Exception as error:  # rocksdict has no type of its own
            if "lock" not in str(error).lower():
                raise
            raise StoreInUseError(
                f"the state in {self._folder} is in use by another process: "
                "each worker needs a data folder of its own"
            ) from error
        kept = self._db.get(_MARK_KEY)
        stored = None if kept is None else msgspec.json.decode(kept, type=_Kept)
        self.mark = None if stored is None else stored.mark
        sizes = None if stored is None else stored.sizes
        self.rows = RocksRows(self._db, self._decoders, sizes or {})
        self.positions = {
            key[len(POSITION_PREFIX) :].decode(): int(value)
            for key, value in _under(self._db, POSITION_PREFIX)
        }
        self._unflushed = False
        self._counted = sizes is not None

    def put(self, changes: Sequence[Change], mark: Mark) -> None:
        """Apply records of the changelog as they are."""
        batch = WriteBatch(raw_mode=True)
        decoders, put, delete = self._decoders, batch.put, batch.delete
        last: dict[bytes, bytes | None] = {}
        for key, value in changes:
            table = key[: key.index(b"\0")].decode()
            if not table:
                self.positions[key[len(POSITION_PREFIX) :].decode()] = int(value or b"0")
            elif table not in decoders:
                decoders[table]
            last[key] = value
        for key, value in last.items():
            if value is None:
                delete(key)
            else:
                put(key, value)
        if self._counted:
            self.rows.count_changes(last)
        self.rows.forget()
        self._write(batch, mark, _without_log())
        self._unflushed = True

    def settle(self) -> None:
        """Have on disk what was put."""
        if self._counted and not self._unflushed:
            return
        if self._unflushed:
            # It was written without a log: nothing may follow there before it is in files.
            self._db.flush()
            self._unflushed = False
        if not self._counted:
            self.rows.count()
            self._counted = True
        if self.mark is not None:
            self._write(WriteBatch(raw_mode=True), self.mark)

    def commit(self, committed: Committed, mark: Mark) -> None:
        """Write what was committed, with its mark."""
        self.settle()
        self.rows.take(committed.writes)
        batch = WriteBatch(raw_mode=True)
        for key, value in committed.changes:
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        self._write(batch, mark)
        self.positions.update(committed.positions)

    def clear(self) -> None:
        """Remove it from the disk, and begin a new one."""
        self.close()
        shutil.rmtree(self._folder)
        self._open()

    def close(self) -> None:
        """Let go of its files; what was written stays."""
        self.settle()
        self.rows.close()
        self._db.close()

    def _write(self, batch: WriteBatch, mark: Mark, how: WriteOptions | None = None) -> None:
        sizes = self.rows.sizes if self._counted else None
        batch.put(_MARK_KEY, msgspec.json.encode(_Kept(mark, sizes)))
        self._db.write(batch, how)
        self.mark = mark


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
            key[len(prefix) :].decode(): decode(value) for key, value in _under(self._db, prefix)
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


def _under(db: Rdict, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
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


def _options() -> Options:
    options = Options(raw_mode=True)
    options.create_if_missing(True)
    options.set_write_buffer_size(_FILE_BYTES)
    options.set_write_buffer_manager(WriteBufferManager(UNWRITTEN_BYTES, False))
    options.set_compression_type(DBCompressionType.lz4())
    blocks = BlockBasedOptions()
    blocks.set_block_cache(Cache(BLOCKS_BYTES))
    blocks.set_bloom_filter(_FILTER_BITS, False)
    options.set_block_based_table_factory(blocks)
    return options


def _without_log() -> WriteOptions:
    how = WriteOptions()
    # A property, whatever its types say.
    how.disable_wal = True  # type: ignore[method-assign, assignment]
    return how


__all__ = ["RocksStore", "RocksStores", "StoreInUseError"]
