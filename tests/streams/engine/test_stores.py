"""A task's state is the same in memory and on disk, whatever is done to it."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.engine import rocks_rows
from accolade.streams.engine.changelog import Change, position_key, row_key, row_value
from accolade.streams.engine.rocks_store import RocksStores, StoreInUseError
from accolade.streams.engine.stores import (
    Committed,
    Mark,
    MemoryStore,
    StateStore,
    Write,
    in_memory,
)
from accolade.streams.engine.tables import Overlay

from .test_tables import TABLES, Number, contents, names, owners

SOURCE = "crm.deals"


class Turn(NamedTuple):
    """Something that is done to a store."""

    #: `put` from the changelog, `commit` of its own, `settle`, or `reopen`.
    kind: str
    writes: list[Write]


writes = st.lists(
    st.tuples(
        st.sampled_from([table.name for table in TABLES]),
        owners,
        names,
        st.none() | st.integers(0, 9).map(Number),
    ),
    max_size=8,
)
turns = st.lists(
    st.builds(Turn, st.sampled_from(["put", "commit", "settle", "reopen"]), writes), max_size=8
)


def changes_of(some: Sequence[Write], position: int) -> list[Change]:
    """Return the changelog records of writes, and of a source position."""
    changes = [(row_key(t, o, k), row_value(row)) for t, o, k, row in some]
    return [*changes, (position_key(SOURCE), b"%d" % position)]


def committed(some: Sequence[Write], position: int) -> Committed:
    """Return writes, the last of each key, and a position as a transaction has committed them."""
    last = list({write[:3]: write for write in some}.values())
    return Committed(changes_of(last, position), last, {SOURCE: position})


def play(store: StateStore, turn: Turn, number: int) -> None:
    """Do it, with the mark of its number."""
    mark = Mark("id", number, number)
    match turn.kind:
        case "put":
            store.put(changes_of(turn.writes, number), mark)
        case "commit":
            store.commit(committed(turn.writes, number), mark)
        case "settle":
            store.settle()


def seen(store: StateStore) -> tuple[Any, ...]:
    """Return all that a store shows, once what was put is whole."""
    store.settle()
    sizes = {table: size for table, size in store.rows.sizes.items() if size}
    return contents(Overlay(store.rows)), sorted(store.rows.keys()), sizes, store.mark


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for the stores of one test."""
    made = Path(tempfile.mkdtemp(prefix="accolade-stores-"))
    yield made
    shutil.rmtree(made)


@given(turns)
def test_a_store_on_disk_shows_what_one_in_memory_does(some):
    """Whether it was restored, committed, closed and opened again, or all of these."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        # Most reads have to find what is on disk.
        patch.setattr(rocks_rows, "RECENT_ROWS", 2)
        stores = RocksStores(Path(folder))
        memory, disk = in_memory("log", 0, TABLES), stores("log", 0, TABLES)
        for number, turn in enumerate(some, start=1):
            play(memory, turn, number)
            play(disk, turn, number)
            if turn.kind == "reopen":
                disk.close()
                disk = stores("log", 0, TABLES)
            view = Overlay(memory.rows), Overlay(disk.rows)
            for table, owner, key, _ in turn.writes:
                wanted = next(t for t in TABLES if t.name == table)
                assert view[0].get(wanted, owner, key) == view[1].get(wanted, owner, key)
                assert view[0].rows(wanted, owner) == view[1].rows(wanted, owner)
        assert (seen(memory), memory.positions) == (seen(disk), disk.positions)
        disk.close()


def test_rows_positions_and_mark_are_on_disk_together(folder):
    """What a killed process leaves is what stood after its last commit."""
    store = RocksStores(folder / "live")("log", 0, TABLES)
    store.put(changes_of([("first", "x", "a", Number(1))], 3), Mark("id", 7, 70))
    store.settle()
    row = ("first", "x", "a", Number(2))
    store.commit(committed([row], 9), Mark("id", 12, 120))
    # The files as they are, with the process in the middle of its work.
    shutil.copytree(folder / "live", folder / "left", ignore=shutil.ignore_patterns("LOCK"))
    left = RocksStores(folder / "left")("log", 0, TABLES)

    assert (Mark("id", 12, 120), {SOURCE: 9}) == (left.mark, left.positions)
    assert Number(2) == left.rows.get("first", "x", "a")
    store.close()
    left.close()


def test_a_restore_that_was_cut_off_is_at_an_earlier_mark(folder):
    """Never at a mark beyond its rows: what is read again is what is missing."""
    store = RocksStores(folder / "live")("log", 0, TABLES)
    store.put(changes_of([("first", "x", "a", Number(1))], 3), Mark("id", 7, 70))
    shutil.copytree(folder / "live", folder / "left", ignore=shutil.ignore_patterns("LOCK"))
    left = RocksStores(folder / "left")("log", 0, TABLES)

    assert (left.rows.get("first", "x", "a") is None) == (left.mark is None)
    store.close()
    left.close()


def test_a_cleared_store_is_empty_for_good(folder):
    """Also after it is opened again."""
    store = RocksStores(folder)("log", 0, TABLES)
    store.put(changes_of([("first", "x", "a", Number(1))], 3), Mark("id", 7, 70))
    store.clear()
    empty = seen(store), store.positions
    store.close()
    again = RocksStores(folder)("log", 0, TABLES)

    assert (({}, [], {}, None), {}) == empty == (seen(again), again.positions)
    again.close()


def test_stores_of_one_folder_are_of_one_process(folder):
    """Two workers that share it are told so."""
    store = RocksStores(folder)("log", 0, TABLES)
    with pytest.raises(StoreInUseError, match="data folder of its own"):
        RocksStores(folder)("log", 0, TABLES)
    store.close()


def test_a_store_may_be_closed_twice(folder):
    """A worker that ends in the middle of a rebalance closes what it finds."""
    store = RocksStores(folder)("log", 0, TABLES)
    store.put(changes_of([("first", "x", "a", Number(1))], 3), Mark("id", 7, 70))
    store.close()
    store.close()
    again = RocksStores(folder)("log", 0, TABLES)

    assert Number(1) == again.rows.get("first", "x", "a")
    again.close()


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_a_changelog_of_another_stage_is_refused(kind, folder):
    """Its rows would be taken for state."""
    store = MemoryStore(TABLES) if kind == "memory" else RocksStores(folder)("log", 0, TABLES)
    with pytest.raises(ValueError, match="unknown table 'other'"):
        store.put([(row_key("other", "x", "a"), b"{}")], Mark("id", 1, 1))
    store.close()
