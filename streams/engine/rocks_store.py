"""
State on disk: a RocksDB for each task, for state larger than memory.

Keys and values are those of the changelog, so restoring decodes nothing. Rows,
source positions and the mark are one write batch: after a crash the store is at
some earlier mark, with everything that belongs to it. Rows that were used lately
are kept in memory, decoded.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

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

from accolade.streams.engine.changelog import POSITION_PREFIX, Change, RowDecoders
from accolade.streams.engine.rocks_rows import RocksRows, under
from accolade.streams.engine.stores import Committed, Mark, StateStore
from accolade.streams.engine.tables import TableLike

#: Memory for blocks read from disk, of all tasks of the process together.
BLOCKS_BYTES = 64 * 1024 * 1024
#: Memory for what isn't written to its file yet, of all tasks together.
UNWRITTEN_BYTES = 64 * 1024 * 1024
#: What isn't written yet of one task goes to a file of its own from this size on.
_FILE_BYTES = 8 * 1024 * 1024
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
            for key, value in under(self._db, POSITION_PREFIX)
        }
        self._unflushed = False
        self._counted = sizes is not None
        self._closed = False

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
        """Let go of its files; what was written stays. A second time does nothing."""
        if self._closed:
            return
        self._closed = True
        self.settle()
        self.rows.close()
        self._db.close()

    def _write(self, batch: WriteBatch, mark: Mark, how: WriteOptions | None = None) -> None:
        sizes = self.rows.sizes if self._counted else None
        batch.put(_MARK_KEY, msgspec.json.encode(_Kept(mark, sizes)))
        self._db.write(batch, how)
        self.mark = mark


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
